// psem: search "=>* violation"
// The exit runs before an event that nothing handles is an error, and may even wait.
event eX;
event eY;
machine Main {
  start state Init {
    entry { send this, eX; send this, eY; }
    exit { receive { case eY: { } } }
  }
}
