"""Addresses of proposals."""

from app.proposals.routes import (
    case,
    conflicts,
    handing_in,
    leading,
    listing,
    review,
    showing,
    starting,
    steps,
    suggestions,
    taking,
    team,
    workspace,
    writing,
)
from app.proposals.routes.blueprint import blueprint

__all__ = [
    "blueprint", "case", "conflicts", "handing_in", "leading", "listing", "review", "showing", "starting", "steps", "suggestions",
    "taking", "team", "workspace", "writing",
]  # fmt: skip
