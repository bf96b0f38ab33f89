// psem: search "=>* violation" -t t___n_2__flag_true
// psem: search "=>* violation" -t t___n_3__flag_true
// A test gives values to global parameters.
param n: int;
param flag: bool;
machine Main { start state Init { entry { assert flag; assert n == 2, format("{0}", n); } } }
test param (n in [2, 3], flag in [true]) t [main = Main]: { Main };
