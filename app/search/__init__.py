"""How datasets are found: asking, narrowing, and what the catalog answers. Derived from `catalog`, never its truth."""
