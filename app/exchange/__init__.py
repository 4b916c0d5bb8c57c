"""Datasets that come in from other catalogs and go out to them, in the forms that catalogs share."""
