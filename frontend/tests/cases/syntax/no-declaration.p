hello world;
