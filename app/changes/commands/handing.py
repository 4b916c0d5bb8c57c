"""Handing data over: the lead prepares, the member's signatory signs, and the recipient gets a link by mail."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.changes.commands.recipient_deletion import promise_deletion
from app.changes.handed import FORMAT, as_it_runs, record_of
from app.changes.queries.limits import Limits, require_within
from app.changes.standing import subgrant_standing
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.hashing import sha256_hex
from app.foundation.text import clean, clean_line, fold
from app.foundation.words import N_
from app.grants.commands.acting import NOT_THERE, speaks_for
from app.grants.commands.acting import locked as locked_grant
from app.grants.lasting import lasting
from app.grants.letter import partner_name
from app.grants.models import Grant, SubGrant
from app.grants.queries.grants import people_on
from app.grants.queries.verification import is_in_force
from app.grants.record import Act, Named, Party, Record, record_hash, to_json
from app.grants.standing import standing
from app.history.commands import Subject, record
from app.organizations.models import Organization
from app.outbox.commands import enqueue
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.permissions import permit
from app.rules.roles import ROLE_NAMES, Role
from app.rules.workflow import Machine, SubGrantState, transition

OFFER = "subgrant.offer"
OVER = N_("Its last day has passed. Delete the data as the letter says, and confirm it to whoever handed it over.")
_TOKEN_BYTES = 8


@dataclass(frozen=True)
class HandOver:
    """To whom, what, until when, kept where, and for which part of the grant's purpose."""

    kind: str
    organization: str
    country: str
    person: str
    email: str
    datasets: Sequence[str]
    ends_on: date
    kept_where: str
    kept_in: str
    task: str


def hand_over(session: Session, actor: Actor, number: str, asked: HandOver, now: datetime) -> SubGrant:
    """Prepare a hand-over within a grant; the member's signatory signs it next.

    Raises:
        Invalid: it would be wider than the grant, or its terms do not admit such a recipient (clauses 11.2, 11.4).
        WrongState: the grant is not in force.
    """
    grant = locked_grant(session, number)
    permit(Action.HAND_OVER_DATA, standing(session, actor, grant), Machine.GRANT, grant.state)
    if not is_in_force(grant, now):
        raise WrongState(N_("The grant is not in force now, so nothing can be handed over under it."))
    stored = _stored(session, grant, asked, now)
    cut = record_of(stored)
    row = SubGrant(
        number=cut.number,
        grant_id=grant.id,
        state=SubGrantState.TO_SIGN,
        state_since=now,
        kind=asked.kind,
        organization_name=cut.member.name,
        country=asked.country,
        person_name=clean_line(asked.person),
        email=clean_line(asked.email).lower(),
        datasets=[each.reference for each in cut.datasets],
        starts_on=cut.starts_on,
        ends_on=cut.ends_on,
        record=stored,
        record_hash=record_hash(cut),
        verify_token=secrets.token_hex(_TOKEN_BYTES),
        token_hash=sha256_hex(secrets.token_bytes(32)),  # nobody holds a link before it is signed
        prepared_by_id=actor.person_id,
        prepared_at=now,
    )
    session.add(row)
    session.flush()
    tell(session, Action.HAND_OVER_DATA, actor, grant, row, now)
    return row


def sign(session: Session, actor: Actor, number: str, typed: str, shown: str, now: datetime) -> SubGrant:
    """The member's signatory signs, and the recipient gets a link that only the mail holds.

    Args:
        shown: the hash of the record as the signatory was shown it.

    Raises:
        Invalid: the name typed is not the signatory's own.
        WrongState: the grant has ended meanwhile, its last day has moved, or that of the hand-over has passed.
    """
    grant, row = locked(session, number)
    permitted(session, Action.SIGN_SUBGRANT, actor, grant, row)
    if not is_in_force(grant, now):
        raise WrongState(N_("The grant is not in force now, so nothing can be handed over under it."))
    require_not_over(row, now)
    if shown != row.record_hash:
        raise WrongState(N_("It changed after you opened it. Read its last day again, then sign."))
    if fold(clean_line(typed)) != fold(actor.name):
        raise Invalid(N_("Type your full name as it stands in your profile."), "name")
    member = session.get_one(Organization, grant.member_id)
    act = Act(actor.name, ROLE_NAMES[Role.SIGNATORY], member.name, now, actor.authentication)
    put(row, replace(record_of(row.record), approvals=(act,)))
    row.signed_by_id, row.signed_at, row.reminded = actor.person_id, now, None
    moved(session, Action.SIGN_SUBGRANT, actor, grant, row, now)
    send_link(session, row, now)
    return row


def require_not_over(row: SubGrant, now: datetime) -> None:
    """Let nobody sign or accept what lasts no longer; raises WrongState."""
    if row.ends_on < now.astimezone(UTC).date():
        raise WrongState(N_("Its last day has passed, so it cannot be signed any more. A new one can be prepared."))


def send_link(session: Session, row: SubGrant, now: datetime, **facts: object) -> None:
    """Send the recipient a new link, which the mail alone holds; the one before it opens nothing any more."""
    token = secrets.token_urlsafe(32)
    row.token_hash = sha256_hex(token.encode())
    enqueue(session, OFFER, {"number": row.number, "token": token, **facts}, now, about=row.number)


def withdraw(session: Session, actor: Actor, number: str, now: datetime) -> SubGrant:
    """Take the offer back before it was accepted; its link opens nothing any more."""
    grant, row = locked(session, number)
    return moved(session, Action.WITHDRAW_SUBGRANT, actor, grant, row, now)


