"""Makes changes of grants for tests, through the same commands that people use."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.changes import commands
from app.changes.models import GrantChange
from app.changes.queries.plan import plan
from app.changes.wanted import Wanted, from_json
from app.foundation.files import FileStore
from app.grants.commands import activate
from app.grants.commands.letters import Press, sealed_letter
from app.grants.models import Grant
from app.organizations.models import Organization
from tests.factories.catalog import make_dataset
from tests.factories.grants import NOW, director_of
from tests.factories.organizations import acting
from tests.factories.proposals import Cast

SOON = NOW + timedelta(days=30)
LONGER = Wanted(ends_on=date(2028, 3, 31))
RENEWED = Wanted(renews=True, ends_on=date(2028, 11, 30))


def ask(session: Session, cast: Cast, grant: Grant, wanted: Wanted, now: datetime = SOON) -> GrantChange:
    """The lead asks."""
    lead = acting(session, cast.lead)
    report = "Two maps were made." if wanted.renews else ""
    return commands.ask(session, lead, grant.number, wanted, "The council decides later.", report, now)


def shown(session: Session, grant: Grant, change: GrantChange, now: datetime = SOON) -> tuple[str, str]:
    """The two hashes that the decider's page carries."""
    planned = plan(session, grant, change.reference, from_json(change.wanted), now)
    return change.content_hash, planned.terms_hash


def approve(session: Session, cast: Cast, grant: Grant, change: GrantChange, now: datetime = SOON) -> GrantChange:
    """The officer checks where that is needed, and the steward approves."""
    if commands.asking.needs_of(session, grant, change).check:
        commands.check(session, acting(session, cast.officer), change.reference, now)
    steward = acting(session, cast.stewards[grant.data_partner_id])
    return commands.approve(session, steward, change.reference, "", shown(session, grant, change, now), now)


def issue(session: Session, cast: Cast, change: GrantChange, now: datetime = SOON) -> Grant:
    """The director issues."""
    return commands.issue_successor(session, director_of(session, cast), change.reference, now)


def seal(session: Session, store: FileStore, press: Press, grant: Grant, now: datetime = SOON) -> Grant:
    """The worker seals."""
    sealed = sealed_letter(press, grant.record, grant.verify_token, datetime.now(UTC))
    return activate(session, store, grant.number, sealed, now)


def succeed(
    session: Session, store: FileStore, press: Press, cast: Cast, grant: Grant, wanted: Wanted, now: datetime = SOON
) -> Grant:
    """A grant that has taken the place of another."""
    change = approve(session, cast, grant, ask(session, cast, grant, wanted, now), now)
    return seal(session, store, press, issue(session, cast, change, now), now)


def another_dataset(session: Session, grant: Grant) -> Dataset:
    """A second listing of the grant's data partner."""
    return make_dataset(session, session.get_one(Organization, grant.data_partner_id))
