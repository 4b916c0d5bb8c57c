"""Pages of the common agreement: reading it, signing it, and the secretariat's desk for it."""

from app.agreements.routes import desk, reading, signing
from app.agreements.routes.blueprint import blueprint

__all__ = ["blueprint", "desk", "reading", "signing"]
