"""Reading data needs, for those who may know of them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from app.catalog.models import Dataset
from app.catalog.queries import datasets_by_ids
from app.foundation.errors import NotFound
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.needs.models import DataNeed, NeedAnswer, NeedPledge, NeedSupport
from app.needs.standing import partner_organizations, sees_all
from app.organizations.models import Organization
from app.organizations.naming import Awaited
from app.rules.actors import Actor
from app.rules.listings import OFFERED
from app.rules.roles import Role
from app.rules.workflow import NeedState

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
MOST_SHOWN = 200


def known_to(viewer: Actor) -> ColumnElement[bool]:
    """The needs that the viewer may know of: `standing` and the table of visibility, as SQL."""
    if sees_all(viewer):
        return true()
    return DataNeed.organization_id.in_(viewer.organization_ids) if viewer.organization_ids else false()


def whole() -> Select[DataNeed]:
    """Needs with everything that belongs to them, in a fixed number of statements."""
    answers, supports = selectinload(DataNeed.answers), selectinload(DataNeed.supports)
    pledges = selectinload(DataNeed.pledges)
    return select(DataNeed).options(
        joinedload(DataNeed.organization),
        joinedload(DataNeed.person),
        answers.joinedload(NeedAnswer.person),
        answers.joinedload(NeedAnswer.organization),
        supports.joinedload(NeedSupport.organization),
        supports.joinedload(NeedSupport.person),
        pledges.joinedload(NeedPledge.organization),
        pledges.joinedload(NeedPledge.person),
    )


def need_by_reference(session: Session, viewer: Actor, reference: str) -> DataNeed:
    """One need; raises NotFound where there is none that the viewer may know of."""
    row = session.scalar(whole().where(DataNeed.reference == clean_line(reference[:40]).upper(), known_to(viewer)))
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def needs_in(session: Session, viewer: Actor, state: NeedState) -> Sequence[DataNeed]:
    """The needs in one state, the newest first."""
    wanted = whole().where(DataNeed.state == state, known_to(viewer))
    return session.scalars(wanted.order_by(DataNeed.created_at.desc(), DataNeed.id.desc()).limit(MOST_SHOWN)).all()


def waiting_for_secretariat(session: Session) -> Sequence[DataNeed]:
    """Open needs that the secretariat has not answered yet, the oldest first."""
    wanted = whole().where(DataNeed.state == NeedState.OPEN, DataNeed.answered_at.is_(None))
    return session.scalars(wanted.order_by(DataNeed.created_at, DataNeed.id)).all()


def awaited(row: DataNeed, office: int) -> Awaited:
    """Who of the secretariat, the organization `office`, answers it first."""
    return Awaited("need", row.reference, office, (Role.OFFICER,), substitutes=(Role.DIRECTOR,))


def organizations_of(session: Session, viewer: Actor) -> Sequence[Organization]:
    """The organizations for which the viewer may post a need."""
    own = select(Organization).where(Organization.id.in_(viewer.organization_ids))
    return session.scalars(own.order_by(Organization.name)).all()


def pledged_datasets(session: Session, viewer: Actor, need: DataNeed) -> dict[int, Dataset]:
    """Those of the datasets that were pledged that the viewer may know of, by key; of the others the page says nothing."""
    return datasets_by_ids(session, viewer, [one.dataset_id for one in need.pledges if one.dataset_id is not None])


def own_listings(session: Session, viewer: Actor) -> Sequence[Dataset]:
    """The listed datasets of the organizations that the viewer may pledge for, by title."""
    own = select(Dataset).where(Dataset.organization_id.in_(partner_organizations(viewer)), Dataset.state.in_(OFFERED))
    return session.scalars(own.order_by(Dataset.title, Dataset.id).limit(MOST_SHOWN)).all()
