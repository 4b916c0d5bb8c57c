"""Onepact: start at factory.py, then read rules/."""
