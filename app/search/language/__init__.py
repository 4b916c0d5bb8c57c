"""What the search knows of languages and places: small lists of our own, from general knowledge."""
