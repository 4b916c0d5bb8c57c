"""Grants for those who have to do with them: lists take the viewer, and what a viewer may not know of is not found."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.models import Grant, GrantPerson
from app.grants.standing import standing
from app.organizations.models import Membership, Person
from app.proposals.models import Proposal
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import allowed
from app.rules.roles import Role
from app.rules.visibility import sees
from app.rules.workflow import Machine

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
_STEWARDS = (Role.STEWARD, Role.DEPUTY)
_MONTH_DAYS = 30.44
_SHORT_DAYS = 60


@dataclass(frozen=True)
class SeenGrant:
    """A grant, and what the viewer may do with it now."""

    grant: Grant
    may: frozenset[Action]


@dataclass(frozen=True)
class Term:
    """Where a grant stands in its time. Months are counted from its first day, the running one included."""

    month: int
    months: int
    months_left: int
    days_left: int
    has_begun: bool

    @property
    def left(self) -> int:
        """What is left, in months, or in days when it is less than two months."""
        return self.days_left if self.is_short else self.months_left

    @property
    def is_short(self) -> bool:
        """Whether it is days that count."""
        return self.days_left < _SHORT_DAYS


def all_grants(session: Session) -> list[Grant]:
    """Every grant, for the operator's command line."""
    return list(session.scalars(_with_parties().options(joinedload(Grant.letter)).order_by(Grant.id)))


def grant_seen_by(session: Session, viewer: Actor, number: str) -> SeenGrant:
    """One grant with all that its page shows; raises NotFound for those who have no business with it."""
    statement = _with_parties().options(
        selectinload(Grant.duties), selectinload(Grant.datasets), joinedload(Grant.letter), joinedload(Grant.issued_by)
    )
    grant = session.scalar(statement.where(Grant.number == number))
    if grant is None:
        raise NotFound(NOT_THERE)
    roles = standing(session, viewer, grant)
    if not sees(roles, Machine.GRANT, grant.state):
        raise NotFound(NOT_THERE)
    return SeenGrant(grant, allowed(roles, Machine.GRANT, grant.state))


def grant_by_number(session: Session, number: str) -> Grant:
    """One grant with its letter, for the operator and for checks that do not depend on who asks; raises NotFound."""
    statement = _with_parties().options(joinedload(Grant.letter))
    grant = session.scalar(statement.where(Grant.number == number))
    if grant is None:
        raise NotFound(N_("There is no grant with this number. `flask grant list` shows all."))
    return grant


def term_of(grant: Grant, now: datetime) -> Term:
    """Where the grant stands in its time, in UTC."""
    today = now.astimezone(UTC).date()
    total = (grant.ends_on - grant.starts_on).days + 1
    passed = min(max((today - grant.starts_on).days, 0), total)
    months = max(round(total / _MONTH_DAYS), 1)
    return Term(
        month=min(int(passed / total * months) + 1, months),
        months=months,
        months_left=round((total - passed) / _MONTH_DAYS),
        days_left=total - passed,
        has_begun=today >= grant.starts_on,
    )


def people_concerned(session: Session, grant: Grant) -> list[tuple[str, str]]:
    """Name and address of everyone who is told: the project lead and team, and the stewards of the data partner.

    Nobody who left: the grant's page is not theirs to open any more.
    """
    return _named_once(session, *_using(grant), _giving(grant))


def people_using(session: Session, grant: Grant) -> list[tuple[str, str]]:
    """Name and address of the project lead and the team: whoever may handle the data, and has not left."""
    return _named_once(session, *_using(grant))


def people_giving(session: Session, grant: Grant) -> list[tuple[str, str]]:
    """Name and address of the data partner's stewards."""
    return _named_once(session, _giving(grant))


def _giving(grant: Grant) -> Select[str, str]:
    return (
        select(Person.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organization_id == grant.data_partner_id,
            Membership.role.in_(_STEWARDS),
            Membership.ended_at.is_(None),
            Person.active.is_(True),
        )
    )


def _using(grant: Grant) -> tuple[Select[str, str], Select[str, str]]:
    current = exists().where(Membership.person_id == Person.id, Membership.ended_at.is_(None))
    lead = select(Person.name, Person.email).join(Proposal, Proposal.lead_id == Person.id)
    lead = lead.where(current.where(Membership.organization_id == grant.member_id), Person.active.is_(True))
    team = (
        select(Person.name, Person.email)
        .join(GrantPerson, GrantPerson.person_id == Person.id)
        .where(
            GrantPerson.grant_id == grant.id,
            GrantPerson.ended_at.is_(None),
            ~GrantPerson.is_lead,
            current,
            Person.active.is_(True),
        )
    )
    return lead.where(Proposal.id == grant.proposal_id), team


def _named_once(session: Session, *statements: Select[str, str]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for statement in statements:
        for name, email in session.execute(statement.order_by(Person.id)):
            found.setdefault(email, name)
    return [(name, email) for email, name in found.items()]


def people_on(session: Session, grant_id: int) -> list[GrantPerson]:
    """Whoever may handle the data of a grant now, the lead first (clause 11.1)."""
    named = select(GrantPerson).where(GrantPerson.grant_id == grant_id, GrantPerson.ended_at.is_(None))
    return list(session.scalars(named.order_by(GrantPerson.is_lead.desc(), GrantPerson.id)))


def successor_of(session: Session, grant: Grant) -> Grant | None:
    """What amends or renews this grant, sealed or not; None where nothing does."""
    following = select(Grant).where(Grant.predecessor_id == grant.id).order_by(Grant.id.desc())
    return session.scalars(following).first()


def in_force_after(session: Session, grant: Grant) -> Grant:
    """The grant at the end of the chain of those that took the place of this one; itself where none did."""
    while following := replaced_by(session, grant):
        grant = following
    return grant


def replaced_by(session: Session, grant: Grant) -> Grant | None:
    """The grant that took the place of this one; None where none did."""
    if grant.successor_number is None:
        return None
    return session.scalars(select(Grant).where(Grant.number == grant.successor_number)).one_or_none()


def _with_parties() -> Select[Grant]:
    return select(Grant).options(joinedload(Grant.data_partner), joinedload(Grant.member))
