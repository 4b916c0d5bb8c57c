"""Publishers that a catalog names, beside the organizations of the consortium."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.queries import parties
from app.organizations.models import Organization
from app.rules.publishers import Answer, Likeness, likeness
from app.rules.roles import Capacity


@dataclass(frozen=True)
class Placed:
    """One publisher: whether it is the data partner itself, or which other one its name is or resembles."""

    name: str
    own: Likeness
    other: str = ""
    other_likeness: Likeness = Likeness.DIFFERENT

    @property
    def usual(self) -> Answer:
        """What becomes of its datasets where nobody has said anything."""
        is_others = self.other_likeness is not Likeness.DIFFERENT and self.own is not Likeness.SAME
        return Answer.LEAVE if is_others else Answer.TAKE

    @property
    def is_asked(self) -> bool:
        """Whether somebody has to look: the name resembles the partner's own, or another's."""
        is_own = self.own is Likeness.SAME or not self.name
        return not is_own and (self.own is Likeness.ALIKE or self.other_likeness is not Likeness.DIFFERENT)

    @property
    def can_be_ours(self) -> bool:
        """Whether the name may be remembered as one of the partner's: never one that another bears."""
        return self.other_likeness is not Likeness.SAME


class Publishers:
    """Places publishers for one data partner, beside all that take part now: who has not acceded is named to nobody."""

    def __init__(self, session: Session, organization: Organization, now: datetime) -> None:
        taking_part = {party.slug for party in parties(session, now) if party.capacity is Capacity.DATA_PARTNER}
        columns = select(Organization.name, Organization.aliases).where(Organization.slug.in_(taking_part))
        others = session.execute(columns.where(Organization.id != organization.id).order_by(Organization.id)).all()
        self._own = [organization.name, *organization.aliases]
        self._others = [(row[0], name) for row in others for name in (row[0], *row[1])]
        self._found: dict[str, Placed] = {}

    def place(self, name: str) -> Placed:
        """Where a publisher's name belongs."""
        if name not in self._found:
            self._found[name] = self._placed(name)
        return self._found[name]

    def placed(self, names: Iterable[str]) -> list[Placed]:
        """Several, those that somebody has to look at first."""
        return sorted((self.place(name) for name in dict.fromkeys(names)), key=lambda one: not one.is_asked)

    def _placed(self, name: str) -> Placed:
        own = _nearest(likeness(name, one) for one in self._own) if name else Likeness.SAME
        if own is Likeness.SAME:
            return Placed(name, own)
        near = [(likeness(name, bears), other) for other, bears in self._others]
        found = next((pair for wanted in (Likeness.SAME, Likeness.ALIKE) for pair in near if pair[0] is wanted), None)
        return Placed(name, own, found[1], found[0]) if found else Placed(name, own)


def in_doubt(
    session: Session, organization: Organization, answers: Mapping[str, Answer], names: Iterable[str], now: datetime
) -> frozenset[str]:
    """Those of the names whose datasets are not taken: another data partner's by their likeness, or said to be left out."""
    publishers = Publishers(session, organization, now)
    return frozenset(name for name in names if answers.get(name, publishers.place(name).usual) is Answer.LEAVE)


def _nearest(found: Iterable[Likeness]) -> Likeness:
    nearest: Mapping[Likeness, int] = {Likeness.SAME: 0, Likeness.ALIKE: 1, Likeness.DIFFERENT: 2}
    return min(found, key=nearest.__getitem__, default=Likeness.DIFFERENT)
