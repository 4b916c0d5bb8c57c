"""Everything that changes a proposal: drafting, sending, the intake check, deciding, the conversation."""
