"""Bringing a foreign catalog in: each row created, updated, unchanged or refused. The same file changes nothing twice."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.catalog.accession import require_accession
from app.catalog.commands.acts import record_changes, subject
from app.catalog.commands.storing import Draft, store_drafts
from app.catalog.commands.writing import blank
from app.catalog.models import Dataset
from app.catalog.queries.listings import whole
from app.catalog.said import changed, said
from app.catalog.standing import importing_standing, lists_unchecked, partner_standing
from app.exchange.commands.knowing import those_known
from app.exchange.commands.previewing import previews
from app.exchange.commands.results import MOST_NAMED, MOST_PREVIEWED, Imported, Preview, Touched
from app.exchange.commands.rows import Plan, begun, differences, fill, known_of, planned
from app.exchange.foreign import Described, Refused
from app.foundation.base import JSONObject
from app.foundation.errors import DomainError, NotAllowed
from app.foundation.numbers import plain_references
from app.foundation.words import N_
from app.history.commands import Fact, Subject
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import ListingState, Machine, transition

__all__ = ["BATCH", "Imported", "allow_import", "import_rows", "in_batches"]

BATCH = 2000
CHECKED_FIRST = N_(
    "The datasets of %(name)s are checked before they are listed. Import without listing: new ones become drafts, and you send "
    "each to the check. The secretariat can allow %(name)s to list whole catalogs at once: ask it."
)


def allow_import(session: Session, actor: Actor, organization: Organization, now: datetime, *, publish: bool) -> None:
    """Refuse an import as a whole, before anything is read.

    Raises:
        NotAllowed: the actor does not write this organization's listings; or `publish` is asked for, and it may not list yet, or
            each of its datasets is checked first.
    """
    permit(Action.EDIT_LISTING, partner_standing(actor, organization.id), Machine.LISTING)
    if publish:
        require_accession(session, organization, now)
        if not lists_unchecked(actor, organization):
            raise NotAllowed(CHECKED_FIRST % {"name": organization.name})


def import_rows(
    session: Session,
    actor: Actor,
    organization: Organization,
    rows: Sequence[Described | Refused],
    now: datetime,
    *,
    publish: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Take in some rows of a catalog, in so many statements whatever their number; one that fails takes no other with it.

    Call `allow_import` first. With `dry_run` nothing is written, and the result says what would be.
    """
    found = [row for row in rows if isinstance(row, Described)]
    known = those_known(session, organization, found)
    outcomes = [planned(row, known.get(row.identifier), publish=publish) for row in found]
    plans = [outcome for outcome in outcomes if isinstance(outcome, Plan)]
    refused = [row for row in (*rows, *outcomes) if isinstance(row, Refused)]
    changing = [plan for plan in plans if plan.changes]
    shown: tuple[Preview, ...] = ()
    if dry_run:
        first = plans[:MOST_PREVIEWED]
        shown = previews(session, organization, first, _loaded(session, first, lock=False), now)
        touched = _would_touch(session, changing, now)
    else:
        with _not_collecting():
            failed, touched = _Writing(session, actor, organization, now, publish=publish).write(changing)
        refused += failed
        lost = {refusal.row for refusal in failed}
        changing = [plan for plan in changing if plan.row.row not in lost]
    return replace(_counted(rows, plans, changing, refused, touched), previews=shown)


def _counted(
    rows: Sequence[Described | Refused],
    plans: Sequence[Plan],
    changing: Sequence[Plan],
    refused: Sequence[Refused],
    touched: Sequence[Touched],
) -> Imported:
    new = [plan for plan in changing if plan.is_new]
    return Imported(
        len(rows),
        len(new),
        len(changing) - len(new),
        sum(not plan.changes for plan in plans),
        tuple(refused),
        tuple(remark for plan in plans for remark in plan.row.remarks),
        tuple(touched),
        sum(plan.lists for plan in changing),
        sum(bool(plan.row.placed) for plan in new),
        undescribed=sum(not plan.row.description for plan in plans),
    )


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Thousands of rows are made at once and none of them is garbage yet: looking for some takes a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def in_batches(rows: Iterable[Described | Refused], size: int = BATCH) -> Iterable[list[Described | Refused]]:
    """The rows in parts, so that no transaction becomes long and no catalog is held whole."""
    batch: list[Described | Refused] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _loaded(session: Session, plans: Sequence[Plan], *, lock: bool) -> dict[str, Dataset]:
    """The listings of some plans, whole, by reference."""
    wanted = whole().where(Dataset.reference.in_([plan.reference for plan in plans]))
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return {row.reference: row for row in session.scalars(wanted)} if plans else {}


def _would_touch(session: Session, plans: Sequence[Plan], now: datetime) -> list[Touched]:
    new = [Touched("", plan.row.title, is_new=True) for plan in plans if plan.is_new][:MOST_NAMED]
    changed = [plan for plan in plans if not plan.is_new][:MOST_NAMED]
    there = _loaded(session, changed, lock=False)
    for plan in changed:
        shown = () if plan.is_same else differences(there[plan.reference], plan.row, now)
        new.append(Touched(plan.reference, plan.row.title, is_new=False, differences=shown))
    return new


