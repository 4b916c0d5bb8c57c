"""Everything that reads what becomes of grants."""
