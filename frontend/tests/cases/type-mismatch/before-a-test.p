// What is wrong in a body does not hide what is wrong in modules and tests.
machine Main {
  start state Init {
    entry {
      var x: int;
      x = "one";
    }
  }
}

module System = { Main, Mian };

test Works [main = Main]: assert Safe in { Main };
test Begins [main = Mian]: { Main };
