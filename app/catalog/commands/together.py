"""Listings that are sent to the check in one act, and checked in one: a few are read, each can be given back."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalog.commands.checking import (
    publish,
    publishable,
    return_with_message,
    returnable,
    send_to_check,
    sendable,
)
from app.catalog.models import Dataset
from app.catalog.queries.together import sent_together
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, WrongState
from app.foundation.words import N_
from app.rules.actors import Actor

_CHANGED = N_("What was sent together has changed meanwhile. Look at it again.")


@dataclass(frozen=True)
class Decided:
    """How many were listed, and how many went back."""

    listed: int
    returned: int


def send_together(session: Session, actor: Actor, references: Sequence[str], now: datetime) -> int:
    """Ask the secretariat to check some drafts; it is told once. Returns how many.

    Raises:
        Invalid: a required answer of one of them is missing; which one is said, and none is sent.
        NotAllowed: the data partner has not acceded.
    """
    _each(references, lambda reference: sendable(session, actor, reference, now))
    for reference, facts in _told_once(references):
        send_to_check(session, actor, reference, now, facts=facts)
    return len(references)


def decide_together(
    session: Session,
    actor: Actor,
    dataset: Dataset,
    seen: Collection[str],
    back: Collection[str],
    message: str,
    now: datetime,
    *,
    is_read: bool,
) -> Decided:
    """List what was sent together with a listing, but for those that go back with a message. Each side is told once.

    Args:
        seen: what the officer was shown; something else waits by now where it differs.
        back: those that go back.
        is_read: the officer says that the sample was read.

    Raises:
        Invalid: the sample was not read, something goes back without a message, or an answer of one that is listed is missing.
        WrongState: a colleague has decided on some of them meanwhile.
        NotAllowed: the actor does not check listings, or is of the data partner.
    """
    there = [row.reference for row in sent_together(session, dataset)]
    if set(there) != set(seen):
        raise WrongState(_CHANGED)
    going_back = [reference for reference in there if reference in back]
    listed = [reference for reference in there if reference not in back]
    if listed and not is_read:
        raise Invalid(N_("Read the listings of the sample first, and say that you did."), "is_read")
    _each(listed, lambda reference: publishable(session, actor, reference, now))
    for reference in going_back:
        returnable(session, actor, reference, message)
    for reference, facts in _told_once(going_back):
        return_with_message(session, actor, reference, message, now, facts=facts)
    for reference, facts in _told_once(listed):
        publish(session, actor, reference, now, facts=facts)
    return Decided(len(listed), len(going_back))


def _each(references: Sequence[str], check: Callable[[str], Dataset]) -> None:
    """Look at each before anything is written; the refusal of one of several says which it is."""
    for reference in references:
        try:
            check(reference)
        except Invalid as error:
            if len(references) < 2:
                raise
            raise Invalid(f"{reference}: {error.message}", error.field) from error


def _told_once(references: Sequence[str]) -> list[tuple[str, JSONObject]]:
    """Each with what its event says, so that of several the first alone is told to people."""
    if len(references) < 2:
        return [(reference, {}) for reference in references]
    first, *others = references
    told: list[tuple[str, JSONObject]] = [(first, {"together": len(references)})]
    return told + [(reference, {"with": first}) for reference in others]
