"""What follows from an event: who is told, what is made. One table, read by the worker alone."""
