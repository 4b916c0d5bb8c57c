"""Reading figures out of decisions, the history and open waits, each in a fixed number of statements."""
