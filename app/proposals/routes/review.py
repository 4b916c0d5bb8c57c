"""The intake check and the data partners' decisions."""
