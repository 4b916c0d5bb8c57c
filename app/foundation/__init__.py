"""What every part stands on: base of the tables, engine, clock, hashing, text, files, errors. Knows nothing of the domain."""
