"""The way of a listing: to the check and back, listed, paused, withdrawn."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.accession import require_accession
from app.catalog.commands.acts import allow, locked, move
from app.catalog.completeness import missing
from app.catalog.models import Dataset
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid
from app.foundation.text import clean
from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.workflow import ListingState

LONGEST_REASON = 2000


def send_to_check(
    session: Session, actor: Actor, reference: str, now: datetime, facts: JSONObject | None = None
) -> Dataset:
    """Ask the secretariat to check a draft. `facts` say what else was done in the same act.

    Raises:
        Invalid: a required answer is missing; `field` names the first.
        NotAllowed: the data partner has not acceded.
    """
    dataset = sendable(session, actor, reference, now)
    return move(session, actor, dataset, Action.SEND_LISTING, now, facts=facts)


def sendable(session: Session, actor: Actor, reference: str, now: datetime) -> Dataset:
    """The draft, locked, where it can be sent to the check. Raises what `send_to_check` does."""
    dataset = locked(session, reference)
    allow(Action.SEND_LISTING, actor, dataset)
    require_accession(session, dataset.organization, now)
    _require_complete(dataset)
    _require_looked_at(dataset)
    return dataset


def return_with_message(
    session: Session, actor: Actor, reference: str, message: str, now: datetime, facts: JSONObject | None = None
) -> Dataset:
    """Give a listing back to its steward, saying what to change."""
    dataset = returnable(session, actor, reference, message)
    return move(session, actor, dataset, Action.RETURN_LISTING, now, reason=_said(message), facts=facts)


def returnable(session: Session, actor: Actor, reference: str, message: str) -> Dataset:
    """The listing, locked, where it can be given back with this message. Raises Invalid where that says nothing, NotAllowed."""
    dataset = locked(session, reference)
    allow(Action.RETURN_LISTING, actor, dataset)
    _said(message)
    return dataset


def publish(session: Session, actor: Actor, reference: str, now: datetime, facts: JSONObject | None = None) -> Dataset:
    """List a dataset that was checked."""
    dataset = publishable(session, actor, reference, now)
    dataset.listed_at = now
    return move(session, actor, dataset, Action.PUBLISH_LISTING, now, facts=facts)


def publishable(session: Session, actor: Actor, reference: str, now: datetime) -> Dataset:
    """The listing, locked, where it can be listed. Raises Invalid where an answer is missing, NotAllowed."""
    dataset = locked(session, reference)
    allow(Action.PUBLISH_LISTING, actor, dataset)
    require_accession(session, dataset.organization, now)
    _require_complete(dataset)
    return dataset


def pause(session: Session, actor: Actor, reference: str, reason: str, now: datetime) -> Dataset:
    """Take new proposals for a dataset no more, for a while; grants run on."""
    dataset = locked(session, reference)
    allow(Action.PAUSE_LISTING, actor, dataset)
    return move(session, actor, dataset, Action.PAUSE_LISTING, now, reason=_said(reason))


def resume(session: Session, actor: Actor, reference: str, now: datetime) -> Dataset:
    """Take proposals for a paused dataset again."""
    dataset = locked(session, reference)
    allow(Action.RESUME_LISTING, actor, dataset)
    require_accession(session, dataset.organization, now)
    return move(session, actor, dataset, Action.RESUME_LISTING, now)


def withdraw(session: Session, actor: Actor, reference: str, reason: str, now: datetime) -> Dataset:
    """Take a dataset out of the catalog for good. Its page stays with date and reason, and grants in force run on."""
    dataset = locked(session, reference)
    allow(Action.WITHDRAW_LISTING, actor, dataset)
    return move(session, actor, dataset, Action.WITHDRAW_LISTING, now, reason=_said(reason))


def withdraw_with_partner(session: Session, organization_id: int, reason: str, now: datetime) -> int:
    """Withdraw what a data partner that has left had listed or sent to be (clause 19.7). Returns how many listings.

    Its drafts, which only its own people know of, stay with them.
    """
    listed = (ListingState.IN_CHECK, ListingState.LISTED, ListingState.PAUSED)
    theirs = select(Dataset.reference).where(Dataset.organization_id == organization_id, Dataset.state.in_(listed))
    found = [locked(session, reference) for reference in session.scalars(theirs.order_by(Dataset.id)).all()]
    leaving = [dataset for dataset in found if dataset.state in listed]
    for dataset in leaving:
        move(session, SYSTEM, dataset, Action.WITHDRAW_LISTING, now, reason=reason)
    return len(leaving)


def restore_with_partner(session: Session, organization_id: int, since: datetime, reason: str, now: datetime) -> int:
    """Bring back, paused, what a data partner had listed when it was withdrawn with a notice that is taken back now.

    Args:
        since: the moment at which that notice was followed. Returns how many listings. What was still in check stays withdrawn.
    """
    listed = Dataset.listed_at.is_not(None) & (Dataset.state == ListingState.WITHDRAWN)
    theirs = select(Dataset.reference).where(Dataset.organization_id == organization_id, listed)
    found = session.scalars(theirs.where(Dataset.state_since == since).order_by(Dataset.id)).all()
    for dataset in [locked(session, reference) for reference in found]:
        move(session, SYSTEM, dataset, Action.RESTORE_LISTING, now, reason=reason)
    return len(found)


def _require_complete(dataset: Dataset) -> None:
    for requirement in missing(dataset):
        raise Invalid(requirement.remedy, requirement.field)


def _require_looked_at(dataset: Dataset) -> None:
    if dataset.prefilled:
        sentence = N_("Some answers were filled in for you. Open each page that says so, check them, and save it.")
        raise Invalid(sentence, next(iter(dataset.prefilled)))


def _said(text: str) -> str:
    said = clean(text)
    if not said:
        raise Invalid(N_("Say why in a sentence or two. The people concerned read it."), "reason")
    if len(said) > LONGEST_REASON:
        raise Invalid(N_("Shorten this to 2,000 characters."), "reason")
    return said
