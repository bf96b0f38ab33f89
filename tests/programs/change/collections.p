// psem: search "=>* violation"
type Entry = (name: string, tags: seq[int]);
machine Main {
  var table: map[int, Entry];
  start state Init {
    entry {
      var copy: map[int, Entry];
      var grid: seq[seq[int]];
      var key: seq[int];
      var byKey: map[seq[int], int];
      table[1] = (name = "one", tags = default(seq[int]));
      copy = table;
      table[1].tags += (0, 9);
      table[1].name = "uno";
      assert sizeof(copy[1].tags) == 0 && copy[1].name == "one";
      grid += (0, default(seq[int]));
      grid[0] += (0, 4);
      grid[0][0] = 5;
      assert grid[0][0] == 5;
      key += (0, 1);
      byKey[key] = 7;
      key += (1, 2);
      assert !(key in byKey);
      key -= (1);
      assert byKey[key] == 7 && sizeof(keys(byKey)) == 1 && values(byKey)[0] == 7;
      table -= (1);
      assert !(1 in table);
      grid[1] += (0, 1);
    }
  }
}
