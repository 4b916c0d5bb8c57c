"""Whether both sides of a grant are bound by the agreement now, and under which version something new would begin."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.binding import is_bound, leaving_under
from app.agreements.models import Accession
from app.agreements.queries import accession_in_force
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.grants.models import Grant
from app.organizations.models import Organization
from app.rules.changes import GRANTS_ANEW, ChangeKind
from app.rules.roles import Capacity
from app.rules.workflow import BINDS


def _sides(grant: Grant) -> tuple[tuple[int, Capacity], tuple[int, Capacity]]:
    return (grant.member_id, Capacity.MEMBER), (grant.data_partner_id, Capacity.DATA_PARTNER)


def require_bound(session: Session, grant: Grant) -> None:
    """Both sides are still in the consortium; a grant runs on under its own version (clause 22), whichever that is now.

    Raises:
        Invalid: one of them has no accession in force.
    """
    for organization_id, capacity in _sides(grant):
        if not is_bound(session, organization_id, capacity):
            _refuse(session, organization_id)


def require_may_grant_anew(session: Session, grant: Grant, kinds: Collection[ChangeKind]) -> None:
    """From the notice of a data partner on its grants run on, and nothing is granted anew on its data (clause 19.7). The notice
    counts once it can no longer be taken back and everybody was told.

    Raises:
        Invalid: it has given notice, and the change would grant for longer, or more of its data.
    """
    leaving = leaving_under(session, grant.data_partner_id, Capacity.DATA_PARTNER)
    if leaving is None or leaving.leaves_on is None or leaving.notice_followed_at is None:
        return
    if GRANTS_ANEW.intersection(kinds):
        name = session.get_one(Organization, grant.data_partner_id).name
        raise Invalid(
            f"{name} has given notice of leaving the common agreement on {leaving.leaves_on:%d %b %Y}. Its grants run on; "
            "none is renewed, and none gets a later last day or more datasets (clause 19.7)."
        )


def version_for_renewal(session: Session, grant: Grant, now: datetime) -> tuple[str, str]:
    """Version and hash of the agreement under which a renewal would begin: the one in force then (clause 19.3; safety.md G10).

    A notice of leaving is no matter of the version: `require_may_grant_anew` says when nothing is renewed any more.

    Raises:
        Invalid: a side has not signed the version that counts now, or the two have signed different ones.
    """
    found = []
    for organization_id, capacity in _sides(grant):
        accession = accession_in_force(session, organization_id, capacity, now, BINDS)
        if accession is None:
            _refuse(session, organization_id)
        else:
            found.append((accession.agreement_version, accession.agreement_hash))
    if len(set(found)) > 1:
        raise Invalid(
            N_(
                "The two sides have signed different versions of the common agreement. The older one signs the newer first."
            ),
            field="ends_on",
        )
    return found[0]


def ended_accessions(session: Session, grant: Grant) -> list[tuple[Organization, Capacity, datetime | None]]:
    """The sides that have left the consortium, and since when; the grant's page says what that means for it."""
    found = []
    for organization_id, capacity in _sides(grant):
        if not is_bound(session, organization_id, capacity):
            ended = (
                select(Accession.ended_at)
                .where(Accession.organization_id == organization_id, Accession.capacity == capacity)
                .order_by(Accession.id.desc())
            )
            since = next((moment for moment in session.scalars(ended) if moment), None)
            found.append((session.get_one(Organization, organization_id), capacity, since))
    return found


def notices(session: Session, grant: Grant) -> list[tuple[Organization, Capacity, date]]:
    """The sides that have given notice of leaving, and on which day they leave, once everybody was told."""
    found = []
    for organization_id, capacity in _sides(grant):
        row = leaving_under(session, organization_id, capacity)
        if row is not None and row.leaves_on is not None and row.notice_followed_at is not None:
            found.append((session.get_one(Organization, organization_id), capacity, row.leaves_on))
    return found


def _refuse(session: Session, organization_id: int) -> None:
    name = session.get_one(Organization, organization_id).name
    raise Invalid(
        f"{name} has no accession in force to the version of the common agreement that counts now. "
        "Ask its authorized signatory to sign; then ask again."
    )
