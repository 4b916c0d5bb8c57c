"""The common agreement: reading it, acceding to it, countersigning."""
