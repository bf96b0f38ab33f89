// psem: search "=>* violation"
// D57: the default of an interface type is null; converting null gives null, where the
// reference checker fails.
event eAsk;
interface Front() receives eAsk;
interface Inner() receives eAsk;
machine Main {
  start state Init {
    entry {
      var front: Front;
      var inner: Inner;
      assert front == default(Front);
      inner = front to Inner;
      assert inner == default(Inner) && format("{0}", inner) == "";
    }
  }
}
