"""Datasets and their listings: how they are written, found and imported."""
