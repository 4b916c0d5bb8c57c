"""A new release of a dataset: noted on its page, and told to those who may use it."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.answers import Release
from app.catalog.commands.acts import allow, locked, note
from app.catalog.models import Dataset, DatasetRelease
from app.foundation.errors import Invalid
from app.foundation.text import clean, clean_line
from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.actors import Actor

LONGEST_LABEL, LONGEST_NOTES = 100, 2000


def add_release(session: Session, actor: Actor, reference: str, release: Release, now: datetime) -> DatasetRelease:
    """Note a release. The newest by its day is the one at the head of the page, and the data reaches as far as it does.

    Raises:
        Invalid: the label is missing, too long or taken, the day lies ahead, or the period ends before it begins.
    """
    dataset = locked(session, reference)
    allow(Action.ADD_RELEASE, actor, dataset)
    label, notes = clean_line(release.label).strip(), clean(release.notes)
    released_on = _usable(release, label, notes, now)
    known = list(session.scalars(select(DatasetRelease).where(DatasetRelease.dataset_id == dataset.id)))
    if label in {one.label for one in known}:
        raise Invalid(N_("There is a release of that name already. Give this one a name of its own."), "label")
    row = DatasetRelease(
        dataset_id=dataset.id,
        label=label,
        released_on=released_on,
        notes=notes,
        covers_from=release.covers_from,
        covers_to=release.covers_to,
        created_at=now,
    )
    session.add(row)
    if all(one.released_on <= released_on for one in known):
        _bring_up_to(dataset, label, release.covers_to)
    dataset.updated_at = now
    session.flush()
    note(session, actor, dataset, Action.ADD_RELEASE, now, {"label": label})
    return row


def _usable(release: Release, label: str, notes: str, now: datetime) -> date:
    """The day of a release that can be noted."""
    if not label:
        raise Invalid(N_("Name the release, such as 2026-10."), "label")
    if len(label) > LONGEST_LABEL:
        raise Invalid(N_("Shorten the name to 100 characters."), "label")
    if len(notes) > LONGEST_NOTES:
        raise Invalid(N_("Shorten the notes to 2,000 characters."), "notes")
    if release.released_on is None:
        raise Invalid(N_("Enter a date with day, month and year, like 14 3 2027."), "released_on")
    # Where the partner is, tomorrow may have begun.
    if release.released_on > now.date() + timedelta(days=1):
        raise Invalid(N_("Enter a day that has come. Note the release once it is there."), "released_on")
    if release.covers_from and release.covers_to and release.covers_from > release.covers_to:
        raise Invalid(N_("Enter a last day that is not before the first one."), "covers_to")
    return release.released_on


def _bring_up_to(dataset: Dataset, label: str, covers_to: date | None) -> None:
    dataset.release = label
    if covers_to and dataset.coverage_end and covers_to > dataset.coverage_end:
        dataset.coverage_end = covers_to
