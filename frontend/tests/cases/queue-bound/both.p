event eLimited assert 1;
event eTwice assert 2 assume 3: int;
machine Main assume 100 {
  start state S { }
}
