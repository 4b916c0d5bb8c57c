"""What the rows of the inbox that hang on a grant share: who gives and who leads, and how such a row is written."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, false, func, select

from app.delivery.models import Delivery
from app.grants.models import Duty, Grant
from app.incidents.models import Incident
from app.outputs.models import Output
from app.proposals.models import Proposal
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Progress
from app.rules.roles import Role
from app.rules.tasks import Group, Row, mine

STEWARDS = (Role.STEWARD, Role.DEPUTY)
OFFICE = (Role.OFFICER, Role.DIRECTOR)


def of_grant(model: type[Delivery | Duty | Output | Incident], condition: ColumnElement[bool]) -> Select[int]:
    """The keys of the things of this kind of which this holds; `condition` may speak of their grants."""
    return select(model.id).join(Grant, Grant.id == model.grant_id).where(condition)


def number_of(parts: Sequence[Select[int]]) -> ScalarSelect[int]:
    """How many keys there are in all of these."""
    first, *others = (
        part.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery() for part in parts
    )
    return select(sum(others, start=first)).scalar_subquery()


def leads(viewer: Actor) -> ColumnElement[bool]:
    """Grants whose project lead the viewer is, while of the member."""
    is_lead = exists().where(Proposal.id == Grant.proposal_id, Proposal.lead_id == viewer.person_id)
    return and_(is_lead, Grant.member_id.in_(viewer.organization_ids))


def gives(viewer: Actor) -> ColumnElement[bool]:
    """Grants for whose data partner the viewer answers; nobody answers to their own organization."""
    giving = viewer.organizations_with(*STEWARDS)
    if not giving:
        return false()
    return and_(Grant.data_partner_id.in_(giving), Grant.member_id.not_in(viewer.organization_ids))


def row_of(
    grant: Grant,
    words: tuple[str, str],
    endpoint: str,
    value: tuple[str, str],
    due: date | None,
    *,
    is_mine: bool,
    other: str = "",
    clock: Progress | None = None,
    is_over: bool = False,
    take: tuple[str, str] | None = None,
    take_since: datetime | None = None,
) -> Row:
    """One row: what is to be done and its button, or what others do; `other` is who they are."""
    return Row(
        group=mine(is_over or bool(clock and clock.is_over)) if is_mine else Group.OTHERS,
        sentence=words[0],
        facts=(("name", other),),
        lines=(f"{grant.title} · {value[1]}", grant.member.name if is_mine else grant.data_partner.name),
        initials=initials_of(grant.member.name if is_mine else other or "S"),
        tone="a" if is_mine else "b",
        endpoint=endpoint,
        values=(value,),
        button=words[1] if is_mine else "",
        due=due,
        clock=clock,
        take=take if is_mine else None,
        take_since=take_since if is_mine else None,
    )
