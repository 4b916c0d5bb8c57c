"""What each side of a grant is told when it stops, goes on or ends, and what that side is to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.words import N_
from app.grants.models import Grant, SubGrant
from app.grants.queries.answering import of_secretariat
from app.grants.queries.grants import people_giving, people_using
from app.history.queries import Happening
from app.organizations.models import Person
from app.rules.events import Event
from app.rules.workflow import SubGrantState


class Side(StrEnum):
    """Who is told: the team, the data partner's stewards, whoever the data was handed over to, the secretariat."""

    USING = "using"
    GIVING = "giving"
    HANDED = "handed"
    FOLLOWING = "following"


@dataclass(frozen=True)
class Words:
    """The heading of the mail, and the sentence that says what to do; with the grant's facts in %(...)s."""

    heading: str
    to_do: str


@dataclass(frozen=True)
class Reader:
    """One person of a side, and where their button leads."""

    name: str
    email: str
    side: Side
    path: str


# A side that is missing gets no mail of this event: a hand-over that ends with its grant tells its recipient by itself.
WORDS: dict[Event, dict[Side, Words]] = {
    Event.GRANT_SUSPENDED: {
        Side.USING: Words(
            N_("Stop using the data: grant %(number)s is suspended"),
            N_("Stop using the data until the suspension is lifted."),
        ),
        Side.GIVING: Words(
            N_("Suspended: grant %(number)s"),
            N_(
                "Here access is off. Where you opened any on your side, you are asked to switch it off. The team stops."
            ),
        ),
        Side.HANDED: Words(
            N_("Stop using the data: grant %(number)s is suspended"),
            N_("Stop using what %(member)s handed over to you under this grant until the suspension is lifted."),
        ),
        Side.FOLLOWING: Words(
            N_("Suspended: grant %(number)s"),
            N_(
                "The team, the data partner and whoever was handed data were told. The data partner lifts it, or ends the grant."
            ),
        ),
    },
    Event.SUSPENSION_LIFTED: {
        Side.USING: Words(N_("Grant %(number)s may be used again"), N_("It runs until %(end)s.")),
        Side.GIVING: Words(
            N_("Suspension lifted: grant %(number)s"),
            N_("It runs until %(end)s. Where you had switched access off, you are asked to provide it again."),
        ),
        Side.HANDED: Words(
            N_("Grant %(number)s may be used again"),
            N_("What %(member)s handed over to you under this grant may be used again."),
        ),
        Side.FOLLOWING: Words(N_("Suspension lifted: grant %(number)s"), N_("It runs until %(end)s.")),
    },
    Event.GRANT_REVOKED: {
        Side.USING: Words(
            N_("Stop using the data: grant %(number)s is revoked"),
            N_("Stop using the data now and delete it, as promised."),
        ),
        Side.GIVING: Words(
            N_("Revoked: grant %(number)s"),
            N_("Here access is off. Where you opened any on your side, you are asked to switch it off."),
        ),
        Side.FOLLOWING: Words(
            N_("Revoked: grant %(number)s"),
            N_("The team was told to stop and to delete the data. Its certificate is asked for."),
        ),
    },
    Event.GRANT_EXPIRED: {
        Side.USING: Words(
            N_("Delete the data: grant %(number)s has ended"), N_("Delete the data and certify it, as promised.")
        ),
        Side.GIVING: Words(
            N_("Ended: grant %(number)s"),
            N_("Here access is off. Where you opened any on your side, you are asked to switch it off."),
        ),
    },
    Event.GRANT_CLOSED: {
        Side.USING: Words(N_("Grant %(number)s is closed"), N_("Nothing more is to be done.")),
        Side.GIVING: Words(N_("Grant %(number)s is closed"), N_("Nothing more is to be done.")),
    },
}


def readers(session: Session, grant: Grant, happening: Happening) -> list[Reader]:
    """Everyone who is told of it, once each; not the one who did it."""
    did_it = select(Person.email).where(Person.pid == happening.actor_pid)
    told = {session.scalar(did_it)} if happening.actor_pid else set[str | None]()
    found = []
    for reader in _all(session, grant):
        if reader.side in WORDS[Event(happening.type)] and reader.email not in told:
            told.add(reader.email)
            found.append(reader)
    return found


def _all(session: Session, grant: Grant) -> Iterator[Reader]:
    page = f"/grants/{grant.number}"
    yield from (Reader(name, email, Side.USING, page) for name, email in people_using(session, grant))
    yield from (Reader(name, email, Side.GIVING, page) for name, email in people_giving(session, grant))
    handed = select(SubGrant).where(SubGrant.grant_id == grant.id, SubGrant.state == SubGrantState.ACTIVE)
    for row in session.scalars(handed.order_by(SubGrant.id)):
        yield Reader(row.person_name, row.email, Side.HANDED, f"/v/{row.number}?t={row.verify_token}")
    yield from (Reader(person.name, person.email, Side.FOLLOWING, page) for person in of_secretariat(session))
