"""Outputs for those who have to do with them; the published ones for everyone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.queries.turns import Turn, turn_on
from app.grants.sides import sides
from app.outputs.models import Output, OutputComment, OutputDraft, OutputVersion
from app.outputs.queries.clock import is_delayed, is_late
from app.outputs.queries.terms import most_delay_days
from app.outputs.queries.undoing import TakingBack, settles_at, taking_back
from app.outputs.queries.waits import wait_of
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import Progress
from app.rules.permissions import allowed, may
from app.rules.visibility import sees
from app.rules.workflow import Machine, OutputState, is_possible

# The acts by which changes are asked for.
ASKS = frozenset({Action.ASK_OUTPUT_CHANGES, Action.RETURN_AFTER_TEST})
NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


@dataclass(frozen=True)
class SeenOutput:
    """One output with all that its page shows, for one viewer."""

    grant: Grant
    output: Output
    may: frozenset[Action]
    turn: Turn | None
    is_late: bool
    # Earlier versions and what was said of them stay with those who wrote and read it (clause 17.7).
    versions: Sequence[OutputVersion]
    reads_remarks: bool
    # Whether the viewer may ask to wait with publication, for how many days at most, and whether that was asked and still holds.
    may_delay: bool
    most_delay_days: int
    is_delayed: bool
    # What the viewer's own side means to ask for, and whether the viewer may send it.
    drafts: Sequence[OutputDraft]
    may_ask: bool
    # The answer that the viewer can take back; until when whoever gave it may.
    taking_back: TakingBack | None
    settles_at: datetime | None

    @property
    def due(self) -> date | None:
        """By when whoever is next acts: the day where they are, or the moment where hours count."""
        clock = self.turn.clock if self.turn else None
        return clock.when if isinstance(clock, Progress) else clock.due if clock else None

    @property
    def terms_answer_silence(self) -> bool:
        """Whether it is read now, so that the terms say what follows where nobody answers."""
        return is_possible(Action.ESCALATE_OUTPUT, self.output.state)

    @property
    def before(self) -> OutputVersion | None:
        """The version before this one of which changes were asked for last."""
        asked = [each for each in self.versions[:-1] if any(said.ground for said in each.comments)]
        return asked[-1] if asked and self.reads_remarks else None

    @property
    def asked_count(self) -> int:
        """How many changes were asked for in this version."""
        return sum(bool(each.ground) for each in self.current.comments)

    @property
    def answered_count(self) -> int:
        """How many of them have an answer in words."""
        answered = {each.answers_id for each in self.current.comments}
        return sum(bool(each.ground) and each.id in answered for each in self.current.comments)

    @property
    def current(self) -> OutputVersion:
        """The version that was submitted last."""
        return self.versions[-1]


def side_of(actor: Actor, grant: Grant) -> int | None:
    """The organization for which somebody speaks of an output: a party of the grant, else the secretariat."""
    concerned = [key for key in (grant.data_partner_id, grant.member_id) if key in actor.organization_ids]
    return next(iter([*concerned, *sorted(actor.organization_ids)]), None)


def grant_for_outputs(session: Session, viewer: Actor, number: str) -> tuple[Grant, bool]:
    """The grant, and whether the viewer may submit an output of it; raises NotFound for those who may not know of it."""
    grant = session.scalar(_parties().where(Grant.number == number))
    if grant is None:
        raise NotFound(NOT_THERE)
    roles = sides(session, viewer, grant)
    if not sees(roles, Machine.GRANT, grant.state):
        raise NotFound(NOT_THERE)
    return grant, may(roles, Action.SUBMIT_OUTPUT)


def output_seen_by(session: Session, viewer: Actor, reference: str, now: datetime) -> SeenOutput:
    """One output; raises NotFound for those who may not know of it, in the state that it is in."""
    row = session.scalar(_whole().where(Output.reference == reference))
    if row is None:
        raise NotFound(NOT_THERE)
    roles = sides(session, viewer, row.grant)
    if not sees(roles, Machine.OUTPUT, row.state):
        raise NotFound(NOT_THERE)
    acts = allowed(roles, Machine.OUTPUT, row.state)
    has_read = sees(roles, Machine.OUTPUT, OutputState.IN_READING)
    versions = row.versions if has_read else row.versions[-1:]
    most, today = most_delay_days(row.grant), now.astimezone(UTC).date()
    may_delay = row.cleared_at is not None and today < row.cleared_at.astimezone(UTC).date() + timedelta(days=most)
    return SeenOutput(
        grant=row.grant,
        output=row,
        may=acts,
        turn=turn_on(session, wait_of(row.grant, row), now),
        is_late=is_late(row, now),
        versions=versions,
        reads_remarks=has_read,
        may_delay=Action.DELAY_OUTPUT in acts and may_delay and row.delayed_until is None,
        most_delay_days=most,
        is_delayed=is_delayed(row, now),
        drafts=_drafts(session, viewer, row) if acts & ASKS else (),
        may_ask=bool(acts & ASKS),
        taking_back=taking_back(session, viewer, row, acts, now),
        settles_at=settles_at(session, row, now),
    )


def _drafts(session: Session, viewer: Actor, row: Output) -> Sequence[OutputDraft]:
    """What the viewer's side has kept for the version that is read now, in the order of its lines."""
    ours = (OutputDraft.version_id == row.versions[-1].id, OutputDraft.organization_id == side_of(viewer, row.grant))
    found = select(OutputDraft).where(*ours).options(joinedload(OutputDraft.author)).order_by(OutputDraft.id)
    return sorted(session.scalars(found), key=lambda each: each.line or 0)


def outputs_of(session: Session, viewer: Actor, grant: Grant) -> Sequence[Output]:
    """The outputs of a grant that the viewer may know of, the newest first."""
    roles = sides(session, viewer, grant)
    rows = session.scalars(select(Output).where(Output.grant_id == grant.id).order_by(Output.id.desc())).all()
    return [row for row in rows if sees(roles, Machine.OUTPUT, row.state)]


def published_of(session: Session, numbers: Sequence[str]) -> Sequence[tuple[str, Output]]:
    """What was published of these grants, for everyone, each with the number of its grant."""
    found = (
        select(Grant.number, Output)
        .join(Output, Output.grant_id == Grant.id)
        .where(Grant.number.in_(numbers), Output.state == OutputState.PUBLISHED)
        .order_by(Output.published_on, Output.id)
    )
    return [(number, row) for number, row in session.execute(found)]


def cleared_by_hash(session: Session, sha256: str) -> Output | None:
    """The output whose cleared copy has exactly these bytes."""
    found = select(Output).where(Output.cleared_sha256 == sha256, Output.cleared_at.is_not(None))
    known = found.where(Output.state.in_((OutputState.CLEARED, OutputState.PUBLISHED)))
    return session.scalar(known.options(joinedload(Output.grant)).order_by(Output.id).limit(1))


def _whole() -> Select[Output]:
    versions = selectinload(Output.versions)
    comments = versions.selectinload(OutputVersion.comments)
    return select(Output).options(
        joinedload(Output.grant).options(joinedload(Grant.data_partner), joinedload(Grant.member)),
        joinedload(Output.submitted_by),
        joinedload(Output.cleared_by),
        versions.joinedload(OutputVersion.file),
        comments.joinedload(OutputComment.author),
        comments.joinedload(OutputComment.organization),
    )


def _parties() -> Select[Grant]:
    return select(Grant).options(joinedload(Grant.data_partner), joinedload(Grant.member))
