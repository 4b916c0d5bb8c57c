"""Reading standing consents: those of a data partner, what one would have done, which of them act on an item."""
