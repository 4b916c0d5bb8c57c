"""Changing what a person wants, and keeping what came in by mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.correspondence.models import InboundMessage, InboundState, MailChoice, MailSettings
from app.correspondence.queries import held_reply
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.rules.actors import Actor
from app.rules.mail import LANGUAGES, OPTIONAL, PRESETS, Cadence, Preset, Topic

# Messages that the worker handles: a test mail, and a held reply that its author has acknowledged.
TEST, RELEASE = "mail.test", "reply.release"
HELD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Wishes:
    """When and in which language somebody wants mail. Times are by the clock of the zone, as 22:00; empty for none."""

    language: str
    time_zone: str
    quiet_from: str
    quiet_until: str


def choose(session: Session, actor: Actor, choices: Mapping[Topic, Cadence], wishes: Wishes, now: datetime) -> None:
    """Keep the whole page of preferences.

    Raises:
        Invalid: a quiet hour without the other, or one that is no time; a zone or a language that nobody knows.
    """
    person_id = _own(actor)
    begin, end = _time(wishes.quiet_from, "quiet_from"), _time(wishes.quiet_until, "quiet_until")
    if (begin is None) != (end is None):
        field = "quiet_until" if end is None else "quiet_from"
        raise Invalid(N_("Enter both ends of your quiet hours, or leave both empty."), field=field)
    if wishes.time_zone not in available_timezones():
        raise Invalid(N_("Choose a time zone from the list, like Europe/Madrid."), field="time_zone")
    if wishes.language not in LANGUAGES:
        raise Invalid(N_("Choose one of the languages on the list."), field="language")
    row = _settings(session, person_id, now)
    row.language, row.time_zone, row.changed_at = wishes.language, wishes.time_zone, now
    row.quiet_from = f"{begin:%H:%M}" if begin else None
    row.quiet_until = f"{end:%H:%M}" if end else None
    _keep(session, person_id, choices)


def take_preset(session: Session, actor: Actor, preset: Preset) -> None:
    """Take one of the ready-made sets of choices; hours and language stay."""
    _keep(session, _own(actor), PRESETS[preset])


def turn_off(session: Session, person_id: int, topic: Topic) -> None:
    """Turn one group of mails off for somebody, from the signed link in a mail."""
    _keep(session, person_id, {topic: Cadence.OFF})


def note_bounce(session: Session, person_id: int, now: datetime) -> None:
    """A mail to the person came back as not delivered."""
    _settings(session, person_id, now).bounced_at = now


def forget_bounce(session: Session, person_id: int) -> None:
    """A mail from the person's own address arrived, or they say that the address works."""
    row = session.get(MailSettings, person_id)
    if row is not None:
        row.bounced_at = None


def discard_held(session: Session, actor: Actor, inbound_id: int) -> None:
    """Throw a held reply away, with its text."""
    close_held(held_reply(session, actor, inbound_id), InboundState.DISCARDED)


def forget_held(session: Session, now: datetime) -> int:
    """Discard replies that nobody has answered for in 30 days, with their texts; returns how many."""
    old = select(InboundMessage).where(
        InboundMessage.state == InboundState.HELD, InboundMessage.received_at < now - HELD_FOR
    )
    found = session.scalars(old.with_for_update()).all()
    for row in found:
        close_held(row, InboundState.DISCARDED)
    return len(found)


def close_held(row: InboundMessage, state: InboundState) -> None:
    """End the holding of a reply; its text is not kept."""
    row.state, row.held_text, row.held_from = state, None, None


def _own(actor: Actor) -> int:
    if actor.person_id is None:
        raise Invalid(N_("Sign in to choose which mail you get."))
    return actor.person_id


def _settings(session: Session, person_id: int, now: datetime) -> MailSettings:
    row = session.get(MailSettings, person_id)
    if row is None:
        row = MailSettings(person_id=person_id, language="en", time_zone="UTC", changed_at=now)
        session.add(row)
    return row


def _keep(session: Session, person_id: int, choices: Mapping[Topic, Cadence]) -> None:
    for topic in OPTIONAL:
        if topic not in choices:
            continue
        row = session.get(MailChoice, (person_id, topic))
        if row is None:
            session.add(MailChoice(person_id=person_id, topic=topic, cadence=choices[topic]))
        else:
            row.cadence = choices[topic]
    session.flush()


def _time(text: str, field: str) -> time | None:
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip().rjust(5, "0"))
    except ValueError:
        raise Invalid(N_("Enter a time with hours and minutes, like 22:00."), field=field) from None
