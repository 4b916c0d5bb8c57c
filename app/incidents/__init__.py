"""Incidents: told at once to those who must know, reported in full, closed with what was done."""
