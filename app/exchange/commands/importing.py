"""Bringing a foreign catalog in: each row created, updated, unchanged or refused. The same file changes nothing twice."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.catalog.accession import require_accession
from app.catalog.commands.acts import index, note, subject
from app.catalog.commands.writing import blank, set_countries, set_themes
from app.catalog.models import AdmittedOrganization, Dataset, DatasetCondition, DatasetCountry, DatasetTheme
from app.catalog.queries.listings import whole
from app.catalog.standing import partner_standing, standing
from app.exchange.commands.filling import fill_own
from app.exchange.foreign import Described, Refused
from app.foundation.base import JSONObject
from app.foundation.errors import DomainError
from app.foundation.numbers import plain_references
from app.foundation.words import N_
from app.history.commands import record
from app.organizations.models import Organization
from app.outbox.commands import enqueue
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import ListingState, Machine, is_possible

BATCH = 100
IMPORT_MESSAGE = "catalog.import"


@dataclass(frozen=True)
class Imported:
    """What became of the rows of one import, or of a part of it."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: tuple[Refused, ...] = ()

    @property
    def counts(self) -> list[int]:
        """Read, created, updated, unchanged, refused."""
        return [self.read, self.created, self.updated, self.unchanged, len(self.refused)]

    def __add__(self, other: "Imported") -> "Imported":
        """Both together."""
        return Imported(
            self.read + other.read,
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            (*self.refused, *other.refused),
        )


def allow_import(session: Session, actor: Actor, organization: Organization, now: datetime, *, publish: bool) -> None:
    """Refuse an import as a whole, before anything is read.

    Raises:
        NotAllowed: the actor does not write this organization's listings, or it may not list yet and `publish` is asked for.
    """
    roles = partner_standing(actor, organization.id)
    permit(Action.EDIT_LISTING, roles, Machine.LISTING)
    if publish:
        permit(Action.PUBLISH_IMPORTED, roles, Machine.LISTING)
        require_accession(session, organization, now)


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
    """Take in some rows of a catalog, each in a savepoint of its own, so that one that fails takes no other with it.

    Call `allow_import` first. With `dry_run` nothing is written, and the result says what would be.
    """
    found = [row for row in rows if isinstance(row, Described)]
    known = _known(session, organization, found, lock=not dry_run)
    new = [row.identifier for row in found if row.identifier not in known]
    references = {} if dry_run else dict(zip(new, plain_references(session, "DS", len(new)), strict=True))
    total = Imported(len(rows), refused=tuple(row for row in rows if isinstance(row, Refused)))
    for row in found:
        dataset, reference = known.get(row.identifier), references.get(row.identifier, "")
        total += _taken(session, actor, organization, row, dataset, now, reference, publish, dry_run)
    return total


def start_import(
    session: Session, actor: Actor, organization: Organization, file_id: int, now: datetime, *, publish: bool
) -> None:
    """Let the worker bring in a catalog that was uploaded: a part of it at a time, so that nobody waits for the whole.

    Raises:
        NotAllowed: as `allow_import` says. The worker asks again before each part.
    """
    allow_import(session, actor, organization, now, publish=publish)
    payload: JSONObject = {
        "file": file_id,
        "organization": organization.id,
        "person": actor.person_id,
        "authentication": actor.authentication,
        "publish": publish,
        "counts": [0, 0, 0, 0, 0],
    }
    enqueue(session, IMPORT_MESSAGE, payload, now, about=import_reference(file_id))


def import_reference(file_id: int) -> str:
    """What the messages of one import are about, for the operator and for its page."""
    return f"import {file_id}"


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


def _known(
    session: Session, organization: Organization, rows: Sequence[Described], *, lock: bool
) -> dict[str, Dataset]:
    """The listings that the rows are about, by the row's identifier."""
    own = {row.own.reference: row for row in rows if row.own and row.own.reference}
    named = Dataset.identifier.in_([row.identifier for row in rows])
    unnamed = and_(Dataset.identifier.is_(None), Dataset.reference.in_(own))
    wanted = whole().where(Dataset.organization_id == organization.id, or_(named, unnamed) if own else named)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found: dict[str, Dataset] = {}
    for dataset in session.scalars(wanted):
        row = own.get(dataset.reference)
        if dataset.identifier is not None:
            found[dataset.identifier] = dataset
        # Another catalog has its own DS-0001; this one was begun at the very moment that the row says.
        elif row is not None and row.own is not None and row.own.created == dataset.created_at.isoformat():
            found[row.identifier] = dataset
    return found


