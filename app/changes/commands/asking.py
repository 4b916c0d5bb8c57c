"""Asking for a change of a grant: what it would make is computed at once, so that nothing impossible is ever asked."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.queries.listings import datasets_by_references
from app.changes.commands.acting import by_system, locked, moved, permitted, tell
from app.changes.commands.people import let_people_change
from app.changes.handed import as_it_runs
from app.changes.models import GrantChange
from app.changes.queries.held_up import held_up_by
from app.changes.queries.parties import require_may_grant_anew
from app.changes.queries.plan import Plan, plan
from app.changes.queries.routing import needs_further_review
from app.changes.queries.wishes import wishes_of
from app.changes.wanted import Wanted, from_json, kinds_of, only_what_differs, to_json
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, WrongState
from app.foundation.hashing import content_hash
from app.foundation.numbers import yearly_reference
from app.foundation.text import clean
from app.foundation.words import N_
from app.grants.commands.acting import locked as locked_grant
from app.grants.models import Grant
from app.grants.queries.grants import successor_of
from app.grants.record import to_json as record_to
from app.grants.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.changes import ChangeKind, Needs, needs
from app.rules.permissions import permit
from app.rules.workflow import LIVE_GRANTS, OPEN_CHANGES, ChangeState, Machine

PREFIX = "GC"
FORMAT = "onepact-change/1"
LONGEST_WORDS = 2000
# What makes a use another one, so that the rules are asked again which reviews it needs.
_REROUTED = frozenset({ChangeKind.ADD_DATASETS, ChangeKind.PURPOSE})
_FURTHER_REVIEW = N_(
    "With this, the use would need a further review, which a change of a grant does not go through. "
    "Start a new proposal from this one: it is filled with its answers."
)
NO_REASON = N_("Say why, in a sentence or two. Whoever decides reads it first.")


def ask(
    session: Session, actor: Actor, number: str, wanted: Wanted, why: str, report: str, now: datetime
) -> GrantChange:
    """Ask for a change of a grant. What the data partner's rules want no decision on goes its way at once.

    Args:
        report: what was done so far; a renewal needs it (clause 19.3).

    Raises:
        Invalid: nothing would differ, the result would be wider than it may be or need a review that the grant's proposal went
            without, words are missing, or the member owes something that is overdue and asks for a later last day.
        WrongState: the grant is not in force, or another change of it is on its way.
    """
    grant = locked_grant(session, number)
    permit(Action.ASK_FOR_CHANGE, standing(session, actor, grant), Machine.GRANT, grant.state)
    _require_free(session, grant, now)
    record = as_it_runs(grant)
    wanted = only_what_differs(wanted, record)
    kinds = kinds_of(wanted, record)
    _check(session, actor, wanted, kinds)
    _require_nothing_overdue(session, grant, kinds)
    require_may_grant_anew(session, grant, kinds)
    words = _words(why, "why", NO_REASON)
    told = _words(report, "report", _NO_REPORT if wanted.renews else "")
    reference = yearly_reference(session, PREFIX, now.astimezone(UTC).year)
    planned = plan(session, grant, reference, wanted, now)
    if _REROUTED.intersection(kinds) and needs_further_review(session, grant, planned.after, now):
        raise Invalid(_FURTHER_REVIEW, "add" if ChangeKind.ADD_DATASETS in kinds else "purposes")
    change = _change(actor, grant, reference, wanted, kinds, now)
    change.why, change.report = words, told
    change.content = _content(grant, change, planned)
    change.content_hash = content_hash(change.content)
    session.add(change)
    session.flush()
    tell(session, Action.ASK_FOR_CHANGE, actor, grant, change, now)
    _start(session, actor, grant, change, planned, now)
    return change


def check(session: Session, actor: Actor, reference: str, now: datetime) -> GrantChange:
    """The secretariat found the change complete; the data partner decides, or it is approved where no decision is wanted."""
    grant, change = locked(session, reference)
    moved(session, Action.CHECK_CHANGE, actor, grant, change, now)
    change.checked_by_id, change.checked_at = actor.person_id, now
    if not needs_of(session, grant, change).decision:
        freeze(change, plan(session, grant, reference, from_json(change.wanted), now))
        by_system(session, Action.WAVE_CHANGE_THROUGH, grant, change, now)
    return change


def give_back(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> GrantChange:
    """The secretariat gives it back with a message; the lead may ask anew. Raises Invalid without words."""
    grant, change = locked(session, reference)
    permitted(session, Action.GIVE_BACK_CHANGE, actor, grant, change)
    change.words = _words(words, "words", N_("Say what to mend, so that the lead can ask anew."))
    return moved(session, Action.GIVE_BACK_CHANGE, actor, grant, change, now, words=change.words)


def withdraw(session: Session, actor: Actor, reference: str, now: datetime) -> GrantChange:
    """The lead takes the change back; the grant stays as it is."""
    grant, change = locked(session, reference)
    return moved(session, Action.WITHDRAW_CHANGE, actor, grant, change, now)


def needs_of(session: Session, grant: Grant, change: GrantChange) -> Needs:
    """Who must do something for a change, by the data partner's rules as they are now."""
    return needs([ChangeKind(kind) for kind in change.kinds], wishes_of(session, grant.data_partner_id))


