"""What the catalog tells to machines that follow it: feeds and the map of its addresses. Public listings, whoever asks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries.editions import found_by
from app.organizations.models import Organization
from app.rules.actors import NOBODY, Actor


@dataclass(frozen=True)
class Listed:
    """As much of a listing as its address needs."""

    reference: str
    title: str
    updated_at: datetime


def public_part(session: Session, number: int, size: int) -> list[Listed]:
    """One part of the public listings: those with certain keys, so that each stays in its part whatever becomes of others."""
    of_part = Dataset.id.between((number - 1) * size + 1, number * size)
    wanted = (
        select(Dataset.reference, Dataset.title, Dataset.updated_at).where(_is_public(), of_part).order_by(Dataset.id)
    )
    return [Listed(*row) for row in session.execute(wanted)]


@dataclass(frozen=True)
class PublicPartner:
    """A data partner of which everybody finds something, and when any of that changed last."""

    slug: str
    updated_at: datetime


def public_partners(session: Session) -> list[PublicPartner]:
    """Every data partner of which everybody finds something, by its address."""
    wanted = (
        select(Organization.slug, func.max(Dataset.updated_at))
        .join(Dataset, Dataset.organization_id == Organization.id)
        .where(_is_public())
        .group_by(Organization.slug)
        .order_by(Organization.slug)
    )
    return [PublicPartner(*row) for row in session.execute(wanted)]


def lists_for(session: Session, viewer: Actor, organization_id: int) -> bool:
    """Whether the viewer finds any dataset of an organization."""
    return bool(session.scalar(select(exists().where(Dataset.organization_id == organization_id, found_by(viewer)))))


def public_parts(session: Session, size: int) -> list[int]:
    """The numbers of the parts in which there is a public listing."""
    return sorted(session.scalars(select((Dataset.id - 1) // size + 1).where(_is_public()).distinct()))


def _is_public() -> ColumnElement[bool]:
    return found_by(NOBODY)
