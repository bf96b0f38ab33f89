// psem: search "=>* violation"
// psem: search "=>* at(Main, Good)" --solutions 20
event eGo;
machine Main {
  start state Init {
    entry {
      var numbers: seq[int];
      var letters: set[string];
      var ages: map[int, string];
      var n: int;
      numbers += (0, 7);
      numbers += (1, 8);
      letters += ("a");
      letters += ("b");
      ages[30] = "x";
      ages[40] = "y";
      n = choose(numbers) + choose(2) + choose(ages);
      if (choose(letters) == "b" && $) { goto Good; }
      assert n != 49, format("n is {0} of {1}", n, ages);
    }
  }
  state Good { }
}
