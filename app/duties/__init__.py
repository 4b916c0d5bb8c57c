"""What a grant owes: reports, statements, credit, deletion; each dated, with evidence, and somebody who is next."""
