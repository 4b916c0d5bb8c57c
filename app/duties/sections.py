"""What a grant's page says of its duties: a checklist in the order of days, and what cannot be done while one is overdue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.duties.queries import duties_of, fell_away, is_overdue, ref_of, wait_of
from app.foundation.words import N_
from app.grants.around import Place, Section
from app.grants.models import Duty
from app.grants.queries.grants import SeenGrant
from app.grants.queries.turns import turns
from app.grants.record import from_json
from app.organizations.restrictions import restrictions_of
from app.rules.actors import Actor
from app.rules.duties import BINDING, how_done
from app.rules.restrictions import RESTRICTION_NAMES
from app.rules.workflow import DUTY_STATES, OWED, DutyState
from app.web.answers import told
from app.web.words import day

_NOT_OWED = (N_("Not owed any more"), "grey")


@dataclass(frozen=True)
class Line:
    """One duty as the checklist shows it."""

    duty: Duty
    when: str
    clause: str
    point: str
    state: tuple[str, str]
    mark: str
    next: str
    is_overdue: bool
    is_standing: bool
    href: str


def _promised(session: Session, viewer: Actor, seen: SeenGrant, now: datetime) -> Mapping[str, object] | None:
    grant, record = seen.grant, from_json(seen.grant.record)
    frozen = {duty.kind: duty for duty in record.duties}
    today = now.astimezone(UTC).date()
    binds = grant.state in BINDING
    lines, marked, owed = [], False, duties_of(session, grant)
    waited_for = [wait_of(grant, duty) for duty in owed if duty.due_on is not None or duty.state not in OWED]
    next_on = turns(session, waited_for, now)
    for duty in owed:
        turn = next_on.get(ref_of(grant, duty))
        as_issued = frozen.get(duty.kind)
        standing = how_done(duty.kind).is_standing and duty.due_on is None
        mark = "" if duty.state in OWED else "done"
        if binds and duty.state in OWED and duty.due_on and not marked:
            mark, marked = "now", True
        lines.append(
            Line(
                duty,
                _when(duty, as_issued.when if as_issued else "", is_overdue(duty, today)),
                duty.clause,
                as_issued.point if as_issued else "",
                _NOT_OWED if fell_away(duty) else DUTY_STATES[duty.state],
                mark,
                turn.has_it.name if turn and turn.has_it else "",
                is_overdue(duty, today),
                standing,
                url_for("duties.show", number=grant.number, duty_id=duty.id),
            )
        )
    stopped = [
        told(RESTRICTION_NAMES[row.kind])
        for row in restrictions_of(session, grant.member_id)
        if row.cause == grant.number
    ]
    is_member = grant.member_id in viewer.organization_ids
    return {"lines": lines, "stopped": stopped if is_member else [], "version": record.agreement_version}


def _when(duty: Duty, words: str, overdue: bool) -> str:
    if fell_away(duty):
        return _("Was for %(day)s", day=day(duty.due_on))
    if duty.state is DutyState.WAIVED and duty.done_at:
        return _("Waived %(day)s", day=day(duty.done_at))
    if duty.done_at:
        return _("Done %(day)s", day=day(duty.done_at))
    if duty.due_on is None:
        return words[:1].upper() + words[1:]
    return _("Was due %(day)s", day=day(duty.due_on)) if overdue else _("By %(day)s", day=day(duty.due_on))


SECTIONS = (Section(Place.DUTIES, "duties/on_grant.html", _promised),)
