"""Standing consent: rules by which a data partner approves at once what it would approve anyway."""
