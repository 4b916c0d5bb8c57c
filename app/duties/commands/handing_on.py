"""What was done of a promise stays with it when a newer grant carries it on: evidence, report, certificate and answer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.commands.rounds import begin_next_round
from app.duties.models import DutyEvidence, DutyReport
from app.grants.models import Duty, Grant
from app.grants.record import from_json
from app.rules.duties import DELETED_AT_THE_END, DutyKind
from app.rules.workflow import OWED


def hand_on(session: Session, grant: Grant, now: datetime) -> None:
    """Give the duties of a successor what their predecessors hold, and what was done between its issue and its seal."""
    successor = session.scalar(select(Grant).where(Grant.number == (grant.successor_number or "")))
    if successor is None:
        return
    duties = select(Duty).order_by(Duty.id).with_for_update()
    theirs = {(duty.kind, duty.round): duty for duty in session.scalars(duties.where(Duty.grant_id == successor.id))}
    for duty in session.scalars(duties.where(Duty.grant_id == grant.id)).all():
        carried = theirs.get((duty.kind, duty.round))
        if carried is not None and _is_same(duty, carried, successor):
            _hand_on(session, duty, carried)
            _catch_up(session, grant, duty, carried, successor)
            if carried.state not in OWED:  # with a later last day another round may fall into the time
                begin_next_round(session, successor, carried, now)
    session.flush()


def _is_same(duty: Duty, carried: Duty, successor: Grant) -> bool:
    """A renewal begins its duties anew, but for those that were late or are being read."""
    if duty.kind == DutyKind.DELETE and duty.round == DELETED_AT_THE_END:
        return False
    succession = from_json(successor.record).succession
    begins_anew = succession is not None and succession.kind == "renews"
    return not begins_anew or (duty.due_on is not None and duty.due_on == carried.due_on)


def _hand_on(session: Session, duty: Duty, carried: Duty) -> None:
    known = select(DutyEvidence.id).where(DutyEvidence.duty_id == carried.id).limit(1)
    if session.scalar(known) is None:
        shown = select(DutyEvidence).where(DutyEvidence.duty_id == duty.id).order_by(DutyEvidence.id)
        for each in session.scalars(shown):
            session.add(
                DutyEvidence(
                    duty_id=carried.id,
                    body=each.body,
                    link=each.link,
                    file_id=each.file_id,
                    given_by_id=each.given_by_id,
                    given_at=each.given_at,
                )
            )
    report = session.scalar(select(DutyReport).where(DutyReport.duty_id == duty.id))
    if report is not None and session.scalar(select(DutyReport.id).where(DutyReport.duty_id == carried.id)) is None:
        session.add(
            DutyReport(
                duty_id=carried.id, content=report.content, saved_by_id=report.saved_by_id, saved_at=report.saved_at
            )
        )


def _catch_up(session: Session, grant: Grant, duty: Duty, carried: Duty, successor: Grant) -> None:
    """What was done or answered after the successor was issued, and before it took its predecessor's place."""
    since = duty.state_since
    is_between = since is not None and successor.issued_at < since < grant.state_since
    if not is_between or carried.state not in OWED or duty.state in OWED:
        return
    carried.state, carried.state_since, carried.done_at = duty.state, duty.state_since, duty.done_at
    carried.words, carried.reminded = duty.words, None
    session.flush()
