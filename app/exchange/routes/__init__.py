"""Pages on which foreign catalogs come in, and addresses from which ours goes out."""

from app.exchange.routes import (
    completing,
    exporting,
    findings,
    harvests,
    importing,
    keeping,
    programs,
    remarks,
    sending,
)
from app.exchange.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "completing",
    "exporting",
    "findings",
    "harvests",
    "importing",
    "keeping",
    "programs",
    "remarks",
    "sending",
]
