"""Imports every module with tables, so that the metadata is whole for migrations and tests."""

from app.agreements import models as agreements
from app.catalog import models as catalog
from app.consents import models as consents
from app.foundation import installation, numbers, stored_files
from app.foundation.base import Base
from app.grants import models as grants
from app.history import models as history
from app.organizations import models as organizations
from app.outbox import models as outbox
from app.proposals import models as proposals
from app.web import once_table

__all__ = [
    "Base", "agreements", "catalog", "consents", "grants", "history", "installation", "numbers", "once_table", "organizations",
    "outbox", "proposals", "stored_files",
]  # fmt: skip
