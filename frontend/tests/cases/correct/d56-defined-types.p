// A definition of a machine type or an enum is that type on both sides (D56).
enum tColor { RED, GREEN }
type tClient = Client;
type tShade = tColor;
event ePing;
machine Client { start state S { ignore ePing; } }
machine Main {
  start state S {
    entry {
      var defined: tClient;
      var plain: Client;
      var shade: tShade;
      var color: tColor;
      plain = new Client();
      defined = plain;
      plain = defined;
      send defined, ePing;
      color = shade;
      shade = color;
    }
  }
}
