// psem: search "=>* violation(foreign-function)"
// A foreign function has no body to run; the message tells what can be done.
type Handle;
fun Connect(name: string): Handle;
machine Main {
  var handle: Handle;
  start state Init {
    entry {
      assert handle == default(Handle);
      handle = Connect("x");
    }
  }
}
