"""What becomes of running grants when a side leaves the common agreement: a member's end, a data partner's run on for a while."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.grants.commands.acting import locked, moved, record_event
from app.grants.commands.freezing import UNNAMED
from app.grants.lasting import shortened
from app.grants.models import Duty, Grant
from app.grants.record import from_json, record_hash, to_json
from app.grants.standing import standing
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.duties import DutyKind
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.stopping import Ground, runs_on_until
from app.rules.workflow import OWED, Machine, transition

ENDED_BY = "19.8"


def end_with_member(session: Session, member: Organization, left_on: date, now: datetime) -> list[Grant]:
    """End every running grant of a member that has left (clause 19.8); does nothing a second time. Returns what ended."""
    reason = f"{member.name} left the common agreement on {left_on:%d %b %Y}. Its grants ended with that (clause 19.8)."
    ended = _running(session, Grant.member_id == member.id, Action.REVOKE_GRANT)
    for grant in ended:
        facts = {"ground": Ground.ACCESSION_LAPSED.value, "clause": ENDED_BY}
        moved(session, Action.REVOKE_GRANT, SYSTEM, grant, now, reason, **facts)
        grant.state_ground = Ground.ACCESSION_LAPSED
    session.flush()
    return ended


def run_on_without_partner(session: Session, partner: Organization, left_on: date, now: datetime) -> list[Grant]:
    """Let every running grant of a data partner that has left run on for no longer than clause 19.7 allows.

    Returns all that run on, also those that end by themselves before that; does nothing a second time. The record of one whose
    letter is not sealed yet says the new day: that letter is its printed copy. A sealed one stays as it was signed.
    """
    running = _running(session, Grant.data_partner_id == partner.id, Action.SHORTEN_GRANT)
    for grant in running:
        last = max(runs_on_until(left_on, grant.ends_on), grant.starts_on + timedelta(days=1))
        if last < grant.ends_on:
            permit(Action.SHORTEN_GRANT, standing(session, SYSTEM, grant), Machine.GRANT, grant.state)
            facts: JSONObject = {"before": grant.ends_on.isoformat(), "ends_on": last.isoformat(), "clause": "19.7"}
            grant.ends_on = last
            if grant.sealed_at is None:
                _say_new_day(session, grant, partner, now)
                facts["record"] = grant.record_hash
            record_event(session, Event.GRANT_SHORTENED, SYSTEM, grant, now, {"title": grant.title, **facts})
    session.flush()
    return running


def _say_new_day(session: Session, grant: Grant, partner: Organization, now: datetime) -> None:
    record = from_json(grant.record)
    name = UNNAMED if record.partner_is_unnamed else partner.name
    seat = session.get_one(Organization, grant.member_id).country
    said = shortened(record, name, grant.ends_on, seat, now.astimezone(UTC).date())
    grant.record, grant.record_hash = to_json(said), record_hash(said)
    # What is owed is dated as the letter says it; the deletion is counted from the end by app/duties.
    later = (Duty.grant_id == grant.id, Duty.kind != DutyKind.DELETE, Duty.state.in_(OWED), Duty.due_on > grant.ends_on)
    for duty in session.scalars(select(Duty).where(*later).with_for_update()):
        duty.due_on = grant.ends_on


def _running(session: Session, of_side: ColumnElement[bool], action: Action) -> list[Grant]:
    """The grants of one side to which the act is possible, each locked, the oldest first."""
    sources = transition(action).sources
    numbers: Sequence[str] = session.scalars(
        select(Grant.number).where(of_side, Grant.state.in_(sources)).order_by(Grant.id)
    ).all()
    return [grant for grant in (locked(session, number) for number in numbers) if grant.state in sources]
