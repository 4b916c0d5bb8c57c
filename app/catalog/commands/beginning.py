"""Beginning a listing with answers that somebody else wrote: each is marked until its page is saved."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.answers import PAGE_OF, Answers, Terms
from app.catalog.commands.writing import create, write
from app.catalog.models import Dataset
from app.catalog.reading_back import READ_BACK, said_in
from app.catalog.starting import Given
from app.foundation.text import clean_line
from app.organizations.models import Organization
from app.rules.actors import Actor


def begin(session: Session, actor: Actor, organization: Organization, now: datetime, given: Given | None) -> Dataset:
    """Start a draft, filled with what is given. What is not given stays as the organization's defaults have it.

    Raises:
        NotAllowed: the actor does not write this organization's listings.
    """
    dataset = create(session, actor, organization, now)
    if given is None:
        return dataset
    for answers in given.pages:
        _fill(dataset, answers, given)
    identifier = clean_line(given.identifier)[:500]
    if identifier and not _is_taken(session, organization, identifier):
        dataset.identifier, dataset.foreign = identifier, given.foreign
    session.flush()
    return dataset


def _fill(dataset: Dataset, answers: Answers, given: Given) -> None:
    if isinstance(answers, Terms):
        raise TypeError("terms are the data partner's own to choose")
    # What stands as it is when nobody answers was not given, and overwrites no default of the organization.
    said = said_in(answers)
    write(dataset, replace(READ_BACK[type(answers)](dataset), **said))
    page = PAGE_OF[type(answers)]
    dataset.prefilled = dataset.prefilled | {f"{page}.{name}": given.source.value for name in said}


def _is_taken(session: Session, organization: Organization, identifier: str) -> bool:
    own = (Dataset.organization_id == organization.id) & (Dataset.identifier == identifier)
    return session.scalar(select(Dataset.id).where(own)) is not None
