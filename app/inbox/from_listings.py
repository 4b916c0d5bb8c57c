"""Rows of listings: to check, to mend, and those that the secretariat checks. One person is named for each."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, false
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries import checking, drafts_returned, in_groups, listings_in_check, listings_of
from app.foundation.words import N_
from app.organizations.calendars import secretariat_calendar
from app.organizations.naming import Awaited, Name, named_for
from app.organizations.queries import secretariat
from app.rules.actions import Action
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Calendar, Wait, progress
from app.rules.ladder import Named
from app.rules.permissions import may
from app.rules.roles import Role
from app.rules.tasks import Group, Row, mine
from app.rules.workflow import ListingState, Machine

# What one does and what a colleague does, of one listing and of several that were sent together.
_CHECKS = {
    False: (N_("Check a listing"), N_("%(name)s checks a listing")),
    True: (
        N_("Check %(count)s listings that were sent together"),
        N_("%(name)s checks %(count)s listings that were sent together"),
    ),
}
_WRITES = (Role.STEWARD, Role.DEPUTY)


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """What the viewer checks, mends, or waits for."""
    to_check = listings_in_check(session, viewer)
    is_writing = bool(viewer.organizations_with(*_WRITES))
    returned = drafts_returned(session, viewer) if is_writing else []
    own = listings_of(session, viewer, ListingState.IN_CHECK) if is_writing else []
    if not (to_check or returned or own):
        return []
    days, office = secretariat_calendar(session), secretariat(session).id
    groups = in_groups(to_check)
    awaited = [checking(each[0], office) for each in groups] + [_mending(each) for each in returned]
    names = named_for(session, awaited)
    found = [_to_check(each, viewer, names.get(("listing", each[0].reference, office)), days, now) for each in groups]
    found += [
        _returned(each, viewer, names.get(("listing", each.reference, each.organization_id))) for each in returned
    ]
    return found + [_in_check(each, days, now) for each in in_groups(own)]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether anything is checked or to be mended for those who hold the viewer's roles."""
    if not (viewer.organizations_with(*_WRITES) or may(viewer.consortium_roles, Action.PUBLISH_LISTING)):
        return false()
    returned = (Dataset.state == ListingState.DRAFT) & Dataset.state_reason.is_not(None)
    return exists().where((Dataset.state == ListingState.IN_CHECK) | returned)


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _mending(dataset: Dataset) -> Awaited:
    return Awaited("listing", dataset.reference, dataset.organization_id, (Role.STEWARD,), (Role.DEPUTY,))


def _asked(named: Named[Name] | None, viewer: Actor, percent: int) -> bool:
    return named is None or viewer.person_id in {name.person_id for name in named.asked(percent)}


def _to_check(group: list[Dataset], viewer: Actor, named: Named[Name] | None, days: Calendar, now: datetime) -> Row:
    dataset, count = group[0], len(group)
    clock = progress(Wait.LISTING_CHECK, dataset.state_since, now, calendar=days)
    mine_words, others_words = _CHECKS[count > 1]
    is_yours = _asked(named, viewer, clock.percent)
    person = named.at(clock.percent).name if named else ""
    return Row(
        group=mine(clock.is_over) if is_yours else Group.OTHERS,
        sentence=mine_words if is_yours else others_words,
        facts=(("count", str(count)), *(() if is_yours else (("name", person),))),
        lines=(_named(group), dataset.organization.name),
        initials=initials_of(dataset.organization.name),
        tone="b",
        endpoint="catalog.check_together" if count > 1 else "catalog.check",
        values=(("reference", dataset.reference),),
        button=N_("Check it") if is_yours else "",
        due=clock.due,
        clock=clock,
        take=None if is_yours else (Machine.LISTING, dataset.reference),
    )


def _named(group: list[Dataset]) -> str:
    """The listing, or the first of those that were sent together."""
    return f"{group[0].title} · {group[0].reference}{', …' if len(group) > 1 else ''}"


def _in_check(group: list[Dataset], days: Calendar, now: datetime) -> Row:
    dataset, count = group[0], len(group)
    clock = progress(Wait.LISTING_CHECK, dataset.state_since, now, calendar=days)
    return Row(
        group=Group.OTHERS,
        sentence=N_("The secretariat checks %(count)s of your listings")
        if count > 1
        else N_("The secretariat checks your listing"),
        facts=(("count", str(count)),),
        lines=(_named(group),),
        initials="S",
        tone="c",
        endpoint="catalog.listing",
        values=(("reference", dataset.reference),),
        due=clock.due,
        clock=clock,
    )


def _returned(dataset: Dataset, viewer: Actor, named: Named[Name] | None) -> Row:
    is_yours = _asked(named, viewer, 0)
    return Row(
        group=Group.YOURS if is_yours else Group.OTHERS,
        sentence=N_("Mend a listing that came back") if is_yours else N_("%(name)s mends a listing that came back"),
        facts=() if is_yours or named is None else (("name", named.first.name),),
        lines=(f"{dataset.title} · {dataset.reference}", dataset.state_reason or ""),
        initials=initials_of(dataset.organization.name),
        tone="b",
        endpoint="catalog.listing",
        values=(("reference", dataset.reference),),
        button=N_("Mend it") if is_yours else "",
    )
