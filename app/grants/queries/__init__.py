"""Everything that reads grants."""