def freeze(change: GrantChange, planned: Plan) -> None:
    """Keep what was decided on: the record to be issued, and what the listings said of their terms."""
    succession = planned.after.succession
    if succession is not None:
        bound = replace(succession, change_sha256=change.content_hash)
        change.terms = record_to(replace(planned.after, succession=bound))
    change.terms_hash = planned.terms_hash


def on_its_way(session: Session, grant: Grant) -> str | None:
    """The reference of the change of this grant that is on its way; there is one at most."""
    wanted = select(GrantChange.reference).where(GrantChange.grant_id == grant.id, GrantChange.state.in_(OPEN_CHANGES))
    return session.scalar(wanted)


def _require_free(session: Session, grant: Grant, now: datetime) -> None:
    if now.astimezone(UTC).date() > grant.ends_on:
        raise WrongState(N_("The grant's last day has passed. Copy its proposal as new to ask for the data again."))
    open_one = on_its_way(session, grant)
    if open_one is not None:
        raise WrongState(f"{open_one} is on its way already. Wait for it, or withdraw it; then ask anew.")
    following = successor_of(session, grant)
    if following is not None and following.state in LIVE_GRANTS:
        raise WrongState(f"{following.number} is about to take this grant's place. Ask for the change there.")


def _check(session: Session, actor: Actor, wanted: Wanted, kinds: list[ChangeKind]) -> None:
    if not kinds:
        raise Invalid(N_("Nothing would differ from the grant as it is. Change at least one thing."))
    if wanted.renews and wanted.ends_on is None:
        raise Invalid(N_("Enter the last day of the new term, later than the grant's own."), "ends_on")
    known = {dataset.reference for dataset in datasets_by_references(session, actor, wanted.add, offered_only=True)}
    if set(wanted.add) - known:
        raise Invalid(N_("There is no such dataset open to proposals. Choose one from the list."), "add")


def _require_nothing_overdue(session: Session, grant: Grant, kinds: list[ChangeKind]) -> None:
    held_up = held_up_by(session, grant, kinds)
    if held_up is not None:
        raise Invalid(
            f"Your organization cannot renew or extend grants for now: {held_up.words or held_up.cause}", "ends_on"
        )


def _change(
    actor: Actor, grant: Grant, reference: str, wanted: Wanted, kinds: list[ChangeKind], now: datetime
) -> GrantChange:
    return GrantChange(
        reference=reference,
        grant_id=grant.id,
        kinds=[kind.value for kind in kinds],
        state=ChangeState.ASKED,
        state_since=now,
        wanted=to_json(wanted),
        asked_by_id=actor.person_id,
        asked_at=now,
    )


def _content(grant: Grant, change: GrantChange, planned: Plan) -> JSONObject:
    """What everyone is shown. It names the record that it starts from, so that it fits no other grant."""
    succession = planned.after.succession
    rows = succession.differences if succession else ()
    return {
        "format": FORMAT,
        "reference": change.reference,
        "grant": grant.number,
        "record": grant.record_hash,
        "kinds": change.kinds,
        "wanted": change.wanted,
        "why": change.why,
        "report": change.report,
        "differences": [{"label": row.label, "before": row.before, "after": row.after} for row in rows],
    }


def _start(session: Session, actor: Actor, grant: Grant, change: GrantChange, planned: Plan, now: datetime) -> None:
    """Whoever must act first gets it: the secretariat, the data partner, the director, or nobody."""
    wanted = needs_of(session, grant, change)
    if wanted.check:
        return
    if wanted.decision:
        by_system(session, Action.FORWARD_CHANGE, grant, change, now)
    elif wanted.letter:
        freeze(change, planned)
        by_system(session, Action.WAVE_CHANGE_THROUGH, grant, change, now)
    else:
        let_people_change(session, actor, grant, from_json(change.wanted), now)
        by_system(session, Action.NOTE_CHANGE, grant, change, now)


_NO_REPORT = N_("Say in a few sentences what was done with the data so far. The data partner decides on it.")


def _words(text: str, field: str, missing: str) -> str:
    words = clean(text)
    if missing and not words:
        raise Invalid(missing, field)
    if len(words) > LONGEST_WORDS:
        raise Invalid(N_("Shorten this to 2,000 characters."), field)
    return words
