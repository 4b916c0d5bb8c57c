"""From the seal to the data in hand. A secret is never recorded: neither in the history, nor in a mail, nor in a message."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.delivery.commands.acting import locked, moved, permitted
from app.delivery.models import Delivery, DeliverySecret
from app.delivery.queries import NOT_THERE, gives_right, has_accepted, team_of
from app.delivery.safe import Safe
from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.stored_files import StoredFile
from app.foundation.text import clean
from app.foundation.words import N_
from app.grants.commands.acting import locked as locked_grant
from app.grants.commands.acting import record_event
from app.grants.models import Grant
from app.grants.record import from_json
from app.grants.sides import sides
from app.grants.ways import ways_of
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.delivery import MAY_PROVIDE, OVER, path_of, stays_open
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import DeliveryState, Machine, is_possible

LONGEST_TEXT = 4000
LONGEST_SECRET = 2000
_OFF = N_("The grant gives no right now, so access is off. The grant's page says since when and why.")


@dataclass(frozen=True)
class Provided:
    """What the data partner hands over. `secret` goes to one person of the team and is shown to them once."""

    instructions: str = ""
    link: str = ""
    result: StoredFile | None = None
    secret: str = ""
    secret_for: int | None = None


def begin(session: Session, number: str, now: datetime) -> Delivery | None:
    """Begin the delivery of a grant that is in force; the one that exists already is returned. None where nothing is to deliver.

    A grant that follows another on the same terms goes on with the access of the one before, where that has arrived. One that is
    suspended begins with what the data partner still holds open, so that it is switched off; all else begins once it is lifted.
    """
    grant = locked_grant(session, number)
    known = session.scalar(select(Delivery).where(Delivery.grant_id == grant.id))
    if known is not None or not (grant.state in MAY_PROVIDE or is_possible(Action.LIFT_SUSPENSION, grant.state)):
        return known
    row = Delivery(grant_id=grant.id, mode=ways_of(from_json(grant.record))[0].mode, state_since=now)
    goes_on = _carry_on(session, grant, row)
    if grant.state not in MAY_PROVIDE and not row.is_open:
        return None
    permit(Action.BEGIN_DELIVERY, sides(session, SYSTEM, grant), Machine.DELIVERY)
    session.add(row)
    session.flush()
    event = Event.DELIVERY_CARRIED_ON if goes_on else Event.DELIVERY_BEGUN
    record_event(session, event, SYSTEM, grant, now, {"mode": row.mode})
    return row


def provide(session: Session, actor: Actor, number: str, given: Provided, safe: Safe, now: datetime) -> Delivery:
    """Hand over access, or the result itself; a secret that was not seen yet is replaced.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; WrongState too where the grant is not in force.
        Invalid: there is nothing to reach the data by, or the secret names nobody of the team.
    """
    grant, row = locked(session, number)
    after = permitted(session, Action.PROVIDE_ACCESS, actor, grant, row)
    if grant.state not in MAY_PROVIDE:
        raise WrongState(_OFF)
    _check(grant, row, given)
    named = _named(session, grant, given) if given.secret else ""
    row.instructions, row.link = clean(given.instructions), given.link.strip()
    row.result_id = given.result.id if given.result else row.result_id
    row.provided_by_id, row.provided_at, row.missing, row.arrived_at = actor.person_id, now, "", None
    # What was opened before is open still, whatever took its place.
    row.is_open = row.is_open or _stays_open(grant, row)
    row.switched_off_at, row.switched_off_by_id = None, None
    moved(row, after, now)
    if given.secret:
        _put(session, actor, row, given, safe, now)
    facts: dict[str, object] = {"mode": row.mode, **({"secret_for": named} if named else {})}
    record_event(session, Event.ACCESS_PROVIDED, actor, grant, now, facts)
    return row


def see_secret(session: Session, actor: Actor, number: str, safe: Safe, now: datetime) -> str:
    """The secret, this once: it is erased in the same transaction, under the lock of its delivery.

    Raises:
        NotFound: there is none for this person. WrongState: it was seen already, or access is off.
    """
    grant, row = locked(session, number)
    permitted(session, Action.SEE_SECRET, actor, grant, row)
    if not gives_right(grant, now) or not has_accepted(session, grant, actor.person_id):
        raise WrongState(_OFF)
    secret = session.scalar(
        select(DeliverySecret)
        .where(DeliverySecret.delivery_id == row.id, DeliverySecret.person_id == actor.person_id)
        .order_by(DeliverySecret.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if secret is None:
        raise NotFound(NOT_THERE)
    if secret.ciphertext is None:
        raise WrongState(N_("This was shown already, once. Ask the data partner for a new one if you need it."))
    text = safe.open(secret.ciphertext, _bound_to(row, secret.person_id))
    secret.ciphertext, secret.seen_at = None, now
    session.flush()
    record_event(session, Event.SECRET_SEEN, actor, grant, now, {})
    return text


def confirm(session: Session, actor: Actor, number: str, now: datetime) -> Delivery:
    """Say that it arrived."""
    grant, row = locked(session, number)
    after = permitted(session, Action.CONFIRM_ARRIVAL, actor, grant, row)
    _require_on(grant, now)
    row.arrived_at = now
    moved(row, after, now)
    record_event(session, Event.DATA_ARRIVED, actor, grant, now, {})
    return row


def report_missing(session: Session, actor: Actor, number: str, words: str, now: datetime) -> Delivery:
    """Say that it did not arrive, or no longer works; the data partner's clock runs again. Raises Invalid without words."""
    grant, row = locked(session, number)
    after = permitted(session, Action.REPORT_MISSING, actor, grant, row)
    _require_on(grant, now)
    said = clean(words)[:LONGEST_TEXT]
    if not said:
        raise Invalid(N_("Say what is missing or does not work, so that it can be mended."), field="words")
    row.missing = said
    moved(row, after, now)
    record_event(session, Event.DATA_MISSING, actor, grant, now, {"words": said})
    return row