class _Writing:
    """Writes plans: all together, and where the database refuses that, in halves until the row that it refuses stands alone."""

    def __init__(
        self, session: Session, actor: Actor, organization: Organization, now: datetime, *, publish: bool
    ) -> None:
        self._session, self._actor, self._organization, self._now = session, actor, organization, now
        self._publish = publish
        self._references: dict[str, str] = {}

    def write(self, plans: Sequence[Plan]) -> tuple[list[Refused], list[Touched]]:
        """Write them; returns the rows that could not be, and the first listings that were."""
        new, known = [plan for plan in plans if plan.is_new], [plan for plan in plans if not plan.is_new]
        given = plain_references(self._session, "DS", len(new))
        self._references = {plan.row.identifier: reference for plan, reference in zip(new, given, strict=True)}
        plain, own = [plan for plan in new if plan.row.own is None], [plan for plan in new if plan.row.own is not None]
        failed = [
            *self._together(plain, self._create),
            *self._together(own, self._create_own),
            *self._together(known, self._update),
        ]
        lost = {refusal.row for refusal in failed}
        done = [plan for plan in (*new[:MOST_NAMED], *known[:MOST_NAMED]) if plan.row.row not in lost]
        return failed, [
            Touched(plan.reference or self._references[plan.row.identifier], plan.row.title, is_new=plan.is_new)
            for plan in done
        ]

    def _together(self, plans: Sequence[Plan], write: Callable[[Sequence[Plan]], None]) -> list[Refused]:
        if not plans:
            return []
        try:
            with self._session.begin_nested():
                write(plans)
            return []
        except (DomainError, SQLAlchemyError) as error:
            if len(plans) > 1:
                middle = len(plans) // 2
                return [*self._together(plans[:middle], write), *self._together(plans[middle:], write)]
            said = error.message if isinstance(error, DomainError) else N_("the database does not take it")
            remedy = N_("Mend this row and import the file again; the others are in.")
            return [Refused(plans[0].row.row, "", plans[0].row.identifier, said, remedy)]

    def _create(self, plans: Sequence[Plan]) -> None:
        drafts, facts, slug = list[Draft](), list[Fact](), self._organization.slug
        for plan in plans:
            row, reference = plan.row, self._references[plan.row.identifier]
            values = begun(row)
            about = Subject("listing", reference, acting_for=slug)
            facts.append(Fact(Event.LISTING_IMPORTED, about, {"title": row.title, "identifier": row.identifier}))
            if plan.lists:
                values |= {"state": self._state_listed, "listed_at": self._now}
                facts.append(_fact(about, row.title, Action.PUBLISH_IMPORTED))
            drafts.append(Draft(reference, values, row.countries or row.placed, row.themes))
        store_drafts(self._session, self._organization, drafts, self._now)
        record_changes(self._session, self._actor, facts, self._now)

    def _create_own(self, plans: Sequence[Plan]) -> None:
        """Listings of an export of ours, which have more than the rows of others: one by one."""
        facts = list[Fact]()
        for plan in plans:
            dataset = blank(self._session, self._organization, self._now, self._references[plan.row.identifier])
            dataset.identifier = plan.row.identifier
            fill(dataset, plan.row, self._now)
            about: JSONObject = {"title": dataset.title, "identifier": plan.row.identifier}
            facts.append(Fact(Event.LISTING_IMPORTED, subject(dataset), about))
            if plan.lists:
                facts.append(self._list(dataset))
        self._session.flush()
        record_changes(self._session, self._actor, facts, self._now)

    @cached_property
    def _state_listed(self) -> ListingState:
        """The state of a new draft that is listed at once, for those who may do that."""
        return self._listed_from(ListingState.DRAFT)

    def _listed_from(self, state: ListingState) -> ListingState:
        roles = importing_standing(self._actor, self._organization)
        return ListingState(str(permit(Action.PUBLISH_IMPORTED, roles, Machine.LISTING, state)))

    def _update(self, plans: Sequence[Plan]) -> None:
        there, facts = _loaded(self._session, plans, lock=True), list[Fact]()
        for plan in plans:
            dataset = there[plan.reference]
            # Somebody may have changed it since it was looked at; now its row is locked.
            now_planned = planned(plan.row, known_of(dataset, plan.row), publish=self._publish)
            if isinstance(now_planned, Refused):
                raise DomainError(now_planned.problem)
            if not now_planned.is_same:
                before = said(dataset)
                fill(dataset, plan.row, self._now)
                more: JSONObject = {"fields": list(changed(before, said(dataset)))}
                facts.append(_fact(subject(dataset), dataset.title, Action.EDIT_LISTING, more))
            if now_planned.lists:
                facts.append(self._list(dataset))
        self._session.flush()
        record_changes(self._session, self._actor, facts, self._now)

    def _list(self, dataset: Dataset) -> Fact:
        dataset.state, dataset.state_since = self._listed_from(dataset.state), self._now
        dataset.state_reason = None
        dataset.listed_at = dataset.updated_at = self._now
        return _fact(subject(dataset), dataset.title, Action.PUBLISH_IMPORTED)


def _fact(about: Subject, title: str, action: Action, more: JSONObject | None = None) -> Fact:
    event = transition(action).event
    if event is None:
        raise LookupError(f"{action} records no event")
    return Fact(event, about, {"title": title, "imported": True, **(more or {})})
