"""Loading what the demo's data partners list, written page by page and checked by the secretariat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from app.catalog import commands
from app.catalog.answers import Access, Column, ShownRows, Terms, What, Where
from app.catalog.models import Dataset
from app.demo import world
from app.demo.samples import table
from app.demo.stage import Stage
from app.organizations.models import Organization
from app.organizations.queries import organization_by_slug, stewards_of
from app.rules.actors import Actor
from app.rules.vocabulary import AccessMode, Frequency, Sensitivity, Visibility

ANY_PURPOSE = {"permitted_purposes": ["dev"]}
CHECKED_BY = "Mei Castellanos"
FIRST_LISTED_DAYS_AGO = 200
BEFORE_FIRST_PROPOSAL = timedelta(days=8)


def plan_listings(stage: Stage) -> None:
    """Write every listing, each before the first proposal that names it."""
    wanted = _first_wanted(stage)
    texts = world.listings()
    for number, text in enumerate(texts):
        moment = stage.now - timedelta(days=FIRST_LISTED_DAYS_AGO * (len(texts) - number) / len(texts))
        first = wanted.get(text["identifier"])
        moment = min(moment, first - BEFORE_FIRST_PROPOSAL) if first else moment
        _Listing(stage, text).plan(moment)
    _plan_brought(stage)


def _plan_brought(stage: Stage) -> None:
    """What a steward brought lately, and sent to the check in one act."""
    brought = [_Listing(stage, text) for text in world.brought()]
    for listing in brought:
        stage.plan(stage.at(2), listing.write)
    stage.plan(stage.at(1), lambda now: _send_together(stage, brought, now))


def _first_wanted(stage: Stage) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for text in world.proposals():
        begun = stage.at(text["story"][0][1] if text["story"] else 0)
        for identifier in text["datasets"]:
            first[identifier] = min(begun, first.get(identifier, begun))
    return first


@dataclass(frozen=True)
class _Listing:
    """One listing of the demo and its story."""

    stage: Stage
    text: world.Text

    def plan(self, moment: datetime) -> None:
        """Plan its way, as far as its story goes."""
        state = self.text.get("state", "listed")
        self.stage.plan(moment, self.write)
        if state in UNFINISHED:
            for act in UNFINISHED[state](self):
                self.stage.plan(self.stage.at(1), act)
            return
        self.stage.plan(moment + timedelta(hours=1), self.send)
        self.stage.plan(moment + timedelta(hours=5), self.publish)
        if state in ENDS:
            days_ago, end = ENDS[state]
            self.stage.plan(self.stage.at(days_ago), lambda now: self.end(end, now))

    def sending(self, now: datetime) -> tuple[Actor, str]:
        """Who asks for the check, and of what."""
        row = self._row()
        return self._steward(row.organization_id, now), row.reference

    def write(self, now: datetime) -> None:
        """The steward writes the four pages."""
        session, text = self.stage.session, self.text
        partner = organization_by_slug(session, text["partner"])
        steward = self._steward(partner.id, now)
        dataset = commands.create(session, steward, partner, now, text["title"])
        dataset.identifier = text["identifier"]
        for answers in (
            _what(text, partner),
            _where(text, partner),
            _access(self.stage, text),
            Terms({**ANY_PURPOSE, **text["conditions"]}),
        ):
            commands.save_page(session, steward, dataset.reference, answers, now)
        self._sample(steward, dataset.reference, now)

    def _sample(self, steward: Actor, reference: str, now: datetime) -> None:
        """The steward uploads an invented sample; most show made-up rows in its shape."""
        identifier, content = self.text["identifier"], world.catalog()
        if identifier in content["without_sample"]:
            return
        rows, chance = table(identifier, self.text["dictionary"]), Random(identifier)  # noqa: S311 - the same each time
        shown = ShownRows.FIRST if identifier in content["as_they_are"] else ShownRows.MADE_UP
        commands.keep_sample(self.stage.session, steward, reference, rows, shown, now, chance)

    def send(self, now: datetime) -> None:
        """The steward asks for the check."""
        commands.send_to_check(self.stage.session, *self.sending(now), now)

    def publish(self, now: datetime) -> None:
        """The secretariat lists it."""
        commands.publish(self.stage.session, self.stage.acting(CHECKED_BY, now), self._row().reference, now)

    def end(self, act: Callable[..., object], now: datetime) -> None:
        """The steward pauses or withdraws it."""
        row = self._row()
        act(self.stage.session, self._steward(row.organization_id, now), row.reference, self.text["state_reason"], now)

    def _row(self) -> Dataset:
        found = select(Dataset).where(Dataset.identifier == self.text["identifier"])
        return self.stage.session.scalars(found).one()

    def _steward(self, organization_id: int, now: datetime) -> Actor:
        return self.stage.acting(stewards_of(self.stage.session, organization_id)[0].name, now)


def _send_together(stage: Stage, brought: Sequence[_Listing], now: datetime) -> None:
    actors, references = zip(*(listing.sending(now) for listing in brought), strict=True)
    commands.send_together(stage.session, actors[0], references, now)


# What still happens to a listing that nobody can see yet.
UNFINISHED: dict[str, Callable[[_Listing], list[Callable[[datetime], None]]]] = {
    "draft": lambda _: [],
    "in_check": lambda listing: [listing.send],
}

ENDS: dict[str, tuple[int, Callable[..., object]]] = {
    "paused": (30, commands.pause),
    "withdrawn": (45, commands.withdraw),
}


def _what(text: world.Text, partner: Organization) -> What:
    return What(
        text["title"],
        text["summary"],
        text["description"].strip(),
        partner.name,
        tuple(text["themes"]),
        tuple(text["keywords"]),
        tuple(text["good"]),
        tuple(text["bad"]),
        tuple(_column(line) for line in text["dictionary"]),
    )


def _column(line: str) -> Column:
    name, meaning, kind, _ = (part.strip() for part in line.split("|"))
    return Column(name, meaning, kind)


def _where(text: world.Text, partner: Organization) -> Where:
    return Where(
        tuple(text["countries"]),
        text["start"],
        text.get("end"),
        text["resolution"],
        text["unit"],
        text["size"],
        Frequency(text["frequency"]),
        tuple(text["languages"]),
        str(partner.defaults["contact_email"]),
        "",
        "",
    )


def _access(stage: Stage, text: world.Text) -> Access:
    slugs = text.get("admitted", [])
    admitted = stage.session.scalars(select(Organization.id).where(Organization.slug.in_(slugs)))
    return Access(
        AccessMode(text["mode"]),
        Sensitivity(text["sensitivity"]),
        text["delivery"],
        Visibility(text.get("visibility", "public")),
        frozenset(admitted),
    )
