"""Addresses of proposals."""

from app.proposals.routes import case, handing_in, review, showing, starting, suggestions, workspace, writing
from app.proposals.routes.blueprint import blueprint

__all__ = [
    "blueprint", "case", "handing_in", "review", "showing", "starting", "suggestions", "workspace", "writing",
]  # fmt: skip
