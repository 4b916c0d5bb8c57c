"""What a list of proposals is narrowed by: where it stands, who asks, whose data, what is due, words in the title.

Nothing here widens what a viewer may know of, and nothing tells of what they may not: a data partner whose dataset is hidden
from the viewer is neither offered nor found, and a wait of somebody else does not count where the viewer's own has another date.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.catalog.models import Dataset
from app.catalog.standing import known_to
from app.foundation.narrowing import has_words
from app.foundation.words import N_
from app.organizations.models import Organization
from app.proposals.models import Proposal, ProposalItem
from app.proposals.open_waits import OpenWait
from app.proposals.queries.cases import keys_known_to, knows_all, reads_datasets, visible_to
from app.proposals.queries.waiting import NEAR_DAYS, is_theirs
from app.proposals.step_models import VersionDataset
from app.rules.actors import Actor
from app.rules.turns import Turn, places_of


class Due(StrEnum):
    """What is due."""

    OVERDUE = "overdue"
    WEEK = "week"
    YOURS = "yours"


DUE_WORDS: dict[Due, str] = {
    Due.OVERDUE: N_("Overdue"),
    Due.WEEK: N_("Due within 7 days"),
    Due.YOURS: N_("Waits for you"),
}


@dataclass(frozen=True)
class Narrowing:
    """What is asked for; `organization` and `partner` are the short names of organizations."""

    words: str = ""
    turn: Turn | None = None
    organization: str = ""
    partner: str = ""
    due: Due | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything is narrowed at all."""
        return self != EVERYTHING


EVERYTHING = Narrowing()


@dataclass(frozen=True)
class Choices:
    """Who can be chosen by the viewer, as short name and name, in the order of names."""

    organizations: tuple[tuple[str, str], ...]
    partners: tuple[tuple[str, str], ...]


def choices(session: Session, viewer: Actor) -> Choices:
    """Those who ask in what the viewer may know of, and whose datasets the viewer may know of. Two statements.

    Of data partners it is not asked whether any of these proposals is for them: that would read all of them for each one.
    """
    sent = Proposal.sent_at.is_not(None)
    asks = exists().where(
        Proposal.organization_id == Organization.id, sent if knows_all(viewer) else visible_to(viewer)
    )
    lets: list[ColumnElement[bool]] = [exists().where(Dataset.organization_id == Organization.id, known_to(viewer))]
    if not knows_all(viewer):
        lets.append(Organization.id.in_(_lets_in_own(viewer)))
    return Choices(_named(session, asks), _named(session, or_(*lets)))


def _lets_in_own(viewer: Actor) -> CompoundSelect[int]:
    """Whose data those proposals ask for that the viewer reads whole, though the listing may be hidden by now."""
    near = Proposal.id.in_(keys_known_to(viewer))
    sent = _asked_in_sent(select(Dataset.organization_id)).where(near, reads_datasets(viewer))
    drafts = _asked_in_drafts(select(Dataset.organization_id)).where(near)
    return sent.union(drafts)


def _named(session: Session, wanted: ColumnElement[bool]) -> tuple[tuple[str, str], ...]:
    statement = select(Organization.slug, Organization.name).where(wanted).order_by(Organization.name)
    return tuple((slug, name) for slug, name in session.execute(statement))


def conditions(viewer: Actor, asked: Narrowing, now: datetime) -> list[ColumnElement[bool]]:
    """The same as conditions on proposals, beside what the viewer may know of."""
    found = has_words(asked.words, Proposal.title, Proposal.reference)
    if asked.turn is not None:
        found.append(_stands_at(asked.turn))
    if asked.organization:
        found.append(Proposal.organization_id.in_(_keyed(asked.organization)))
    if asked.partner:
        owner = _keyed(asked.partner).scalar_subquery()
        sent = Proposal.id.in_(_asks_for(viewer, owner))
        found.append(or_(sent, Proposal.id.in_(_drafts_for(owner))))
    if asked.due is not None:
        found.append(_is_due(viewer, asked.due, now))
    return found


def _keyed(slug: str) -> Select[int]:
    return select(Organization.id).where(Organization.slug == slug)


def _stands_at(turn: Turn) -> ColumnElement[bool]:
    step = func.coalesce(Proposal.step, "")
    ways = [
        and_(
            Proposal.state == place.state,
            true() if place.steps is None else step.in_(place.steps),
            true() if place.has_ended is None else Proposal.ended_at.is_not(None) == place.has_ended,
        )
        for place in places_of(turn)
    ]
    return or_(false(), *ways)


def _asks_for(viewer: Actor, owner: ColumnElement[int]) -> Select[int]:
    """The proposals that ask, in what was sent last, for a dataset of this organization that the viewer may know of."""
    asked = _asked_in_sent(select(Proposal.id)).where(Dataset.organization_id == owner)
    return asked if knows_all(viewer) else asked.where(or_(known_to(viewer), reads_datasets(viewer)))


def _drafts_for(owner: ColumnElement[int]) -> Select[int]:
    """The same of drafts that were never sent, which their team alone may know of."""
    return _asked_in_drafts(select(Proposal.id)).where(Dataset.organization_id == owner)


def _asked_in_sent(wanted: Select[int]) -> Select[int]:
    """Each dataset of what was sent last of each proposal."""
    versions = wanted.select_from(Proposal).join(
        VersionDataset, VersionDataset.proposal_version_id == Proposal.current_version_id
    )
    return versions.join(Dataset, Dataset.id == VersionDataset.dataset_id)


def _asked_in_drafts(wanted: Select[int]) -> Select[int]:
    items = wanted.select_from(Proposal).join(ProposalItem, ProposalItem.proposal_id == Proposal.id)
    return items.join(Dataset, Dataset.id == ProposalItem.dataset_id).where(Proposal.current_version_id.is_(None))


def _is_due(viewer: Actor, due: Due, now: datetime) -> ColumnElement[bool]:
    if due is Due.YOURS:
        return Proposal.id.in_(select(OpenWait.proposal_id).where(is_theirs(viewer.person_id, now)))
    own = aliased(OpenWait)
    has_own = exists().where(own.proposal_id == OpenWait.proposal_id, own.organization_id.in_(viewer.organization_ids))
    is_told = or_(OpenWait.organization_id.in_(viewer.organization_ids), ~has_own)
    reached = (
        OpenWait.over_at <= now if due is Due.OVERDUE else OpenWait.due_on <= now.date() + timedelta(days=NEAR_DAYS)
    )
    return Proposal.id.in_(select(OpenWait.proposal_id).where(reached, is_told))
