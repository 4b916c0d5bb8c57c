"""Use proposals: writing one, the intake check, each data partner's decisions, the conversation."""
