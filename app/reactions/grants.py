"""What follows from events of grants: the letter is sealed, the parties are told, and what has ended expires."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.foundation.base import JSONObject
from app.grants.commands import activate, expire_due
from app.grants.commands.following_lead import follow_lead
from app.grants.commands.issuing import SEAL_LETTER
from app.grants.commands.leaving import ENDED_BY
from app.grants.commands.letters import press, sealed_letter
from app.grants.commands.sealing import is_still_said
from app.grants.letter import partner_name
from app.grants.models import Grant
from app.grants.queries.grants import people_concerned
from app.grants.record import from_json
from app.history.queries import Happening
from app.outbox.commands import enqueue
from app.reactions.grant_sides import WORDS, Side, readers
from app.reactions.mail import Recipient, write_mail
from app.reactions.work import Apply, Handler, Job, Reaction, Work
from app.rules.actions import Action
from app.rules.events import Event
from app.rules.workflow import is_possible

FOLLOW_LEAD = "grant.follow_lead"


def seal_letter(work: Work, payload: JSONObject) -> Apply | None:
    """Render and seal one letter; nothing where the grant was sealed or revoked meanwhile."""
    number = str(payload["number"])
    with work.reading() as session:
        grant = session.scalar(select(Grant).where(Grant.number == number))
        if grant is None or not is_possible(Action.SEAL_GRANT, grant.state):
            return None
        record, token = grant.record, grant.verify_token
    sealed = sealed_letter(press(work.settings), record, token, work.now)

    def apply(session: Session) -> None:
        if is_still_said(session, number, record):
            activate(session, work.files, number, sealed, work.now)
        else:  # it was shortened while its letter was made: that letter says a day which does not hold
            enqueue(session, SEAL_LETTER, payload, work.now, about=number)

    return apply


def tell_of_the_seal(session: Session, happening: Happening, work: Work) -> None:
    """One mail to each person whom the grant concerns; only a link, nothing confidential (safety.md, threat 19)."""
    grant = _grant(session, happening.ref)
    if grant is not None:
        context = _context(grant, happening)
        for name, email in people_concerned(session, grant):
            to = Recipient(name, email)
            write_mail(session, work, "grant_sealed", to, context, grant.number, f"/grants/{grant.number}")


def tell_each_side(session: Session, happening: Happening, work: Work) -> None:
    """One mail to each person, with what their side is to do; only a link as well.

    What ends because the member has left is told with its days, by `leaving`.
    """
    grant = _grant(session, happening.ref)
    if grant is None or happening.facts.get("clause") == ENDED_BY:
        return
    event, context = Event(happening.type), _context(grant, happening)
    for reader in readers(session, grant, happening):
        words = WORDS[event][reader.side]
        told: dict[str, object] = {"heading": words.heading, "to_do": words.to_do, "side": reader.side.value}
        if reader.side is Side.HANDED:  # they read no more than their letter says: never who an unnamed data partner is
            record = from_json(grant.record)
            told |= {"data_partner": partner_name(record)}
            told |= {"actor": partner_name(record)} if record.partner_is_unnamed else {}
        to = Recipient(reader.name, reader.email)
        write_mail(session, work, TEMPLATES[event], to, {**context, **told}, grant.number, reader.path)


def _context(grant: Grant, happening: Happening) -> dict[str, object]:
    return {
        "title": grant.title,
        "number": grant.number,
        "data_partner": grant.data_partner.name,
        "member": grant.member.name,
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
        "reason": str(happening.facts.get("reason", "")),
        "actor": happening.actor,
    }


def follow_lead_later(session: Session, happening: Happening, work: Work) -> None:
    """The lead of a proposal has changed: its grants name the new one."""
    enqueue(session, FOLLOW_LEAD, {"reference": happening.ref}, work.now, about=happening.ref)


def _follow_lead(work: Work, payload: JSONObject) -> Apply | None:
    def apply(session: Session) -> None:
        follow_lead(session, str(payload["reference"]), work.now)

    return apply


def expire(session: Session, now: datetime) -> None:
    """Expire the grants whose last day has passed."""
    expire_due(session, now)


def _grant(session: Session, number: str) -> Grant | None:
    parties: Iterable[object] = (joinedload(Grant.data_partner), joinedload(Grant.member))
    return session.scalar(select(Grant).where(Grant.number == number).options(*parties))  # type: ignore[arg-type]


TEMPLATES: dict[Event, str] = {
    Event.GRANT_SUSPENDED: "grant_suspended",
    Event.SUSPENSION_LIFTED: "grant_suspension_lifted",
    Event.GRANT_REVOKED: "grant_revoked",
    Event.GRANT_EXPIRED: "grant_expired",
    Event.GRANT_CLOSED: "grant_closed",
}

REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.GRANT_SEALED: (tell_of_the_seal,),
    **dict.fromkeys(TEMPLATES, (tell_each_side,)),
    Event.LEAD_CHANGED: (follow_lead_later,),
}
HANDLERS: dict[str, Handler] = {SEAL_LETTER: seal_letter, FOLLOW_LEAD: _follow_lead}
SCHEDULE: tuple[Job, ...] = (expire,)
