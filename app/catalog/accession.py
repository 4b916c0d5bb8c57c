"""Whether a data partner may list: the one place in the catalog that asks for its accession."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.agreements.queries import Missing, accession_in_force, what_is_missing
from app.foundation.errors import NotAllowed
from app.organizations.models import Organization
from app.rules.roles import Capacity


def may_list(session: Session, organization: Organization, now: datetime) -> bool:
    """Whether the organization has acceded as a data partner, and the accession is in force."""
    return accession_in_force(session, organization.id, Capacity.DATA_PARTNER, now) is not None


def lacking(session: Session, organization: Organization, now: datetime) -> Missing | None:
    """What stands between the organization and listing, and who can mend it; None when nothing does."""
    return what_is_missing(session, organization, Capacity.DATA_PARTNER, now)


def require_accession(session: Session, organization: Organization, now: datetime) -> None:
    """Raise NotAllowed for an organization that may not list yet; the message names who acts next."""
    missing = lacking(session, organization, now)
    if missing is not None:
        raise NotAllowed(missing.sentence % missing.facts)
