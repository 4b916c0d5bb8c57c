"""Issuing what was approved: a successor with its own number and exactly one predecessor, on its way to be sealed."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.changes.commands.acting import locked, permitted, tell
from app.changes.commands.people import ask_to_accept, carried_people
from app.changes.models import GrantChange
from app.changes.queries.parties import require_bound, require_may_grant_anew, version_for_renewal
from app.changes.wanted import from_json as wanted_from
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, WrongState
from app.foundation.numbers import yearly_reference
from app.foundation.words import N_
from app.grants.commands.acting import record_event
from app.grants.commands.freezing import UNNAMED, role_of_decider
from app.grants.commands.issuing import PREFIX, SEAL_LETTER
from app.grants.duties import dated_duties, deletes
from app.grants.models import Duty, Grant, GrantDataset
from app.grants.queries.grants import successor_of
from app.grants.record import Act, Record, from_json, record_hash, to_json
from app.organizations.models import Organization, Person
from app.outbox.commands import enqueue
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.changes import ChangeKind
from app.rules.duties import DELETED_AT_THE_END
from app.rules.events import Event
from app.rules.listings import OFFERED
from app.rules.roles import ROLE_NAMES, Role
from app.rules.terms.values import as_number
from app.rules.workflow import OWED, READ_NEXT, SETTLED, GrantState, transition

_TOKEN_BYTES = 8  # 64 random bits
_DELETE = "delete"


def issue_successor(session: Session, actor: Actor, reference: str, now: datetime) -> Grant:
    """Issue the grant that amends or renews another. Until it is sealed its predecessor stays in force.

    The predecessor's row is locked first, so that two changes, or a change and a revocation, never act at once.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; whoever decided does not issue.
        WrongState: the predecessor is not in force any more, or something takes its place already.
        Invalid: a side has left the consortium, or signed another version than the renewal was decided under.
    """
    before, change = locked(session, reference)
    after = permitted(session, Action.ISSUE_CHANGE, actor, before, change)
    record = _record(session, actor, before, change, now)
    grant = _grant(actor, before, record, now)
    grant.datasets = _datasets(session, before, record)
    grant.people = carried_people(session, before, wanted_from(change.wanted), now)
    ask_to_accept(session, actor, before, wanted_from(change.wanted), now)
    grant.duties = _duties(session, before, record, now)
    session.add(grant)
    session.flush()
    change.state, change.state_since, change.successor_id = after, now, grant.id
    session.flush()
    facts: JSONObject = {"title": grant.title, "record": grant.record_hash, "predecessor": before.number}
    record_event(session, Event.GRANT_ISSUED, actor, grant, now, facts)
    tell(session, Action.ISSUE_CHANGE, actor, before, change, now, successor=grant.number)
    enqueue(session, SEAL_LETTER, {"number": grant.number}, now, about=grant.number)
    return grant


def prepare_successor(change: GrantChange) -> Record:
    """What would be issued, as it was decided on; raises WrongState where nothing was."""
    if not change.terms:
        raise WrongState(N_("Nothing was decided on yet, so there is nothing to issue."))
    return from_json(change.terms)


def _record(session: Session, actor: Actor, before: Grant, change: GrantChange, now: datetime) -> Record:
    frozen = _no_longer(prepare_successor(change), before, change)
    _require_possible(session, before, change, frozen, now)
    today = now.astimezone(UTC).date()
    renews = wanted_from(change.wanted).renews
    began = today if renews else frozen.term_began_on
    succession = replace(frozen.succession, term_began_on=began) if frozen.succession else None
    partner = UNNAMED if frozen.partner_is_unnamed else frozen.data_partner.name
    terms, seat = [each.terms for each in frozen.datasets], session.get_one(Organization, before.member_id).country
    return replace(
        frozen,
        number=yearly_reference(session, PREFIX, today.year),
        issued_at=now,
        starts_on=max(from_json(before.record).starts_on, today),
        duties=dated_duties(terms, partner, began, frozen.ends_on, seat),
        approvals=_approvals(session, before, change, renews=renews),
        issue=Act(actor.name, ROLE_NAMES[Role.DIRECTOR], "", now, actor.authentication),
        succession=succession,
    )


def _no_longer(frozen: Record, before: Grant, change: GrantChange) -> Record:
    """What was decided on, ending no later than the grant does by now, unless a last day was asked for."""
    is_asked = wanted_from(change.wanted).ends_on is not None
    return frozen if is_asked else replace(frozen, ends_on=min(frozen.ends_on, before.ends_on))


def _require_possible(session: Session, before: Grant, change: GrantChange, frozen: Record, now: datetime) -> None:
    renews = wanted_from(change.wanted).renews
    in_time = transition(Action.ASK_FOR_CHANGE).sources
    late = transition(Action.REPLACE_GRANT).sources - transition(Action.LIFT_SUSPENSION).sources
    if before.state not in (late if renews else in_time):
        raise WrongState(f"{before.number} is not in force now, so nothing can follow it. Its page says why.")
    following = successor_of(session, before)
    if following is not None and following.state is not GrantState.REVOKED:
        raise WrongState(f"{following.number} takes the place of {before.number} already.")
    today = now.astimezone(UTC).date()
    if frozen.ends_on <= max(frozen.starts_on, today):
        raise Invalid(N_("The last day that was approved has come, so there is nothing to issue."))
    require_may_grant_anew(session, before, [ChangeKind(kind) for kind in change.kinds])
    _require_listed(session, before, frozen, renews=renews)
    if renews:
        if version_for_renewal(session, before, now) != (frozen.agreement_version, frozen.agreement_sha256):
            raise Invalid(
                N_(
                    "The agreement in force is not the one that the renewal was decided under. Ask the data partner again."
                )
            )
    else:
        require_bound(session, before)


def _require_listed(session: Session, before: Grant, frozen: Record, *, renews: bool) -> None:
    """What is granted anew is still listed, as for a first grant. A dataset that stays goes on as it was granted."""
    held = set() if renews else {each.reference for each in from_json(before.record).datasets}
    named = [each.reference for each in frozen.datasets if each.reference not in held]
    closed = select(Dataset.title).where(Dataset.reference.in_(named), Dataset.state.not_in(OFFERED))
    title = session.scalar(closed.order_by(Dataset.id).limit(1))
    if title is not None:
        raise WrongState(
            f"{title} is not listed any more: it was paused or withdrawn after the decision. "
            "Ask its data steward to list it again; then issue."
        )


def _approvals(session: Session, before: Grant, change: GrantChange, *, renews: bool) -> tuple[Act, ...]:
    """The decision on the change first; those that the grant before rested on stay with an amendment."""
    made = from_json(before.record).approvals
    if change.decided_by_id is None or change.decided_at is None:
        return made
    partner = session.get_one(Organization, before.data_partner_id)
    name = session.get_one(Person, change.decided_by_id).name
    at, how = change.decided_at, change.authentication
    role = ROLE_NAMES[role_of_decider(session, change.decided_by_id, partner.id, at)]
    act = Act(name, role, partner.name, at, how, change.words, change.reference)
    return (act,) if renews else (act, *made)


def _grant(actor: Actor, before: Grant, record: Record, now: datetime) -> Grant:
    return Grant(
        number=record.number,
        proposal_id=before.proposal_id,
        proposal_version_id=before.proposal_version_id,
        data_partner_id=before.data_partner_id,
        member_id=before.member_id,
        predecessor_id=before.id,
        title=record.title,
        state=GrantState.AWAITING_SIGNATURE,
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        record=to_json(record),
        record_hash=record_hash(record),
        agreement_version=record.agreement_version,
        agreement_hash=record.agreement_sha256,
        verify_token=secrets.token_hex(_TOKEN_BYTES),
        issued_by_id=actor.person_id,
        issued_at=now,
        state_since=now,
    )


def _datasets(session: Session, before: Grant, record: Record) -> list[GrantDataset]:
    items = select(GrantDataset.dataset_id, GrantDataset.item_id).where(GrantDataset.grant_id == before.id)
    item_of = dict(session.execute(items).all())
    named = select(Dataset.id).where(Dataset.reference.in_([each.reference for each in record.datasets]))
    return [
        GrantDataset(dataset_id=key, item_id=item_of.get(key)) for key in session.scalars(named.order_by(Dataset.id))
    ]


def _duties(session: Session, before: Grant, record: Record, now: datetime) -> list[Duty]:
    """The duties of the successor. An amendment goes on with those of the grant before, done or not; nothing owed is lost."""
    held = list(session.scalars(select(Duty).where(Duty.grant_id == before.id).order_by(Duty.id)))
    is_renewal = record.succession is not None and record.succession.kind == "renews"
    today = now.astimezone(UTC).date()
    going_on = [_carried(duty, record.ends_on) for duty in held if _goes_on(duty, is_renewal, today)]
    rounds = {duty.kind: duty.round for duty in going_on if duty.kind != _DELETE}
    fresh = [
        Duty(kind=d.kind, clause=d.clause, sentence=d.sentence, due_on=d.due_on, round=rounds.get(d.kind, 0) + 1)
        for d in record.duties
        if is_renewal or d.kind not in rounds
    ]
    return [*going_on, *fresh, *_deletions(before, record, going_on, today)]


def _goes_on(duty: Duty, is_renewal: bool, today: date) -> bool:
    if duty.kind == _DELETE:
        # The end is another day now. What was left out of the grant earlier is still to be deleted by its own day.
        return duty.round > DELETED_AT_THE_END and duty.state not in SETTLED
    is_late = duty.state in OWED and duty.due_on is not None and duty.due_on < today
    return is_late or duty.state in READ_NEXT or not is_renewal


def _carried(duty: Duty, ends_on: date) -> Duty:
    is_cut = duty.due_on is not None and duty.state in OWED and duty.kind != _DELETE
    return Duty(
        kind=duty.kind,
        clause=duty.clause,
        sentence=duty.sentence,
        due_on=min(duty.due_on, ends_on) if is_cut and duty.due_on else duty.due_on,
        state=duty.state,
        state_since=duty.state_since,
        done_at=duty.done_at,
        words=duty.words,
        round=duty.round,
        reminded=duty.reminded,
    )


def _deletions(before: Grant, record: Record, going_on: Sequence[Duty], today: date) -> list[Duty]:
    """A dataset that was left out is deleted within the days that its own terms give."""
    kept = {each.reference for each in record.datasets}
    last = max((duty.round for duty in going_on if duty.kind == _DELETE), default=DELETED_AT_THE_END)
    found = []
    for each in from_json(before.record).datasets:
        rule = each.terms.get("deletion_days")
        if each.reference not in kept and rule is not None:
            due = today + timedelta(days=as_number(rule.value))
            last += 1
            found.append(Duty(kind=_DELETE, clause=rule.clause, sentence=deletes(each.title), due_on=due, round=last))
    return found
