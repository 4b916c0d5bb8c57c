"""What the operator and the secretariat see of the installation: health, outbox, history."""
