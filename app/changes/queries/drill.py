"""The drill: who would have to delete what, by when, if something were withdrawn today. It reads, and changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import Session, joinedload

from app.catalog.models import Dataset
from app.changes.queries.drill_lines import Line, dropped_lines, ended_lines, line_of, people_on
from app.delivery.models import Delivery
from app.grants.models import Duty, Grant, GrantDataset, SubGrant
from app.grants.record import from_json
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.duties import DELETED_AT_THE_END, DutyKind
from app.rules.roles import Role
from app.rules.workflow import OWED, GrantState, SubGrantState, is_possible

_STEWARDS = (Role.STEWARD, Role.DEPUTY)
# Where data can still be: from the seal until the deletion is certified and the grant closed.
HOLDS_DATA = (GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.EXPIRED, GrantState.CLOSING, GrantState.REVOKED)
_LIVE = (SubGrantState.ACTIVE, SubGrantState.ACCEPTED)


@dataclass(frozen=True)
class Asked:
    """What would be withdrawn: a dataset, what was granted under one agreement version, or all of one member's."""

    dataset: str = ""
    version: str = ""
    member: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen."""
        return not (self.dataset or self.version or self.member)


@dataclass(frozen=True)
class Choices:
    """What can be chosen: pairs of a code and its words."""

    datasets: tuple[tuple[str, str], ...]
    versions: tuple[str, ...]
    members: tuple[tuple[str, str], ...]


def choices(session: Session, viewer: Actor) -> Choices:
    """What the viewer may ask about: their own data partner's, or everything for the secretariat."""
    mine = _visible(viewer)
    datasets = (
        select(Dataset.reference, Dataset.title)
        .join(GrantDataset, GrantDataset.dataset_id == Dataset.id)
        .join(Grant, Grant.id == GrantDataset.grant_id)
        .where(mine)
        .distinct()
        .order_by(Dataset.title)
    )
    versions = select(Grant.agreement_version).where(mine).distinct().order_by(Grant.agreement_version)
    members = (
        select(Organization.slug, Organization.name)
        .join(Grant, Grant.member_id == Organization.id)
        .where(mine)
        .distinct()
        .order_by(Organization.name)
    )
    return Choices(
        tuple((reference, title) for reference, title in session.execute(datasets)),
        tuple(session.scalars(versions)),
        tuple((slug, name) for slug, name in session.execute(members)),
    )


def drill(session: Session, viewer: Actor, asked: Asked, now: datetime) -> list[Line]:
    """Everyone who would have to delete, the earliest day first. Nothing for whoever asks about what is not theirs to know."""
    if asked.is_empty:
        return []
    today = now.astimezone(UTC).date()
    grants = list(session.scalars(_grants(viewer, asked)).unique())
    people = people_on(session, grants)
    handed = _handed(session, grants)
    held = _held_open(session, grants)
    lines = [
        replace(line, is_open=grant.id in held and not line.is_handed_over)
        for grant in grants
        for line in _lines(grant, people, handed, asked, today)
    ]
    concerned = _asked_for(viewer, asked)
    lines += dropped_lines(session, concerned, asked.dataset, today)
    lines += ended_lines(session, concerned, asked.dataset, today)
    return sorted(lines, key=lambda line: (line.delete_by, line.number))


def _visible(viewer: Actor) -> ColumnElement[bool]:
    if viewer.consortium_roles & {Role.OFFICER, Role.DIRECTOR, Role.AUDITOR}:
        return true()
    return Grant.data_partner_id.in_(viewer.organizations_with(*_STEWARDS))


def _grants(viewer: Actor, asked: Asked) -> Select[Grant]:
    # What was left out earlier, or handed over, has lines of its own.
    at_the_end = (Duty.kind == DutyKind.DELETE, Duty.round == DELETED_AT_THE_END)
    owed = exists().where(Duty.grant_id == Grant.id, *at_the_end, Duty.state.in_(OWED))
    in_use = Grant.state.in_((GrantState.ACTIVE, GrantState.SUSPENDED))
    still_on = exists().where(Delivery.grant_id == Grant.id, Delivery.is_open)
    conditions = [Grant.state.in_(HOLDS_DATA), Grant.sealed_at.is_not(None), or_(in_use, owed, still_on)]
    if asked.dataset:
        naming = select(GrantDataset.grant_id).join(Dataset, Dataset.id == GrantDataset.dataset_id)
        conditions.append(Grant.id.in_(naming.where(Dataset.reference == asked.dataset)))
    wanted = select(Grant).where(_asked_for(viewer, asked), *conditions)
    return wanted.options(joinedload(Grant.member)).order_by(Grant.id)


def _asked_for(viewer: Actor, asked: Asked) -> ColumnElement[bool]:
    """The grants that the viewer may know of, and that are asked about, whatever they name."""
    conditions = [_visible(viewer)]
    if asked.version:
        conditions.append(Grant.agreement_version == asked.version)
    if asked.member:
        conditions.append(Grant.member_id.in_(select(Organization.id).where(Organization.slug == asked.member)))
    return and_(*conditions)


def _held_open(session: Session, grants: Sequence[Grant]) -> set[int]:
    """The keys of those for which the data partner holds access open on its side."""
    keys = [grant.id for grant in grants]
    return set(session.scalars(select(Delivery.grant_id).where(Delivery.grant_id.in_(keys), Delivery.is_open)))


def _handed(session: Session, grants: Sequence[Grant]) -> dict[int, list[SubGrant]]:
    under = select(SubGrant).where(SubGrant.grant_id.in_([grant.id for grant in grants]), SubGrant.state.in_(_LIVE))
    found: dict[int, list[SubGrant]] = {}
    for row in session.scalars(under.order_by(SubGrant.id)):
        found.setdefault(row.grant_id, []).append(row)
    return found


def _lines(
    grant: Grant, people: dict[int, list[str]], handed: dict[int, list[SubGrant]], asked: Asked, today: date
) -> list[Line]:
    record = from_json(grant.record)
    concerned = [each for each in record.datasets if asked.dataset in ("", each.reference)]
    if not concerned:
        return []
    # What ended already began its days then; a withdrawal today makes no day later.
    has_ended = not is_possible(Action.REVOKE_GRANT, grant.state)
    ended = min(today, grant.state_since.date() if has_ended else today, grant.ends_on)
    own = line_of(grant.number, grant.member.name, concerned, people.get(grant.id, []), ended, today)
    kept = (record.kept_where, record.kept_in)
    found = [_with(own, kept, grant.state.value, is_handed_over=False)]
    for row in handed.get(grant.id, []):
        theirs = [each for each in concerned if each.reference in row.datasets]
        if theirs:
            cut = row.record["grant"]
            place = cut["kept"] if isinstance(cut, dict) else {}
            line = line_of(row.number, row.organization_name, theirs, [row.person_name], ended, today)
            where = (
                (str(place.get("where", "")), str(place.get("country", ""))) if isinstance(place, dict) else ("", "")
            )
            found.append(_with(line, where, row.state.value, is_handed_over=True))
    return found


def _with(line: Line, kept: tuple[str, str], state: str, *, is_handed_over: bool) -> Line:
    return replace(line, kept=kept, state=state, is_handed_over=is_handed_over)
