"""Hand-overs for those who have to do with them, and whether one gives a right at a moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session, joinedload

from app.changes.queries.waits import answer_clock, signing_turns
from app.changes.standing import subgrant_standing
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.commands.acting import NOT_THERE
from app.grants.duties import deletes_handed_over
from app.grants.models import Duty, Grant, SubGrant
from app.grants.queries.grants import in_force_after
from app.grants.queries.turn_rows import Way, row_of_turn
from app.grants.queries.turns import Turn
from app.grants.queries.verification import sub_status_of
from app.letters.verdict import Issued
from app.proposals.models import Proposal
from app.rules.actions import Action
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Progress
from app.rules.duties import DutyKind
from app.rules.permissions import allowed
from app.rules.roles import Role
from app.rules.tasks import Group, Row
from app.rules.visibility import sees
from app.rules.workflow import Machine, SubGrantState, is_possible


@dataclass(frozen=True)
class SeenSubGrant:
    """A hand-over, its grant, what the viewer may do, whether it gives a right now, who signs it, or by when it is answered."""

    row: SubGrant
    grant: Grant
    may: frozenset[Action]
    status: Issued
    turn: Turn | None
    answer: Progress | None


def subgrants_under(session: Session, grant: Grant) -> list[SubGrant]:
    """The hand-overs that stand under a grant now."""
    return list(session.scalars(select(SubGrant).where(SubGrant.grant_id == grant.id).order_by(SubGrant.id)))


def subgrant_seen_by(session: Session, viewer: Actor, number: str, now: datetime) -> SeenSubGrant:
    """One hand-over; raises NotFound for those who have no business with its grant."""
    row = subgrant_by_number(session, number)
    roles = subgrant_standing(session, viewer, row.grant)
    if not sees(roles, Machine.SUBGRANT, row.state):
        raise NotFound(NOT_THERE)
    may = allowed(roles, Machine.SUBGRANT, row.state)
    turn = signing_turns(session, [(row, row.grant)], now).get(number)
    answer = answer_clock(row, now) if is_possible(Action.ACCEPT_SUBGRANT, row.state) else None
    return SeenSubGrant(row, row.grant, may, sub_status_of(row, row.grant, now), turn, answer)


def subgrant_by_number(session: Session, number: str) -> SubGrant:
    """One hand-over with its grant and parties, whoever asks; raises NotFound."""
    above = joinedload(SubGrant.grant)
    wanted = select(SubGrant).where(SubGrant.number == number)
    row = session.scalar(
        wanted.options(
            above.joinedload(Grant.member), above.joinedload(Grant.data_partner), joinedload(SubGrant.letter)
        )
    )
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def deletion_of(session: Session, row: SubGrant) -> tuple[str, Duty] | None:
    """The duty to have the recipient delete what this one handed over, with the number of the grant that owes it now; None
    before its end.
    """
    if row.sealed_at is None:
        return None
    holder = in_force_after(session, row.grant)
    sentence = deletes_handed_over(row.number, row.organization_name)
    owing = (Duty.grant_id == holder.id, Duty.kind == DutyKind.DELETE, Duty.sentence == sentence)
    duty = session.scalar(select(Duty).where(*owing))
    return (holder.number, duty) if duty else None


_SIGNING = Way(
    N_("Sign a hand-over of data"),
    N_("Read and sign"),
    N_("%(name)s signs a hand-over"),
    N_("%(name)s signs your hand-over"),
    "changes.subgrant",
)


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Hand-overs that wait for the viewer's signature, and those whose signatory or recipient the viewer waits for."""
    above = joinedload(SubGrant.grant)
    parties = (above.joinedload(Grant.member), above.joinedload(Grant.data_partner), above.joinedload(Grant.proposal))
    wanted = select(SubGrant).where(SubGrant.id.in_(_keys(viewer))).options(*parties).order_by(SubGrant.id)
    found = session.scalars(wanted).all()
    turns = signing_turns(session, [(row, row.grant) for row in found], now)
    made = (
        row_of_turn(
            row.grant, turns[row.number], viewer, _SIGNING, (("number", row.number),), other=row.organization_name
        )
        if row.number in turns
        else _offered(row, now)
        for row in found
    )
    return [row for row in made if row is not None]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether there may be any such row for the viewer."""
    return _keys(viewer).exists()


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _keys(viewer: Actor) -> Select[int]:
    leads = and_(Proposal.lead_id == viewer.person_id, Grant.member_id.in_(viewer.organization_ids))
    signing = Grant.member_id.in_(viewer.organizations_with(Role.SIGNATORY, Role.FOCAL_POINT))
    office = true() if viewer.organizations_with(Role.OFFICER, Role.DIRECTOR) else false()
    return (
        select(SubGrant.id)
        .join(Grant, Grant.id == SubGrant.grant_id)
        .join(Proposal, Proposal.id == Grant.proposal_id)
        .where(
            or_(
                and_(SubGrant.state == SubGrantState.TO_SIGN, or_(leads, signing, office)),
                and_(SubGrant.state == SubGrantState.OFFERED, leads),
            )
        )
    )


def _offered(each: SubGrant, now: datetime) -> Row:
    clock = answer_clock(each, now)
    return Row(
        group=Group.OTHERS,
        sentence=N_("%(name)s answers a hand-over"),
        facts=(("name", each.person_name),),
        lines=(f"{each.grant.title} · {each.number}", each.organization_name),
        initials=initials_of(each.person_name),
        tone="c",
        endpoint="changes.subgrant",
        values=(("number", each.number),),
        due=clock.due,
        clock=clock,
    )
