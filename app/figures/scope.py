"""Whose figures somebody may read: the secretariat all, a data partner those of its data, a member those of its proposals."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.organizations.models import Organization
from app.proposals.models import Proposal, ProposalItem
from app.rules.actors import Actor
from app.rules.roles import CAPACITIES, Capacity, Role

_READS_ALL = frozenset({Role.OFFICER, Role.DIRECTOR, Role.AUDITOR})
NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


class Side(StrEnum):
    """From which side proposals are looked at."""

    ALL = "all"
    PARTNER = "partner"
    MEMBER = "member"


@dataclass(frozen=True)
class Scope:
    """One set of figures: everything, or one organization's as data partner or as member."""

    side: Side
    organization_id: int | None = None
    name: str = ""
    slug: str = ""

    @property
    def proposals(self) -> ColumnElement[bool]:
        """The proposals that were sent and belong to it; a data partner's once they were offered to it."""
        sent = Proposal.sent_at.is_not(None)
        if self.side is Side.MEMBER:
            return sent & (Proposal.organization_id == self.organization_id)
        if self.side is Side.PARTNER:
            own = (
                select(ProposalItem.proposal_id)
                .join(Dataset, Dataset.id == ProposalItem.dataset_id)
                .where(Dataset.organization_id == self.organization_id)
            )
            return Proposal.offered_at.is_not(None) & Proposal.id.in_(own)
        return sent

    @property
    def datasets(self) -> ColumnElement[bool]:
        """The datasets whose answers count in it: a data partner sees its own answers alone."""
        return Dataset.organization_id == self.organization_id if self.side is Side.PARTNER else true()


EVERYTHING = Scope(Side.ALL)


def scopes_of(session: Session, viewer: Actor) -> list[Scope]:
    """The figures that the viewer may read, the widest first."""
    found = [EVERYTHING] if viewer.consortium_roles & _READS_ALL else []
    own = select(Organization).where(Organization.id.in_(viewer.organization_ids)).order_by(Organization.name)
    sides = {Capacity.DATA_PARTNER: Side.PARTNER, Capacity.MEMBER: Side.MEMBER}
    for row in session.scalars(own) if viewer.organization_ids else ():
        found += [
            Scope(side, row.id, row.name, row.slug)
            for capacity, side in sides.items()
            if capacity in CAPACITIES[row.kind]
        ]
    return found


def scope_of(session: Session, viewer: Actor, side: str | None, slug: str | None) -> Scope:
    """One of them, the first where none is named; raises NotFound for figures that are not the viewer's to read."""
    found = scopes_of(session, viewer)
    wanted = [scope for scope in found if not side or (scope.side == side and scope.slug == (slug or ""))]
    if not wanted:
        raise NotFound(NOT_THERE)
    return wanted[0]
