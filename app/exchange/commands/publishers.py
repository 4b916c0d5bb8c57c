"""Taking of a catalog only what a data partner lists: datasets of publishers that are others are left out, with the reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.exchange.foreign import Described, Refused
from app.exchange.queries.publishers import Placed, Publishers
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.organizations.models import Organization
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.publishers import Answer, Likeness

LONGEST_ALIAS = 160
MOST_ALIASES = 100


def of_partner(
    publishers: Publishers, answers: Mapping[str, Answer], rows: Iterable[Described | Refused]
) -> Iterator[Described | Refused]:
    """The rows in their order; those of publishers that are left out are refused, saying why.

    What a row that is left out was to tell of the whole catalog is told by the next one that is taken.
    """
    held: tuple[Refused, ...] = ()
    for row in rows:
        if isinstance(row, Refused):
            yield row
            continue
        placed = publishers.place(row.publisher)
        answer = answers.get(row.publisher, placed.usual)
        if answer is Answer.LEAVE:
            held += tuple(one for one in row.remarks if one.is_of_catalog)
            yield _left_out(row, placed, is_said=row.publisher in answers)
        else:
            yield replace(row, remarks=(*held, *row.remarks)) if held else row
            held = ()


def _left_out(row: Described, placed: Placed, *, is_said: bool) -> Refused:
    if is_said:
        problem, remedy = (
            "this publisher's datasets were left out",
            N_("Say otherwise where the publishers are listed."),
        )
    elif placed.other_likeness is Likeness.SAME:
        problem = f"{placed.other} is a data partner of its own"
        remedy = N_(
            "Its own people import its datasets; if you list them for it, say so where the publishers are listed."
        )
    else:
        problem = f"the name resembles {placed.other}, another data partner"
        remedy = N_("Say where the publishers are listed whether you list these datasets.")
    return Refused(row.row, "publisher", row.publisher, problem, remedy)


def new_names(session: Session, organization: Organization, names: Iterable[str], now: datetime) -> list[str]:
    """Those of these names that would be new for a data partner; raises Invalid where another one bears one of them."""
    publishers = Publishers(session, organization, now)
    new = [clean_line(name)[:LONGEST_ALIAS] for name in names if publishers.place(name).own is not Likeness.SAME]
    if not all(publishers.place(name).can_be_ours for name in new):
        raise Invalid(
            N_("Another data partner bears this name. Leave its datasets out, or list them for it."), "publishers"
        )
    return new


def remember_names(
    session: Session, actor: Actor, organization: Organization, names: Iterable[str], now: datetime
) -> None:
    """Keep further names under which catalogs know a data partner.

    Raises:
        Invalid: another data partner bears one of them.
    """
    new = new_names(session, organization, names, now)
    if not new:
        return
    organization.aliases = list(dict.fromkeys([*organization.aliases, *new]))[:MOST_ALIASES]
    facts: JSONObject = {"name": organization.name, "part": "aliases", "aliases": new}
    about = Subject("organization", organization.slug, acting_for=organization.slug)
    record(session, Event.ORGANIZATION_EDITED, actor, about, now, facts)
