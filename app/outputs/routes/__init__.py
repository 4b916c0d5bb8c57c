"""Addresses of outputs."""

from app.outputs.routes import reading, showing, submitting
from app.outputs.routes.blueprint import blueprint

__all__ = ["blueprint", "reading", "showing", "submitting"]
