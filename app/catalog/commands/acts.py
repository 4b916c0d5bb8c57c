"""What all commands on a listing begin and end with: the locked row, the right to act, the event."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset, ListingChange
from app.catalog.queries.listings import NOT_THERE, whole
from app.catalog.standing import standing
from app.foundation.base import JSONObject
from app.foundation.errors import NotFound
from app.history.commands import Fact, Subject, record, record_all
from app.history.models import LogHead
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import ListingState, Machine, transition


def locked(session: Session, reference: str) -> Dataset:
    """The listing, whole, with its row locked until the transaction ends; raises NotFound."""
    row = session.scalar(
        whole().where(Dataset.reference == reference).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def allow(action: Action, actor: Actor, dataset: Dataset) -> ListingState:
    """Let the act pass, or refuse it; returns the state after it."""
    after = permit(action, standing(actor, dataset), Machine.LISTING, dataset.state)
    return ListingState(str(after))


def move(
    session: Session,
    actor: Actor,
    dataset: Dataset,
    action: Action,
    now: datetime,
    *,
    reason: str | None = None,
    facts: JSONObject | None = None,
) -> Dataset:
    """Permit the act, bring the listing into the state that follows, and record it with the reason given."""
    before, after = dataset.state, allow(action, actor, dataset)
    dataset.state, dataset.state_reason, dataset.updated_at = after, reason, now
    if before is not after:
        dataset.state_since = now
    note(session, actor, dataset, action, now, {**({"reason": reason} if reason else {}), **(facts or {})})
    return dataset


def note(
    session: Session, actor: Actor, dataset: Dataset, action: Action, now: datetime, facts: JSONObject | None = None
) -> None:
    """Record the event of an act on the listing."""
    event = transition(action).event
    if event is not None:
        record_change(session, event, actor, dataset, now, {"title": dataset.title, **(facts or {})})


def record_change(
    session: Session, event: Event, actor: Actor, dataset: Dataset, now: datetime, facts: JSONObject
) -> None:
    """Record an event that changed the listing, and let what is derived from listings follow."""
    record(session, event, actor, subject(dataset), now, facts)
    session.add(ListingChange(dataset_id=dataset.id))


def record_changes(session: Session, actor: Actor, facts: Sequence[Fact], now: datetime) -> None:
    """`record_change` for many listings at once, which are stored already."""
    record_all(session, actor, facts, now)
    touch(session, select(Dataset.id).where(Dataset.reference.in_({fact.subject.ref for fact in facts})))


def touch(session: Session, changed: Select[int]) -> None:
    """Let what is derived from some listings follow, though no act on them changed it. Takes the history's lock, as an event."""
    session.execute(select(LogHead.id).where(LogHead.id == 1).with_for_update())
    session.execute(insert(ListingChange).from_select(["dataset_id"], changed.order_by(Dataset.id)))


def subject(dataset: Dataset) -> Subject:
    """What an event on a listing is about."""
    return Subject("listing", dataset.reference, acting_for=dataset.organization.slug)
