"""A cleared output is published with its address and its credit, or withdrawn."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.commands import settle_standing
from app.duties.models import DutyEvidence
from app.foundation.errors import Invalid
from app.foundation.said import words_of
from app.foundation.words import N_
from app.grants.commands.acting import locked as locked_grant
from app.grants.duties import day_words
from app.grants.models import Duty, Grant
from app.outputs.commands.acting import address_of, locked, moved, require_permitted
from app.outputs.models import Output
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.duties import ENDED, DutyKind
from app.rules.outputs import STILL_OPEN
from app.rules.workflow import OWED

_DOI = re.compile(r"10\.\d{4,9}/\S+", re.ASCII)


def publish(
    session: Session,
    actor: Actor,
    reference: str,
    published_on: date | None,
    where: tuple[str, str, str],
    now: datetime,
) -> Output:
    """Record that a cleared output was published.

    Args:
        where: its address, its DOI (may be empty), and where it names the data partner as the source.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; an output that was not cleared is not published.
        Invalid: the day lies in the future, the address is missing, or nothing says where the credit stands.
    """
    grant, row = locked(session, reference)
    require_permitted(session, Action.PUBLISH_OUTPUT, actor, grant, row)
    address, doi, credit = where
    if published_on is None or published_on > now.astimezone(UTC).date():
        raise Invalid(
            N_("Enter the day on which it was published, like 14 3 2027; not one in the future."), field="published_on"
        )
    if row.delayed_until is not None and published_on < row.delayed_until:
        raise Invalid(
            f"The data partner asked to wait with publication until {day_words(row.delayed_until)}. Publish it from that day on.",
            field="published_on",
        )
    row.address = address_of(address, "address")
    if not row.address:
        raise Invalid(N_("Enter the address where anyone can find it."), field="address")
    row.doi, row.published_on = _doi(doi), published_on
    row.credit = words_of(credit, N_("Say where the data partner is named as the source, like “page 2”."), "credit")
    moved(session, Action.PUBLISH_OUTPUT, actor, grant, row, now, address=row.address, doi=row.doi)
    _show_credit(session, actor, grant, row, now)
    settle_when_over(session, grant.number, now)
    return row


def withdraw(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> Output:
    """Take it back; it is not published, or not as it was submitted. Words to those who read it may be empty."""
    grant, row = locked(session, reference)
    require_permitted(session, Action.WITHDRAW_OUTPUT, actor, grant, row)
    said, was = words_of(words), row.state.value
    moved(session, Action.WITHDRAW_OUTPUT, actor, grant, row, now, words=said, was=was)
    row.answer_by = None
    settle_when_over(session, grant.number, now)
    return row


def settle_when_over(session: Session, number: str, now: datetime) -> None:
    """When a grant has ended and none of its outputs is on its way any more, what holds at every output is settled."""
    grant = locked_grant(session, number)
    if grant.state not in ENDED:
        return
    open_one = select(Output.id).where(Output.grant_id == grant.id, Output.state.in_(STILL_OPEN)).limit(1)
    if session.scalar(open_one) is None:
        settle_standing(session, grant, DutyKind.CLEAR_OUTPUT, now)
        settle_standing(session, grant, DutyKind.ATTRIBUTE, now)


def _show_credit(session: Session, actor: Actor, grant: Grant, row: Output, now: datetime) -> None:
    """The credit of this output is evidence of the duty to name the source."""
    for duty in _duties(session, grant):
        session.add(
            DutyEvidence(
                duty_id=duty.id,
                body=f"{row.title}: {row.credit}",
                link=row.address,
                given_by_id=actor.person_id,
                given_at=now,
            )
        )
    session.flush()


def _duties(session: Session, grant: Grant) -> Sequence[Duty]:
    found = select(Duty).where(Duty.grant_id == grant.id, Duty.kind == DutyKind.ATTRIBUTE, Duty.state.in_(OWED))
    return session.scalars(found).all()


def _doi(text: str) -> str:
    """The bare DOI, however it was pasted."""
    given = text.strip()
    if not given:
        return ""
    found = _DOI.search(given)
    if found is None or len(found.group()) > 200:
        raise Invalid(N_("A DOI is like 10.1234/abcd. Leave it empty where there is none."), field="doi")
    return found.group()
