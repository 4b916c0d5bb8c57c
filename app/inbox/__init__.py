"""What waits for a person, gathered from every capability."""