def forget_secrets(session: Session, now: datetime) -> int:
    """Erase what nobody has seen, of grants that are over; one that is suspended may go on. Returns how many."""
    unseen = (
        select(DeliverySecret, Grant)
        .join(Delivery, Delivery.id == DeliverySecret.delivery_id)
        .join(Grant, Grant.id == Delivery.grant_id)
        .where(DeliverySecret.ciphertext.is_not(None), Grant.state.in_(OVER))
        .with_for_update(of=DeliverySecret)
    )
    found = session.execute(unseen).all()
    for secret, _grant in found:
        secret.ciphertext, secret.withdrawn_at = None, now
    session.flush()
    return len(found)


def _require_on(grant: Grant, now: datetime) -> None:
    if not gives_right(grant, now):
        raise WrongState(_OFF)


def _stays_open(grant: Grant, row: Delivery) -> bool:
    """Whether the data partner now holds something open, which it must switch off itself."""
    paths = [path_of(way.mode) for way in ways_of(from_json(grant.record))]
    return any(stays_open(path, has_address=bool(row.link)) for path in paths)


def _check(grant: Grant, row: Delivery, given: Provided) -> None:
    delivers_result = any(path_of(way.mode).delivers_result for way in ways_of(from_json(grant.record)))
    if delivers_result and not (given.result or given.link.strip() or row.result_id):
        raise Invalid(N_("Add the result as a file, or give the address where it can be read."), field="result")
    if not clean(given.instructions):
        raise Invalid(N_("Say how the team gets there, step by step."), field="instructions")
    if len(given.instructions) > LONGEST_TEXT:
        raise Invalid(N_("Shorten this to 4,000 characters."), field="instructions")
    if given.link.strip() and not given.link.strip().startswith(("https://", "sftp://")):
        raise Invalid(N_("Enter an address that begins with https:// or sftp://."), field="link")


def _named(session: Session, grant: Grant, given: Provided) -> str:
    if len(given.secret) > LONGEST_SECRET:
        raise Invalid(N_("A secret has at most 2,000 characters."), field="secret")
    named = next((person for person in team_of(session, grant) if person.id == given.secret_for), None)
    if named is None:
        raise Invalid(N_("Choose the one person of the team who gets the secret."), field="secret_for")
    return named.name


def _put(session: Session, actor: Actor, row: Delivery, given: Provided, safe: Safe, now: datetime) -> None:
    unseen = select(DeliverySecret).where(
        DeliverySecret.delivery_id == row.id, DeliverySecret.seen_at.is_(None), DeliverySecret.withdrawn_at.is_(None)
    )
    for older in session.scalars(unseen.with_for_update()):
        older.ciphertext, older.withdrawn_at = None, now
    session.flush()
    if given.secret_for is None or actor.person_id is None:
        raise Invalid(N_("Choose the one person of the team who gets the secret."), field="secret_for")
    session.add(
        DeliverySecret(
            delivery_id=row.id,
            person_id=given.secret_for,
            ciphertext=safe.lock(given.secret, _bound_to(row, given.secret_for)),
            made_by_id=actor.person_id,
            made_at=now,
        )
    )
    session.flush()


def _bound_to(row: Delivery, person_id: int) -> str:
    return f"delivery {row.id} person {person_id}"


def _carry_on(session: Session, grant: Grant, row: Delivery) -> bool:
    """Take over the access of the grant before; tells whether there is any. What was last reported missing is none."""
    if grant.predecessor_id is None:
        return False
    before = session.scalar(select(Delivery).where(Delivery.grant_id == grant.predecessor_id))
    if before is None:
        return False
    row.is_open = before.is_open  # whatever else becomes of it, somebody has to switch it off one day
    if not _is_in_hand(before):
        return False
    if not _reached(grant) <= _reached(session.get_one(Grant, grant.predecessor_id)):
        return False
    row.state, row.instructions, row.link = DeliveryState.ARRIVED, before.instructions, before.link
    row.result_id, row.arrived_at = before.result_id, before.arrived_at
    row.provided_by_id, row.provided_at = before.provided_by_id, before.provided_at
    return True


def _is_in_hand(row: Delivery) -> bool:
    """What nobody has said to have switched off since its grant stopped is still in hand, if it was."""
    is_still_on = row.state is DeliveryState.TO_SWITCH_OFF and row.arrived_at is not None and not row.missing
    return row.state is DeliveryState.ARRIVED or is_still_on


def _reached(grant: Grant) -> set[tuple[str, str]]:
    """Each dataset of a grant with the way by which it comes."""
    return {(dataset.reference, way.mode) for way in ways_of(from_json(grant.record)) for dataset in way.datasets}
