"""The register of grants: what everyone may know of each sealed grant, made from its record and never typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from app.agreements.library import version as agreement_version
from app.catalog.models import Dataset
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.duties import DatedDuty, day_words
from app.grants.models import Grant, GrantDataset
from app.grants.queries.verification import status_of
from app.grants.record import Record, from_json
from app.grants.ways import way_name, ways_of
from app.rules.vocabulary import THEMES, Theme, Visibility

PAGE_SIZE = 50
NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


@dataclass(frozen=True)
class PublicDataset:
    """A dataset as the register names it; a confidential one has neither reference nor title."""

    reference: str
    title: str

    @property
    def is_named(self) -> bool:
        """Whether the register may name it."""
        return bool(self.reference)


@dataclass(frozen=True)
class Entry:
    """One grant in the register. `data_partner` is empty where the partner wishes to stay unnamed."""

    number: str
    title: str
    data_partner: str
    data_partner_slug: str
    member: str
    member_slug: str
    datasets: tuple[PublicDataset, ...]
    purposes: tuple[str, ...]
    purpose_words: str
    benefit: str
    theme: str
    countries: tuple[str, ...]
    access_modes: tuple[str, ...]
    starts_on: date
    ends_on: date
    status: str
    is_in_force: bool
    since: datetime | None
    issued_at: datetime
    agreement_version: str
    # Sentence, its day where it has one, when in words with the gap {day}, clause and point.
    duties: tuple[tuple[str, date | None, str, str, str], ...]
    record_hash: str
    letter_sha256: str
    # The grants before and after this one, where it was amended or renewed.
    predecessor: str | None = None
    successor: str | None = None


@dataclass(frozen=True)
class Page:
    """One page of the register, the newest first."""

    entries: tuple[Entry, ...]
    page: int
    pages: int
    total: int


def register_page(session: Session, now: datetime, page: int = 1) -> Page:
    """One page of the register."""
    total = session.scalar(select(func.count()).select_from(Grant).where(_IS_PUBLIC)) or 0
    pages = max(-(-total // PAGE_SIZE), 1)
    page = min(max(page, 1), pages)
    rows = _rows(session, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    return Page(tuple(_entries(session, rows, now)), page, pages, total)


def whole_register(session: Session, now: datetime) -> list[Entry]:
    """Every entry, for those who take it as a file."""
    return list(_entries(session, _rows(session), now))


def register_entry(session: Session, number: str, now: datetime) -> Entry:
    """One entry; raises NotFound."""
    statement = _SELECT.where(Grant.number == number, _IS_PUBLIC)
    found = list(_entries(session, list(session.scalars(statement)), now))
    if not found:
        raise NotFound(NOT_THERE)
    return found[0]


def entries_on(session: Session, dataset_id: int, now: datetime) -> list[Entry]:
    """The uses of one dataset, the newest first; one whose entry does not name the dataset or its partner is left out."""
    reference = session.scalar(select(Dataset.reference).where(Dataset.id == dataset_id))
    uses = select(GrantDataset.grant_id).where(GrantDataset.dataset_id == dataset_id)
    statement = _SELECT.where(Grant.id.in_(uses), _IS_PUBLIC).order_by(Grant.issued_at.desc(), Grant.id.desc())
    entries = _entries(session, list(session.scalars(statement)), now)
    return [one for one in entries if one.data_partner and any(d.reference == reference for d in one.datasets)]


_IS_PUBLIC: ColumnElement[bool] = Grant.sealed_at.is_not(None)
_SELECT = select(Grant).options(selectinload(Grant.letter))


def _rows(session: Session, limit: int | None = None, offset: int = 0) -> list[Grant]:
    statement = _SELECT.where(_IS_PUBLIC).order_by(Grant.issued_at.desc(), Grant.id.desc())
    return list(session.scalars(statement.limit(limit).offset(offset)))


def _entries(session: Session, grants: Sequence[Grant], now: datetime) -> Iterator[Entry]:
    shown = _shown_now(session, grants)
    for grant in grants:
        yield _entry(grant, from_json(grant.record), shown, now)


def _shown_now(session: Session, grants: Sequence[Grant]) -> frozenset[str]:
    """References of datasets whose listing is public today; one that was public at issue may have been hidden since."""
    statement = (
        select(Dataset.reference)
        .join(GrantDataset, GrantDataset.dataset_id == Dataset.id)
        .where(GrantDataset.grant_id.in_([grant.id for grant in grants]), Dataset.visibility == Visibility.PUBLIC)
    )
    return frozenset(session.scalars(statement))


def _entry(grant: Grant, record: Record, shown: frozenset[str], now: datetime) -> Entry:
    issued = status_of(grant, now)
    themes = set(Theme)
    unnamed = record.partner_is_unnamed
    return Entry(
        number=grant.number,
        title=record.title,
        data_partner="" if unnamed else record.data_partner.name,
        data_partner_slug="" if unnamed else record.data_partner.slug,
        member=record.member.name,
        member_slug=record.member.slug,
        datasets=public_datasets(record, shown),
        purposes=_purposes(record),
        purpose_words=record.purpose_words,
        benefit=record.benefit,
        theme=THEMES[Theme(record.theme)] if record.theme in themes else "",
        countries=record.countries,
        access_modes=tuple(way_name(way.mode) for way in ways_of(record) if way.mode),
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        status=issued.status,
        is_in_force=issued.gives_right,
        since=issued.since,
        issued_at=grant.issued_at,
        agreement_version=grant.agreement_version,
        duties=tuple((duty.sentence, duty.due_on, _when(duty), duty.clause, duty.point) for duty in record.duties),
        record_hash=grant.record_hash,
        letter_sha256=grant.letter.sha256 if grant.letter else "",
        predecessor=record.predecessor,
        successor=grant.successor_number,
    )


def public_datasets(record: Record, shown: frozenset[str]) -> tuple[PublicDataset, ...]:
    """The datasets of a record as everyone may know them."""
    return tuple(
        PublicDataset(d.reference, d.title) if d.is_public and d.reference in shown else PublicDataset("", "")
        for d in record.datasets
    )


def _purposes(record: Record) -> tuple[str, ...]:
    vocabulary = agreement_version(record.agreement_version).terms.specs["permitted_purposes"].vocabulary
    return tuple(vocabulary.label(code) for code in record.purposes)


def _when(duty: DatedDuty) -> str:
    """What the record says of when, with a gap for the day: pages write days in their own way."""
    return duty.when.replace(day_words(duty.due_on), "{day}") if duty.due_on else duty.when
