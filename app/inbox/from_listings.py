"""Rows of listings: to check, to mend, and those that the secretariat checks."""

from datetime import datetime

from sqlalchemy import ScalarSelect, func, literal, or_, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries import drafts_returned, listings_in_check, listings_of
from app.foundation.words import N_
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Wait, progress
from app.rules.roles import Role
from app.rules.tasks import Group, Row, mine
from app.rules.workflow import ListingState

_WRITES = (Role.STEWARD, Role.DEPUTY)


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """What the viewer checks, mends, or waits for."""
    found = [_to_check(dataset, now) for dataset in listings_in_check(session, viewer)]
    if viewer.organizations_with(*_WRITES):
        found += [_returned(dataset) for dataset in drafts_returned(session, viewer)]
        found += [_in_check(dataset, now) for dataset in listings_of(session, viewer, ListingState.IN_CHECK)]
    return found


def count(_session: Session, viewer: Actor, _now: datetime) -> ScalarSelect[int] | int:
    """How many of them are to be checked or mended by the viewer."""
    wanted = [literal(value=False)]
    if viewer.organizations_with(Role.OFFICER):
        others = Dataset.organization_id.not_in(viewer.organization_ids)
        wanted.append((Dataset.state == ListingState.IN_CHECK) & others)
    writing = viewer.organizations_with(*_WRITES)
    if writing:
        returned = (Dataset.state == ListingState.DRAFT) & Dataset.state_reason.is_not(None)
        wanted.append(returned & Dataset.organization_id.in_(writing))
    return select(func.count(Dataset.id)).where(or_(*wanted)).scalar_subquery()


def _to_check(dataset: Dataset, now: datetime) -> Row:
    clock = progress(Wait.LISTING_CHECK, dataset.state_since, now)
    return Row(
        group=mine(clock.is_over),
        sentence=N_("Check a listing"),
        facts=(),
        lines=(f"{dataset.title} · {dataset.reference}", dataset.organization.name),
        initials=initials_of(dataset.organization.name),
        tone="b",
        endpoint="catalog.check",
        values=(("reference", dataset.reference),),
        button=N_("Check it"),
        due=clock.due,
        clock=clock,
    )


def _in_check(dataset: Dataset, now: datetime) -> Row:
    clock = progress(Wait.LISTING_CHECK, dataset.state_since, now)
    return Row(
        group=Group.OTHERS,
        sentence=N_("The secretariat checks your listing"),
        facts=(),
        lines=(f"{dataset.title} · {dataset.reference}",),
        initials="S",
        tone="c",
        endpoint="catalog.listing",
        values=(("reference", dataset.reference),),
        due=clock.due,
        clock=clock,
    )


def _returned(dataset: Dataset) -> Row:
    return Row(
        group=Group.YOURS,
        sentence=N_("Mend a listing that came back"),
        facts=(),
        lines=(f"{dataset.title} · {dataset.reference}", dataset.state_reason or ""),
        initials=initials_of(dataset.organization.name),
        tone="b",
        endpoint="catalog.listing",
        values=(("reference", dataset.reference),),
        button=N_("Mend it"),
    )
