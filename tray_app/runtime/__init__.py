"""What the program runs on: the event loop inside Qt, and the log."""
