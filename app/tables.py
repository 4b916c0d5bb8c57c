"""Imports every module with tables, so that the metadata is whole for migrations and tests."""

from app.agreements import models as agreements
from app.catalog import models as catalog
from app.changes import models as changes
from app.consents import models as consents
from app.correspondence import models as correspondence
from app.delivery import models as delivery
from app.duties import models as duties
from app.exchange import models as exchange
from app.foundation import installation, numbers, stored_files
from app.foundation.base import Base
from app.grants import models as grants
from app.history import models as history
from app.incidents import models as incidents
from app.needs import models as needs
from app.organizations import assignments, calendars, reminders
from app.organizations import models as organizations
from app.outbox import models as outbox
from app.outputs import models as outputs
from app.proposals import models as proposals
from app.proposals import open_waits
from app.proposals import step_models as review_steps
from app.proposals import team_models as teams
from app.proposals import workspace_models as workspace
from app.search import models as searches
from app.web import once_table

__all__ = [
    "Base",
    "agreements",
    "assignments",
    "calendars",
    "catalog",
    "changes",
    "consents",
    "correspondence",
    "delivery",
    "duties",
    "exchange",
    "grants",
    "history",
    "incidents",
    "installation",
    "needs",
    "numbers",
    "once_table",
    "open_waits",
    "organizations",
    "outbox",
    "outputs",
    "proposals",
    "reminders",
    "review_steps",
    "searches",
    "stored_files",
    "teams",
    "workspace",
]  # fmt: skip