def end(session: Session, actor: Actor, number: str, words: str, now: datetime) -> SubGrant:
    """End a hand-over before its last day; raises Invalid without words, which the recipient reads."""
    grant, row = locked(session, number)
    permitted(session, Action.END_SUBGRANT, actor, grant, row)
    reason = clean(words)
    if not reason:
        raise Invalid(N_("Say why; the recipient reads it."), "words")
    return ended(session, actor, grant, row, reason, now)


def ended(session: Session, actor: Actor, grant: Grant, row: SubGrant, reason: str, now: datetime) -> SubGrant:
    """End it for a reason that the recipient reads; where its letter was sealed, the data that it gave is to be deleted."""
    permitted(session, Action.END_SUBGRANT, actor, grant, row)
    row.state_reason = reason
    facts: dict[str, object] = {"reason": reason}
    if row.sealed_at is not None:
        facts["delete_by"] = promise_deletion(session, grant, row, now).isoformat()
    return moved(session, Action.END_SUBGRANT, actor, grant, row, now, **facts)


def end_over(session: Session, now: datetime) -> int:
    """End every hand-over whose own last day, in UTC, has passed. Returns how many."""
    ending = transition(Action.END_SUBGRANT).sources
    over = (SubGrant.state.in_(ending), SubGrant.ends_on < now.astimezone(UTC).date())
    numbers = session.scalars(select(SubGrant.number).where(*over).order_by(SubGrant.id)).all()
    for number in numbers:
        grant, row = locked(session, number)
        if row.state in ending:
            ended(session, SYSTEM, grant, row, OVER, now)
    return len(numbers)


def locked(session: Session, number: str) -> tuple[Grant, SubGrant]:
    """The grant and the hand-over, both locked, in this order everywhere; raises NotFound."""
    above = select(Grant.number).join(SubGrant, SubGrant.grant_id == Grant.id).where(SubGrant.number == number)
    parent = session.scalar(above)
    if parent is None:
        raise NotFound(NOT_THERE)
    grant = locked_grant(session, parent)
    wanted = select(SubGrant).where(SubGrant.number == number).with_for_update()
    return grant, session.scalars(wanted.execution_options(populate_existing=True)).one()


def permitted(session: Session, action: Action, actor: Actor, grant: Grant, row: SubGrant) -> SubGrantState:
    """Let the act pass and return the state after it; raises as `permit` does."""
    after = permit(action, subgrant_standing(session, actor, grant), Machine.SUBGRANT, row.state)
    return SubGrantState(after or row.state)


def moved(
    session: Session, action: Action, actor: Actor, grant: Grant, row: SubGrant, now: datetime, **facts: object
) -> SubGrant:
    """Let the act pass, move the hand-over, and record it."""
    row.state, row.state_since = permitted(session, action, actor, grant, row), now
    session.flush()
    tell(session, action, actor, grant, row, now, **facts)
    return row


def tell(
    session: Session, action: Action, actor: Actor, grant: Grant, row: SubGrant, now: datetime, **facts: object
) -> None:
    """Record the event that belongs to an action on a hand-over."""
    event = transition(action).event
    if event is None:
        return
    subject = Subject(
        "subgrant",
        row.number,
        acting_for=speaks_for(session, actor, grant),
        version_hash=row.record_hash,
        agreement_version=grant.agreement_version,
        agreement_hash=grant.agreement_hash,
    )
    told: JSONObject = {"title": grant.title, "grant": grant.number, **facts}
    record(session, event, actor, subject, now, told)


def put(row: SubGrant, cut: Record) -> None:
    """Keep the cut record as it is now, and its hash."""
    row.record = {**row.record, "grant": to_json(cut)}
    row.record_hash = record_hash(cut)


def _stored(session: Session, grant: Grant, asked: HandOver, now: datetime) -> JSONObject:
    above = as_it_runs(grant)
    starts_on = max(above.starts_on, now.astimezone(UTC).date())
    limits = Limits(asked.kind, asked.datasets, above.purposes, starts_on, asked.ends_on, asked.kept_in, asked.country)
    chosen = require_within(limits, above, _handling(session, grant) + 1)
    task, organization = clean(asked.task), clean_line(asked.organization)
    if not task or not organization:
        raise Invalid(N_("Say who receives the data, and what they do with it."), "task")
    cut = replace(
        above,
        number=_number(session, grant),
        issued_at=now,
        data_partner=above.member,
        partner_is_unnamed=False,
        member=Party("", organization),
        datasets=chosen,
        purpose_words=task,
        kept_where=clean_line(asked.kept_where),
        kept_in=asked.kept_in,
        people=(Named(clean_line(asked.person), organization, is_lead=True),),
        starts_on=starts_on,
        approvals=(),
        issue=Act("", "", "", now, ""),
        predecessor=None,
        succession=None,
        co_applicants=(),
    )
    parent: JSONObject = {
        "number": grant.number, "record": grant.record_hash, "data_partner": partner_name(above),
    }  # fmt: skip
    return {
        "format": FORMAT,
        "parent": parent,
        "grant": to_json(lasting(cut, partner_name(above), asked.ends_on, asked.country)),
    }


def _handling(session: Session, grant: Grant) -> int:
    """How many handle the data, with those to whom it was handed over or is offered."""
    open_ones = SubGrant.state.in_(transition(Action.END_SUBGRANT).sources)
    handed = select(func.count()).select_from(SubGrant).where(SubGrant.grant_id == grant.id, open_ones)
    return len(people_on(session, grant.id)) + (session.scalar(handed) or 0)


def _number(session: Session, grant: Grant) -> str:
    """The next number under a grant, which is locked: given out once, and never again."""
    given = select(func.count()).select_from(SubGrant).where(SubGrant.number.startswith(f"{grant.number}-S"))
    return f"{grant.number}-S{(session.scalar(given) or 0) + 1}"
