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
    """One part of all public listings, the oldest first, so that parts that are full stay as they are."""
    wanted = (
        select(Dataset.reference, Dataset.title, Dataset.updated_at)
        .where(_is_public())
        .order_by(Dataset.id)
        .limit(size)
        .offset((number - 1) * size)
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


def public_count(session: Session) -> int:
    """How many public listings there are."""
    return session.scalar(select(func.count()).select_from(Dataset).where(_is_public())) or 0


def _is_public() -> ColumnElement[bool]:
    return found_by(NOBODY)
