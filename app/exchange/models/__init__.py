"""Tables of what comes in from other catalogs."""

from app.exchange.models.harvests import Finding, HarvestedDataset, HarvestRun, HarvestSource

__all__ = ["Finding", "HarvestRun", "HarvestSource", "HarvestedDataset"]
