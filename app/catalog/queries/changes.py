"""What changed on a listing since it was listed, from the history: for everyone who sees the page, without names of people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset, DatasetRelease
from app.catalog.said import field_names
from app.foundation.words import N_
from app.history.queries import Happening, happenings
from app.rules.events import Event

# What is told beside changed fields. Sending, checking and giving back are between the partner and the secretariat.
_TOLD: dict[str, str] = {
    Event.LISTING_PUBLISHED.value: N_("Listed"),
    Event.LISTING_PAUSED.value: N_("Paused: no new proposals"),
    Event.LISTING_RESUMED.value: N_("Open to proposals again"),
    Event.LISTING_WITHDRAWN.value: N_("Withdrawn"),
    Event.LISTING_RESTORED.value: N_("Back, and paused"),
}
_CHANGES = frozenset({Event.LISTING_EDITED.value})


@dataclass
class Day:
    """What changed on one day: what happened to the listing, untranslated, and which fields say something else."""

    day: date
    happened: list[str] = field(default_factory=list)
    releases: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


def change_log(session: Session, dataset: Dataset) -> list[Day]:
    """The days on which something changed, the newest first; nothing of the time before it was listed."""
    return _days(happenings(session, [("listing", dataset.reference)], newest_first=False))


def releases_of(session: Session, dataset: Dataset) -> list[DatasetRelease]:
    """The releases, the newest first."""
    own = select(DatasetRelease).where(DatasetRelease.dataset_id == dataset.id)
    return list(session.scalars(own.order_by(DatasetRelease.released_on.desc(), DatasetRelease.id.desc())))


def _days(events: Sequence[Happening]) -> list[Day]:
    listed = next((place for place, event in enumerate(events) if event.type == Event.LISTING_PUBLISHED.value), None)
    if listed is None:
        return []
    days: dict[date, Day] = {}
    for event in events[listed:]:
        names = _names(event)
        label = str(event.facts.get("label", "")) if event.type == Event.RELEASE_ADDED.value else ""
        told = _TOLD.get(event.type, "")
        if not (names or label or told):
            continue
        day = days.setdefault(event.at.date(), Day(event.at.date()))
        day.happened += [told] if told else []
        day.releases += [label] if label else []
        day.fields += [name for name in names if name not in day.fields]
    return sorted(days.values(), key=lambda one: one.day, reverse=True)


def _names(event: Happening) -> list[str]:
    fields = event.facts.get("fields")
    return field_names(map(str, fields)) if event.type in _CHANGES and isinstance(fields, list) else []
