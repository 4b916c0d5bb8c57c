"""Forms on which foreign catalogs are brought."""