def _taken(
    session: Session,
    actor: Actor,
    organization: Organization,
    row: Described,
    dataset: Dataset | None,
    now: datetime,
    reference: str,
    publish: bool,
    dry_run: bool,
) -> Imported:
    is_same = dataset is not None and _is_same(row, dataset)
    refusal = None if is_same else _refusal(row, dataset)
    if refusal:
        return Imported(refused=(refusal,))
    lists = (
        publish and bool(row.description) and (dataset is None or is_possible(Action.PUBLISH_IMPORTED, dataset.state))
    )
    if is_same and not lists:
        return Imported(unchanged=1)
    if not dry_run:
        try:
            with session.begin_nested():
                _write(session, actor, organization, row, dataset, now, reference, is_same=is_same, lists=lists)
        except DomainError as error:
            return Imported(refused=(_failed(row, error.message),))
        except SQLAlchemyError:
            return Imported(refused=(_failed(row, "the database does not take it"),))
    return Imported(created=1) if dataset is None else Imported(updated=1)


def _is_same(row: Described, dataset: Dataset) -> bool:
    """Whether the row changes nothing: it came in before, or it is what the listing itself says in an export of ours."""
    days = (row.coverage_start, row.coverage_end, row.release)
    is_own = row.own is not None and row.own.is_in(dataset)
    return dataset.content_hash == row.content_hash or (
        is_own and days == (dataset.coverage_start, dataset.coverage_end, dataset.release)
    )


def _refusal(row: Described, dataset: Dataset | None) -> Refused | None:
    """Why a row cannot go onto the listing that is there."""
    if dataset is None:
        return None
    if not is_possible(Action.EDIT_LISTING, dataset.state):
        problem = f"{dataset.reference} was withdrawn"
        return Refused(
            row.row, "identifier", row.identifier, problem, N_("Give the dataset a new identifier to list it anew.")
        )
    if not row.description and dataset.listed_at is not None and dataset.state is not ListingState.DRAFT:
        problem = f"the description is gone, but {dataset.reference} is listed"
        return Refused(row.row, "description", "", problem, N_("Describe the dataset, or withdraw the listing first."))
    return None


def _failed(row: Described, problem: str) -> Refused:
    return Refused(
        row.row, "", row.identifier, problem, N_("Mend this row and import the file again; the others are in.")
    )


def _write(
    session: Session,
    actor: Actor,
    organization: Organization,
    row: Described,
    dataset: Dataset | None,
    now: datetime,
    reference: str,
    *,
    is_same: bool,
    lists: bool,
) -> None:
    if dataset is None:
        dataset = blank(session, organization, now, reference)
        dataset.identifier = row.identifier
        _fill(dataset, row, now)
        session.flush()
        facts: JSONObject = {"title": dataset.title, "identifier": row.identifier}
        record(session, Event.LISTING_IMPORTED, actor, subject(dataset), now, facts)
    elif not is_same:
        _fill(dataset, row, now)
        session.flush()
        note(session, actor, dataset, Action.EDIT_LISTING, now, {"imported": True})
    if lists:
        after = permit(Action.PUBLISH_IMPORTED, standing(actor, dataset), Machine.LISTING, dataset.state)
        dataset.state, dataset.state_since, dataset.state_reason = ListingState(str(after)), now, None
        dataset.listed_at, dataset.updated_at = now, now
        note(session, actor, dataset, Action.PUBLISH_IMPORTED, now, {"imported": True})


def _fill(dataset: Dataset, row: Described, now: datetime) -> None:
    """Write what the foreign catalog says. What it cannot know stays as the partner's defaults or a steward left it."""
    if row.own is not None:
        fill_own(dataset, row, row.own, now)
        return
    dataset.title, dataset.description = row.title, row.description
    dataset.keywords, dataset.foreign = list(row.keywords), row.foreign
    dataset.content_hash, dataset.updated_at = row.content_hash, now
    dataset.coverage_start, dataset.coverage_end, dataset.frequency = (
        row.coverage_start,
        row.coverage_end,
        row.frequency,
    )
    dataset.languages, dataset.license_text = list(row.languages), row.license_text
    dataset.landing_page, dataset.release = row.landing_page, row.release
    dataset.publisher = row.publisher or dataset.publisher
    dataset.contact = row.contact or dataset.contact
    dataset.summary = dataset.summary or row.summary
    dataset.spatial_resolution = row.spatial_resolution or dataset.spatial_resolution
    if row.dictionary:
        dataset.dictionary = list(row.dictionary)
    if row.countries:
        set_countries(dataset, row.countries)
    if not dataset.themes:
        set_themes(dataset, row.themes)
    index(dataset)


def as_filled(dataset: Dataset, row: Described, now: datetime) -> Dataset:
    """What a listing would hold once this row is taken: a copy that no session knows. `whole` listings only."""
    held = {column.key: deepcopy(getattr(dataset, column.key)) for column in Dataset.__table__.columns}
    copy = Dataset(**held)
    copy.countries = [DatasetCountry(country=one.country) for one in dataset.countries]
    copy.themes = [DatasetTheme(theme=one.theme) for one in dataset.themes]
    copy.conditions = [DatasetCondition(parameter=one.parameter, value=one.value) for one in dataset.conditions]
    copy.admitted = [AdmittedOrganization(organization_id=one.organization_id) for one in dataset.admitted]
    _fill(copy, row, now)
    return copy
