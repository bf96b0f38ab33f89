// psem: check --ltl "<> at(Main, Last)" --ltl "at(Main, First) |-> at(Main, Last)"
// psem: check --ltl "[] (at(Main, First) -> ~ at(Main, Last))" --ltl "(~ at(Main, Last)) W at(Main, Middle)"
// psem: check --ltl "(~ at(Main, Last)) U at(Main, Middle)" --ltl "at(Main, Middle) R ~ at(Main, Last)"
// psem: check --ltl "<> (at(Main, Middle) /\ O at(Main, Last))" --ltl "[] (terminated <-> O terminated)" --keep-going
// psem: check --ltl "[] (terminated -> O terminated)" --ltl "<> [] at(Main, Last)" --ltl "True" --ltl "~ False"
// psem: check --ltl "[] <> at(Main, First)"
// psem: check --ltl "at(Main, First) U at(Main, Last)"
// psem: check --ltl "O at(Main, First) /\ O O O at(Main, Middle)" --ltl "O O at(Main, Middle)"
// One execution, from one state to the next: every formula can be read off.
event eNext;

machine Main {
  start state First {
    entry { send this, eNext; }
    on eNext goto Middle;
  }
  state Middle {
    entry { send this, eNext; }
    on eNext goto Last;
  }
  state Last { }
}
