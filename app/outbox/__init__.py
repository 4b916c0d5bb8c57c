"""What must still be sent or made: one row per thing that may fail, delivered and retried alone."""
