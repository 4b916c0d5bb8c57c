"""Everything by which datasets come in."""
