"""The member does a duty: with evidence, or with its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.commands.acting import lift_when_settled, locked, moved, require_permitted
from app.duties.commands.rounds import begin_next_round
from app.duties.models import DutyEvidence, DutyReport
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, WrongState
from app.foundation.said import LONGEST_WORDS, words_of
from app.foundation.stored_files import StoredFile
from app.foundation.text import clean
from app.foundation.words import N_
from app.grants.models import Duty
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.duties import DutyKind, how_done

MOST_EVIDENCE = 20
ANSWERS = ("decision", "outputs", "effects", "did_not_work", "quote")


@dataclass(frozen=True)
class Given:
    """What shows that a duty was done; at least one of the three."""

    body: str = ""
    link: str = ""
    file: StoredFile | None = None


def do(session: Session, actor: Actor, number: str, duty_id: int, given: Given, now: datetime) -> Duty:
    """Say that a duty is done, and show it. The data partner reads it next.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; WrongState too where the duty has a form of its own.
        Invalid: nothing shows it.
    """
    grant, duty = locked(session, number, duty_id)
    require_permitted(session, Action.DO_DUTY, actor, grant, duty)
    how = how_done(duty.kind)
    if how.has_own_form or duty.kind == DutyKind.CLEAR_OUTPUT:
        raise WrongState(N_("This duty is done on a page of its own. Open it from the grant."))
    _add(session, actor, duty, given, now)
    moved(session, Action.DO_DUTY, actor, grant, duty, now)
    begin_next_round(session, grant, duty, now)
    lift_when_settled(session, grant, now)
    return duty


def add_evidence(session: Session, actor: Actor, number: str, duty_id: int, given: Given, now: datetime) -> Duty:
    """Add to what shows that a duty was done, without saying that it is."""
    grant, duty = locked(session, number, duty_id)
    require_permitted(session, Action.ADD_EVIDENCE, actor, grant, duty)
    _add(session, actor, duty, given, now)
    return moved(session, Action.ADD_EVIDENCE, actor, grant, duty, now)


def save_report(
    session: Session, actor: Actor, number: str, duty_id: int, content: Mapping[str, object], now: datetime
) -> DutyReport:
    """Keep a report as far as it is written; an incomplete one is kept as well."""
    grant, duty = locked(session, number, duty_id)
    require_permitted(session, Action.DO_DUTY, actor, grant, duty)
    _require_report(duty)
    row = session.scalar(select(DutyReport).where(DutyReport.duty_id == duty.id))
    if row is None:
        row = DutyReport(duty_id=duty.id)
        session.add(row)
    row.content, row.saved_by_id, row.saved_at = _cleaned(content), actor.person_id or 0, now
    session.flush()
    return row


def send_report(
    session: Session, actor: Actor, number: str, duty_id: int, content: Mapping[str, object], now: datetime
) -> Duty:
    """Send the report; the data partner reads it next, and the next one is scheduled.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say.
        Invalid: an indicator has no value now, or the question about the decision has no answer.
    """
    row = save_report(session, actor, number, duty_id, content, now)
    _require_whole(row.content)
    grant, duty = locked(session, number, duty_id)
    moved(session, Action.DO_DUTY, actor, grant, duty, now)
    begin_next_round(session, grant, duty, now)
    lift_when_settled(session, grant, now)
    return duty


def _add(session: Session, actor: Actor, duty: Duty, given: Given, now: datetime) -> None:
    body, link = words_of(given.body, field="body"), given.link.strip()
    if not (body or link or given.file):
        raise Invalid(N_("Show it: in words, with an address, or with a file."), field="body")
    if link and not link.startswith(("https://", "http://")):
        raise Invalid(N_("Enter an address that begins with https://."), field="link")
    count = len(session.scalars(select(DutyEvidence.id).where(DutyEvidence.duty_id == duty.id)).all())
    if count >= MOST_EVIDENCE:
        raise Invalid(N_("There are 20 pieces of evidence already. Put the rest into one file."), field="file")
    file_id = given.file.id if given.file else None
    session.add(
        DutyEvidence(
            duty_id=duty.id, body=body, link=link[:500], file_id=file_id, given_by_id=actor.person_id, given_at=now
        )
    )
    session.flush()


def _require_report(duty: Duty) -> None:
    if duty.kind != DutyKind.REPORT:
        raise WrongState(N_("This duty has no report. Open it from the grant."))


def _cleaned(content: Mapping[str, object]) -> JSONObject:
    kept: JSONObject = {key: clean(str(content.get(key) or ""))[:LONGEST_WORDS] for key in ANSWERS}
    rows = content.get("indicators")
    kept["indicators"] = [
        {str(key): clean(str(value))[:200] for key, value in row.items()}
        for row in (rows if isinstance(rows, Sequence) and not isinstance(rows, str) else [])
        if isinstance(row, Mapping)
    ]
    return kept


def _require_whole(content: JSONObject) -> None:
    rows = content["indicators"]
    for place, row in enumerate(rows if isinstance(rows, list) else []):
        if not row.get("value"):
            raise Invalid(
                N_("Enter the value of this indicator now; where there is none yet, say so."), field=f"value_{place}"
            )
    if not content["decision"]:
        raise Invalid(
            N_("Say which decision changed, and how. Where none has changed yet, say what it waits for."),
            field="decision",
        )
