"""Telling many drafts at once what they lack. What a draft says already stays as it is."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalog.answers import PAGE_OF, Answers, Terms
from app.catalog.commands.acts import allow, locked, note
from app.catalog.commands.writing import write
from app.catalog.completeness import missing
from app.catalog.models import Dataset
from app.catalog.reading_back import READ_BACK, said_in
from app.catalog.said import changed, said
from app.catalog.terms import refusals
from app.foundation.errors import Invalid
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.workflow import ListingState


def complete_together(
    session: Session, actor: Actor, references: Sequence[str], given: Sequence[Answers], now: datetime
) -> int:
    """Write what is given into drafts, each answer only where a draft lacks it. Returns into how many something was written.

    A listing that is no draft any more stays as it is.

    Raises:
        Invalid: a condition goes beyond the agreement.
        NotAllowed: the actor does not write one of them; none is written then.
    """
    for answers in given:
        for finding in refusals(answers.conditions) if isinstance(answers, Terms) else ():
            raise Invalid(str(finding.sentence), finding.parameter)
    return sum(_complete(session, actor, reference, given, now) for reference in sorted(set(references)))


def _complete(session: Session, actor: Actor, reference: str, given: Sequence[Answers], now: datetime) -> bool:
    dataset = locked(session, reference)
    allow(Action.EDIT_LISTING, actor, dataset)
    if dataset.state is not ListingState.DRAFT:
        return False
    lacking, before = {requirement.field for requirement in missing(dataset)}, said(dataset)
    for answers in given:
        _fill(dataset, answers, lacking)
    written = changed(before, said(dataset))
    if written:
        dataset.updated_at = now
        session.flush()
        note(session, actor, dataset, Action.EDIT_LISTING, now, {"page": "shared", "fields": list(written)})
    return bool(written)


def _fill(dataset: Dataset, answers: Answers, lacking: Collection[str]) -> None:
    if isinstance(answers, Terms):
        # What is given of terms is set as it is, and takes nothing else away.
        write(dataset, Terms({name: value for name, value in answers.conditions.items() if name in lacking}))
        return
    wanted = {name: value for name, value in said_in(answers).items() if name in lacking}
    if not wanted:
        return
    write(dataset, replace(READ_BACK[type(answers)](dataset), **wanted))
    page = PAGE_OF[type(answers)]
    # What was typed there and could not be used is answered now.
    dataset.typed = {name: text for name, text in dataset.typed.items() if name.removeprefix(f"{page}.") not in wanted}
