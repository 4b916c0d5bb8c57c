"""The data dictionary of a listing: its rows written, added, moved and taken away."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalog.answers import Column, Page
from app.catalog.commands.acts import allow, locked, note
from app.catalog.commands.writing import columns_kept
from app.catalog.models import Dataset
from app.catalog.said import changed, said
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid
from app.foundation.hashing import content_hash
from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.actors import Actor

MOST_COLUMNS = 500


def save_dictionary(
    session: Session, actor: Actor, reference: str, columns: Sequence[Column], now: datetime, *, seen: str = ""
) -> Dataset:
    """Keep these columns as the whole dictionary.

    Args:
        seen: `dictionary_mark` of the dictionary that the columns were written upon; empty where that does not matter.

    Raises:
        Invalid: there are too many columns, or somebody else saved the dictionary meanwhile.
    """
    dataset = locked(session, reference)
    allow(Action.EDIT_LISTING, actor, dataset)
    if seen and seen != dictionary_mark(dataset):
        raise Invalid(
            N_(
                "Somebody else saved this dictionary meanwhile. Your rows are below: saving again puts them in its place."
            )
        )
    if len(columns) > MOST_COLUMNS:
        raise Invalid(N_("A dictionary holds up to 500 columns. Leave some out, or list the data as two datasets."))
    before = said(dataset)
    dataset.dictionary = columns_kept(columns)
    mark = f"{Page.WHAT.value}.dictionary"
    dataset.prefilled = {name: source for name, source in dataset.prefilled.items() if name != mark}
    dataset.updated_at = now
    session.flush()
    facts: JSONObject = {"page": "dictionary", "fields": list(changed(before, said(dataset)))}
    note(session, actor, dataset, Action.EDIT_LISTING, now, facts)
    return dataset


def dictionary_mark(dataset: Dataset) -> str:
    """What the dictionary is at this moment, in a few characters."""
    return content_hash(dataset.dictionary)[:16]


def columns_of(dataset: Dataset) -> list[Column]:
    """The dictionary as plain values; of one that was kept before a field existed, that field is empty."""
    names = ("name", "meaning", "type", "unit", "values", "missing")
    return [Column(*(str(row.get(name, "")) for name in names)) for row in dataset.dictionary]
