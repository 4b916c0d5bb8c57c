"""Whether a data partner may list: the one place in the catalog that asks for its accession."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.agreements.queries import accession_in_force
from app.foundation.errors import NotAllowed
from app.foundation.words import N_
from app.organizations.models import Organization
from app.rules.roles import Capacity

NOT_ACCEDED = N_(
    "Your organization has not signed the common agreement as a data partner yet. Its authorized signatory signs, "
    "the secretariat countersigns; then datasets can be listed. Drafts are kept."
)


def may_list(session: Session, organization: Organization, now: datetime) -> bool:
    """Whether the organization has acceded as a data partner, and the accession is in force."""
    return accession_in_force(session, organization.id, Capacity.DATA_PARTNER, now) is not None


def require_accession(session: Session, organization: Organization, now: datetime) -> None:
    """Raise NotAllowed for an organization that may not list yet."""
    if not may_list(session, organization, now):
        raise NotAllowed(NOT_ACCEDED)
