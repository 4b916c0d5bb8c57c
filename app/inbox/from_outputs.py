"""Rows of what is made from the data: to read, to test, to change, to publish."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.queries.turn_rows import Way
from app.inbox.at_grants import Waits, concerns, of_grant, parties, rows_of
from app.outputs.models import Output
from app.outputs.queries import is_delayed, wait_of
from app.rules.actors import Actor, initials_of
from app.rules.outputs import STILL_OPEN
from app.rules.tasks import Group, Row
from app.rules.workflow import Machine, OutputState


def _way(sentence: str, button: str, theirs: str = "", awaited: str = "") -> Way:
    return Way(sentence, button, theirs, awaited, "outputs.show")


_WAYS: dict[OutputState, Way] = {
    OutputState.IN_READING: _way(
        N_("Read an output before it is published"),
        N_("Read it"),
        N_("%(name)s reads an output before it is published"),
        N_("%(name)s reads your output"),
    ),
    OutputState.WITH_SECRETARIAT: _way(
        N_("Test an output that nobody answered"),
        N_("Test it"),
        N_("%(name)s tests an output that nobody answered"),
        N_("%(name)s tests an output that nobody answered"),
    ),
    OutputState.CHANGES_ASKED: _way(
        N_("Change an output and submit it again"),
        N_("See the changes"),
        awaited=N_("%(name)s changes an output that you read"),
    ),
    OutputState.CLEARED: _way(N_("Record where a cleared output is published"), N_("Record it")),
}

_PARTNER_AWAITS = frozenset({OutputState.WITH_SECRETARIAT, OutputState.CHANGES_ASKED})
_WAITS = N_("%(name)s asked to wait with publication")


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Everything of this kind that waits for the viewer, or that the viewer waits for."""
    wanted = select(Output).join(Grant, Grant.id == Output.grant_id).where(_is_open(viewer))
    found = session.scalars(wanted.options(joinedload(Output.grant).options(*parties())).order_by(Output.id))
    outputs = found.all()
    things = (
        Waits(
            row.grant,
            wait_of(row.grant, row),
            _WAYS[row.state],
            (("reference", row.reference),),
            take=(Machine.OUTPUT, row.reference),
            partner_awaits=row.state in _PARTNER_AWAITS,
        )
        for row in outputs
    )
    made = zip(outputs, rows_of(session, viewer, now, things), strict=True)
    return [_delayed(row, shown) if is_delayed(row, now) else shown for row, shown in made if shown is not None]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether there may be any."""
    return of_grant(Output, _is_open(viewer)).exists()


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _delayed(row: Output, shown: Row) -> Row:
    """Until its day the data partner is waited for, who asked for it."""
    partner = row.grant.data_partner.name
    facts, initials = (("name", partner),), initials_of(partner)
    return replace(shown, group=Group.OTHERS, sentence=_WAITS, facts=facts, initials=initials, tone="c", button="")


def _is_open(viewer: Actor) -> ColumnElement[bool]:
    return and_(Output.state.in_(STILL_OPEN), concerns(viewer))
