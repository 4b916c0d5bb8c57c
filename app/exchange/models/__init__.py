"""Tables of what comes in from other catalogs."""

from app.exchange.models.choices import ImportChoice, KeptChoice
from app.exchange.models.harvests import Finding, HarvestedDataset, HarvestRun, HarvestSource
from app.exchange.models.imports import CatalogImport, ImportedListing

__all__ = [
    "CatalogImport",
    "Finding",
    "HarvestRun",
    "HarvestSource",
    "HarvestedDataset",
    "ImportChoice",
    "ImportedListing",
    "KeptChoice",
]
