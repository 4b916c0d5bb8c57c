"""One proposal: where it stands, its answers, conversation and history."""
