"""A sample: measured, and kept as the shape of its columns with the few rows that everyone may see."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from app.catalog.answers import Sample, ShownRows
from app.catalog.commands.acts import allow, locked, note
from app.catalog.commands.writing import sample_kept
from app.catalog.models import Dataset
from app.catalog.profiles import Profile, made_up, measured, persons_in, without
from app.catalog.profiles.shapes import profile_of
from app.catalog.said import Said, changed, said
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.workflow.states import ListingState

# So many columns are named in a refusal.
_NAMED = 5
SHOWN_ROWS, SHOWN_COLUMNS, LONGEST_CELL = 20, 30, 200


def keep_sample(
    session: Session,
    actor: Actor,
    reference: str,
    table: Sequence[Sequence[str]],
    shown: ShownRows,
    now: datetime,
    chance: Random,
    *,
    is_synthetic: bool = False,
    leaves_persons_out: bool = False,
    no_persons: str = "",
) -> Dataset:
    """Measure a table, header first, and keep its profile with the rows that shall be seen. No other row of it is kept.

    Args:
        is_synthetic: the partner says that the rows of the file are made up.
        leaves_persons_out: columns that look as if they named persons are neither measured nor shown.
        no_persons: why such columns name nobody; it counts while the listing is still to be checked. Without it they are
            measured without their values.

    Raises:
        Invalid: there is no row below the header, too few to make rows up from, or rows that look as if they named persons.
    """
    dataset = locked(session, reference)
    allow(Action.EDIT_LISTING, actor, dataset)
    before = said(dataset)
    heads, rows = _parted(table)
    persons = persons_in(heads, rows)
    if persons and leaves_persons_out:
        heads, rows = without(heads, rows, persons)
    elif persons and shown is ShownRows.FIRST:
        _require_no_persons(dataset, persons, no_persons, is_synthetic=is_synthetic)
    if not heads:
        raise Invalid(N_("Every column looks as if it named persons. Show no rows, or made-up ones."), "file")
    unnamed = () if no_persons and _is_checked_later(dataset) else persons
    dataset.profile = (profile := measured(heads, rows, _missing_codes(dataset), unnamed)).to_json()
    dataset.sample = _shown(profile, rows, shown, chance, is_synthetic=is_synthetic)
    return _changed(session, actor, dataset, before, now, {"no_persons": no_persons} if persons and no_persons else {})


def _parted(table: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    if len(table) < 2:
        raise Invalid(N_("There is no row below the header. Add a few rows that are safe to show."), "file")
    return tuple(cell[:LONGEST_CELL] for cell in table[0]), [tuple(row) for row in table[1:]]


def make_rows_up(session: Session, actor: Actor, reference: str, now: datetime, chance: Random) -> Dataset:
    """Show made-up rows in the shape of the profile, in place of the rows that are shown now.

    Raises:
        Invalid: there is no profile, or it rests on too few rows.
    """
    dataset = locked(session, reference)
    allow(Action.EDIT_LISTING, actor, dataset)
    before, profile = said(dataset), profile_of(dataset.profile)
    if profile is None:
        raise Invalid(N_("Upload a safe sample first: the made-up rows follow the shape of its columns."), "file")
    dataset.sample = _shown(profile, _rows_of(dataset), ShownRows.MADE_UP, chance)
    return _changed(session, actor, dataset, before, now)


def drop_sample(session: Session, actor: Actor, reference: str, now: datetime) -> Dataset:
    """Take the rows and the profile away."""
    dataset = locked(session, reference)
    allow(Action.EDIT_LISTING, actor, dataset)
    before = said(dataset)
    dataset.sample = dataset.profile = None
    return _changed(session, actor, dataset, before, now)


def _require_no_persons(dataset: Dataset, persons: Sequence[str], why: str, *, is_synthetic: bool) -> None:
    """Rows with such columns are kept only where the steward says why, and the secretariat still checks the listing."""
    if _is_checked_later(dataset) and (why or is_synthetic):
        return
    columns = ", ".join(persons[:_NAMED])
    if _is_checked_later(dataset):
        said = f"These columns look as if they named persons: {columns}. Leave them out, or say why they name nobody."
        raise Invalid(said, "no_persons")
    said = (
        f"These columns look as if they named persons: {columns}. Leave them out, or show made-up rows: this listing is past "
        "the secretariat's check, so that nobody would look at them before everyone sees them."
    )
    raise Invalid(said, "leaves_persons_out")


def _is_checked_later(dataset: Dataset) -> bool:
    return dataset.state in (ListingState.DRAFT, ListingState.IN_CHECK)


def _shown(
    profile: Profile, rows: Sequence[tuple[str, ...]], shown: ShownRows, chance: Random, *, is_synthetic: bool = False
) -> JSONObject | None:
    if shown is ShownRows.NONE:
        return None
    seen = Profile(profile.rows, profile.columns[:SHOWN_COLUMNS])
    heads = tuple(column.name for column in seen.columns)
    cut = [tuple([*row, *[""] * len(heads)][: len(heads)]) for row in rows]
    chosen = cut[:SHOWN_ROWS]
    if shown is ShownRows.MADE_UP:
        chosen, is_synthetic = made_up(seen, SHOWN_ROWS, chance, cut), True
    cells = tuple(tuple(cell[:LONGEST_CELL] for cell in row) for row in chosen)
    return sample_kept(Sample(heads, cells, is_synthetic))


def _rows_of(dataset: Dataset) -> list[tuple[str, ...]]:
    kept = (dataset.sample or {}).get("rows")
    return [tuple(str(cell) for cell in row) for row in kept if isinstance(row, list)] if isinstance(kept, list) else []


def _missing_codes(dataset: Dataset) -> dict[str, str]:
    return {str(column.get("name", "")): str(column.get("missing", "")) for column in dataset.dictionary}


def _changed(
    session: Session, actor: Actor, dataset: Dataset, before: Said, now: datetime, more: JSONObject | None = None
) -> Dataset:
    dataset.updated_at = now
    session.flush()
    facts: JSONObject = {"page": "sample", "fields": list(changed(before, said(dataset))), **(more or {})}
    note(session, actor, dataset, Action.EDIT_LISTING, now, facts)
    return dataset
