"""Datasets as other catalogs and tools read them."""
