"""What somebody looks for and did not find: posted with the decision behind it, answered by those who may have it."""
