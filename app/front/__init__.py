"""The public pages that belong to no single capability."""
