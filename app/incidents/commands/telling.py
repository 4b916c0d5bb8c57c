"""Who is told of an incident and takes note, at first and where more becomes known."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.grants.models import Grant
from app.incidents.commands.acting import locked, permitted, record_on, words_of
from app.incidents.models import Incident, IncidentNote, IncidentNotice
from app.incidents.queries.standing import takes_note
from app.incidents.queries.terms import rules_of
from app.organizations.queries import secretariat
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.incidents import (
    LEARNED,
    TOLD_ANEW,
    Because,
    PersonalData,
    Recipient,
)


def acknowledge(session: Session, actor: Actor, reference: str, now: datetime) -> Incident:
    """Take note of it, for each recipient for which the actor stands; the second person of one changes nothing."""
    grant, row = locked(session, reference)
    permitted(session, Action.ACKNOWLEDGE_INCIDENT, actor, grant, row)
    open_ones = select(IncidentNotice).where(
        IncidentNotice.incident_id == row.id,
        IncidentNotice.acknowledged_at.is_(None),
    )
    noted = [each for each in session.scalars(open_ones.with_for_update()) if takes_note(actor, each)]
    for notice in noted:
        notice.acknowledged_at, notice.acknowledged_by_id = now, actor.person_id
    session.flush()
    if noted:
        record_on(session, Event.INCIDENT_ACKNOWLEDGED, actor, grant, row, now, {"for": [n.recipient for n in noted]})
    return row


def add(
    session: Session, actor: Actor, reference: str, words: str, now: datetime, touched: PersonalData | None = None
) -> IncidentNote:
    """Add to what is known; everyone concerned is told. Where personal data turns out to be touched, whoever must know is told
    anew, with the same hours, and takes note anew.

    Args:
        touched: what was learned of whether personal data is touched; None where that stays as it was said.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say.
        Invalid: there are no words, or what was learned cannot follow what was said.
    """
    grant, row = locked(session, reference)
    permitted(session, Action.ADD_TO_INCIDENT, actor, grant, row)
    body = words_of(words, N_("Say what is known now."), "words")
    if touched is not None and touched not in LEARNED[PersonalData(row.personal_data)]:
        raise Invalid(
            N_("It was said already that personal data is touched. Say in the full report what was found."),
            field="personal_data",
        )
    note = IncidentNote(
        incident_id=row.id, author_id=actor.person_id or 0, body=body, personal_data=touched or "", added_at=now
    )
    session.add(note)
    session.flush()
    told_anew = _learn(session, grant, row, touched, now) if touched else False
    event = Event.INCIDENT_TOUCHES_PERSONAL_DATA if told_anew else Event.INCIDENT_ADDED_TO
    record_on(session, event, actor, grant, row, now, {})
    return note


def _learn(session: Session, grant: Grant, row: Incident, touched: PersonalData, now: datetime) -> bool:
    """Keep what was learned, and ask anew who must be told by when; tells whether anybody must."""
    row.personal_data = touched.value
    rules = rules_of(grant)
    recipients = rules.recipients & TOLD_ANEW[touched]
    tell(session, grant, row, recipients, (Because.PERSONAL_DATA, now + timedelta(hours=rules.notice_hours)), now)
    return bool(recipients)


def tell(
    session: Session,
    grant: Grant,
    row: Incident,
    recipients: Collection[Recipient],
    why: tuple[Because, datetime],
    now: datetime,
) -> None:
    """Note that these are told, why, and until when they had to be."""
    whose = {
        Recipient.PARTNER: grant.data_partner_id,
        Recipient.MEMBER: grant.member_id,
        Recipient.SECRETARIAT: secretariat(session).id,
        Recipient.BOARD: secretariat(session).id,
    }
    because, due_at = why
    for recipient in Recipient:
        if recipient in recipients:
            session.add(
                IncidentNotice(
                    incident_id=row.id,
                    recipient=recipient.value,
                    because=because,
                    organization_id=whose[recipient],
                    due_at=due_at,
                    told_at=now,
                )
            )
    session.flush()
