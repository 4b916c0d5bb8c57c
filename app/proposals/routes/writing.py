"""Writing a proposal in five steps, and sending it."""
