"""What people type about accounts, organizations and people: shape and spelling only."""
