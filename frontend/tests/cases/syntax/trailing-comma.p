enum Color { RED, GREEN, }
