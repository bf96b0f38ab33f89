// What a foreign function returns is unknown: each value of its type is one way to go on.
// psem: search "=>* violation(assertion)" --foreign-values
// psem: search "=>! terminated" --solutions 20 --foreign-values
enum tColor { RED, GREEN }
fun Ready(): bool;
fun Log(text: string);
fun Look(): (color: tColor, near: (bool));
machine Main {
  fun Color(): tColor;
  start state S {
    entry {
      var seen: (color: tColor, near: (bool));
      Log("begin");
      if (Ready()) {
        seen = Look();
        assert seen.color != Color() || seen.near.0;
      }
    }
  }
}
