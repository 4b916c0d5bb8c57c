"""Posting, answering and ending data needs."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.foundation.errors import Invalid
from app.foundation.numbers import plain_reference
from app.foundation.text import clean, clean_line
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.needs.commands.acting import LONGEST_QUESTION, LONGEST_TEXT, locked, record_act, text_of
from app.needs.models import DataNeed, NeedAnswer
from app.needs.standing import roles_at, standing
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.roles import Kind, Role
from app.rules.workflow import Machine, NeedState


@dataclass(frozen=True)
class Asked:
    """What somebody says of their need."""

    question: str
    wanted: str
    country: str
    decision: str = ""
    decide_by: date | None = None


def post(session: Session, actor: Actor, organization_id: int, asked: Asked, now: datetime) -> DataNeed:
    """Post a need for an organization of the actor.

    Raises:
        NotAllowed: the actor is not of that organization.
        Invalid: a text is missing or too long, or the decision is over already.
    """
    permit(Action.POST_NEED, roles_at(actor, organization_id), Machine.NEED)
    organization = session.get_one(Organization, organization_id)
    if asked.decide_by is not None and asked.decide_by < now.date():
        raise Invalid(N_("Enter a day that is still to come, or leave it empty."), field="decide_by")
    row = DataNeed(
        reference=plain_reference(session, "ND"),
        organization_id=organization.id,
        person_id=actor.person_id,
        question=text_of(clean_line(asked.question), LONGEST_QUESTION, "question"),
        wanted=text_of(clean(asked.wanted), LONGEST_TEXT, "wanted"),
        decision=text_of(clean(asked.decision), LONGEST_TEXT, "decision", needed=False),
        country=asked.country,
        decide_by=asked.decide_by,
        state_since=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    subject = Subject("need", row.reference, acting_for=organization.slug)
    record(session, Event.NEED_POSTED, actor, subject, now, {"question": row.question})
    return row


def answer(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> DataNeed:
    """Say who could help, or that one has such data. The secretariat's first answer ends its wait."""
    row = locked(session, reference)
    roles = standing(actor, row)
    permit(Action.ANSWER_NEED, roles, Machine.NEED, row.state)
    said = text_of(clean(words), LONGEST_TEXT, "words")
    at = _speaks_for(session, actor)
    session.add(NeedAnswer(need_id=row.id, person_id=actor.person_id, organization_id=at.id, words=said, at=now))
    if at.kind is Kind.SECRETARIAT and row.answered_at is None:
        row.answered_at = now
    record_act(session, actor, row, Action.ANSWER_NEED, now, words=said)
    return row


def end(session: Session, actor: Actor, reference: str, act: Action, words: str, now: datetime) -> DataNeed:
    """Say that a need is met, or that nobody looks any more. `act` is MEET_NEED or CLOSE_NEED."""
    row = locked(session, reference)
    after = permit(act, standing(actor, row), Machine.NEED, row.state)
    said = text_of(clean(words), LONGEST_TEXT, "words", needed=False)
    row.state, row.state_since, row.state_reason = NeedState(str(after)), now, said or None
    record_act(session, actor, row, act, now, words=said)
    return row


def _speaks_for(session: Session, actor: Actor) -> Organization:
    """The secretariat for its people, else the data partner whose steward it is."""
    at = actor.organizations_with(Role.OFFICER, Role.DIRECTOR) or actor.organizations_with(Role.STEWARD, Role.DEPUTY)
    return session.get_one(Organization, min(at))
