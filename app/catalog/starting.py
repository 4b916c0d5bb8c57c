"""What a draft can begin with: the answers of a file, of a header line, or of one of three starters."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from app.catalog.answers import Access, Answers, Column, What, Where
from app.foundation.base import JSONObject
from app.foundation.words import N_
from app.rules.vocabulary import Frequency, Theme


class Source(StrEnum):
    """Where an answer came from that nobody typed here."""

    FILE = "file"
    HEADER = "header"
    STARTER = "starter"


# What stands beside such an answer until its page is saved.
SOURCES: dict[Source, str] = {
    Source.FILE: N_("from your file"),
    Source.HEADER: N_("from your header line"),
    Source.STARTER: N_("from the starter"),
}


@dataclass(frozen=True)
class Given:
    """Answers for a new draft, page by page. `others` is how many more datasets the file describes."""

    source: Source
    pages: tuple[Answers, ...]
    identifier: str = ""
    foreign: JSONObject = field(default_factory=dict)
    others: int = 0


# Reads a file that describes datasets; raises Unreadable where it describes none. A part above hands it in.
Opener = Callable[[bytes], Given]
Say = Callable[[str], str]


@dataclass(frozen=True)
class Starter:
    """What many datasets of a kind have in common; each sentence is there to be checked."""

    name: str
    example: str
    theme: Theme
    keywords: tuple[str, ...]
    good_for: tuple[str, ...]
    not_good_for: tuple[str, ...]
    columns: tuple[tuple[str, str, str], ...]
    unit: str
    area: str
    frequency: Frequency
    delivery: str


STARTERS: dict[str, Starter] = {
    "mobility": Starter(
        N_("Mobility"),
        N_("Trips between areas, by hour or day"),
        Theme.MOBILITY,
        (N_("trips"), N_("origin and destination"), N_("travel time")),
        (N_("Travel time to services"), N_("Change before and after an opening or an event")),
        (N_("People without smartphones"), N_("Areas with few devices"), N_("Age, sex or income: not in the data")),
        (
            ("origin", N_("Area where the trip starts"), N_("code")),
            ("destination", N_("Area where the trip ends"), N_("code")),
            ("hour", N_("Local hour of departure"), N_("date and hour")),
            ("trips", N_("Trips, rounded"), N_("count")),
        ),
        N_("Trip between two areas in an hour"),
        N_("City block or tile"),
        Frequency.MONTHLY,
        N_("We write the extract into your storage within one working day of the grant."),
    ),
    "labor": Starter(
        N_("Labor"),
        N_("Job postings, skills, hours or pay, by place and month"),
        Theme.LABOR,
        (N_("job postings"), N_("skills"), N_("occupations")),
        (N_("Which skills are asked for, and where"), N_("Change of demand over months")),
        (N_("Jobs that are found by word of mouth"), N_("Informal work"), N_("Pay that is not posted")),
        (
            ("month", N_("Month of posting"), N_("date")),
            ("city", N_("City of the job"), N_("code")),
            ("occupation", N_("Occupation, ISCO-08, four digits"), N_("code")),
            ("postings", N_("Postings, each once"), N_("count")),
        ),
        N_("City, occupation and month"),
        N_("City"),
        Frequency.MONTHLY,
        N_("You get a file of counts in your storage within one working day of the grant."),
    ),
    "connectivity": Starter(
        N_("Connectivity"),
        N_("Speed, delay or outages of networks, by tile and month"),
        Theme.CONNECTIVITY,
        (N_("internet speed"), N_("coverage"), N_("outages")),
        (N_("Comparing districts"), N_("Finding places without a usable link")),
        (N_("Places where nobody measures"), N_("What people pay"), N_("Indoor coverage")),
        (
            ("tile", N_("Map tile"), N_("code")),
            ("month", N_("Month"), N_("date")),
            ("download", N_("Middle download speed"), N_("Mbit/s")),
            ("tests", N_("Measurements"), N_("count")),
        ),
        N_("Tile and month"),
        N_("600 m tile"),
        Frequency.MONTHLY,
        N_("You query it in our workspace, and take results out once they are cleared."),
    ),
}


def started(name: str, say: Say) -> Given | None:
    """The answers of a starter, its sentences in the language of `say`; None where there is none of that name."""
    starter = STARTERS.get(name)
    if starter is None:
        return None
    what = What(
        themes=(starter.theme.value,),
        keywords=tuple(map(say, starter.keywords)),
        good_for=tuple(map(say, starter.good_for)),
        not_good_for=tuple(map(say, starter.not_good_for)),
        dictionary=tuple(Column(column, say(meaning), say(kind)) for column, meaning, kind in starter.columns),
    )
    where = Where(unit=say(starter.unit), spatial_resolution=say(starter.area), frequency=starter.frequency)
    return Given(Source.STARTER, (what, where, Access(delivery_steps=say(starter.delivery))))
