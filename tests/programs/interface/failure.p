// psem: search "=>* violation(key-not-found)"
event eGo;
interface Front() receives eGo;
machine Main {
  start state Init { entry { var m: map[int, machine]; print format("{0}", m[0] to Front); } }
}
