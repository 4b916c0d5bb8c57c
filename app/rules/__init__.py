"""The rules of the consortium as plain tables: who, what, when. No framework is imported here."""
