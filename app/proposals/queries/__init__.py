"""Everything that reads proposals."""
