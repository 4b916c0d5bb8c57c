"""Addresses of proposals."""

from app.proposals.routes import case, handing_in, review, showing, starting, suggestions, taking, workspace, writing
from app.proposals.routes.blueprint import blueprint

__all__ = [
    "blueprint", "case", "handing_in", "review", "showing", "starting", "suggestions", "taking", "workspace", "writing",
]  # fmt: skip
