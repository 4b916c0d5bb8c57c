"""What becomes of a grant: it is amended, renewed, handed over, brought to its end."""
