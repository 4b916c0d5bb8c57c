"""Makes grants for tests, through the same commands that people and the worker use."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.foundation.files import FileStore
from app.grants.commands import activate, issue
from app.grants.commands.letters import Press, sealed_letter
from app.grants.models import Grant
from app.letters.keys import ensure_keys
from app.organizations.models import Organization
from app.proposals.models import Proposal
from app.rules.actors import Actor
from app.rules.workflow import ProposalState
from tests.factories.organizations import acting
from tests.factories.proposals import Cast, accede, make_cast, make_proposal

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CONSORTIUM = "Meridian Data Consortium"
DATES = {"starts_on": "2026-11-23", "ends_on": "2027-11-22"}


def make_ready_cast(session: Session, partners: int = 2) -> Cast:
    """A cast in which the data partners have acceded too."""
    cast = make_cast(session, partners)
    for organization_id in cast.stewards:
        accede(session, session.get_one(Organization, organization_id))
    return cast


def make_decided(
    session: Session,
    cast: Cast,
    *,
    answers: Mapping[str, object] | None = None,
    datasets: Sequence[Dataset] | None = None,
    now: datetime = NOW,
) -> Proposal:
    """A proposal that every data partner has approved."""
    return make_proposal(
        session, ProposalState.DECIDED, cast=cast, answers={**DATES, **(answers or {})}, datasets=datasets, now=now
    )


def director_of(session: Session, cast: Cast) -> Actor:
    """The director as the one who acts."""
    return acting(session, cast.director)


def make_issued(session: Session, cast: Cast | None = None, now: datetime = NOW) -> list[Grant]:
    """Grants that await their seal."""
    cast = cast or make_ready_cast(session)
    proposal = make_decided(session, cast, now=now)
    return issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, now)


def make_active(
    session: Session, store: FileStore, press: Press, cast: Cast | None = None, now: datetime = NOW
) -> Grant:
    """A grant in force, with its sealed letter."""
    first = make_issued(session, cast or make_ready_cast(session, 1), now)[0]
    sealed = sealed_letter(press, first.record, first.verify_token, datetime.now(UTC))
    return activate(session, store, first.number, sealed, now)


def press_in(folder: Path) -> Press:
    """A press with keys in a folder of its own."""
    passphrase = "a passphrase for tests only"
    ensure_keys(folder, passphrase, CONSORTIUM, NOW)
    return Press(folder, passphrase, None, "https://data.meridian.example")


def grant_of(session: Session, number: str) -> Grant:
    """The grant as it is in the database now."""
    return session.scalars(select(Grant).where(Grant.number == number).execution_options(populate_existing=True)).one()


def allow_delay(grant: Grant, days: int) -> None:
    """Let the terms of the grant allow that publication waits for so many days."""
    put_term(grant, "delay_days_max", days)


def put_term(grant: Grant, name: str, value: object) -> None:
    """Let the frozen terms of each dataset say this, as if the data partner had asked for it when the grant was issued."""
    datasets: list[dict[str, Any]] = json.loads(json.dumps(grant.record["datasets"]))
    for each in datasets:
        for rule in each["terms"]["rules"]:
            if rule["param"] == name:
                rule["effective"] = value
    grant.record = {**grant.record, "datasets": datasets}
