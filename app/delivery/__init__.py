"""What a grant gives: how the data, or what comes of it, reaches the member, and a secret that is shown once."""
