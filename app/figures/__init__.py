"""Figures: how long each stage takes, who has how much to do, what was answered and why; measured, never typed."""
