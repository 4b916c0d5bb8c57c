"""Loading what the demo's data partners list, written page by page and checked by the secretariat."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.catalog import commands
from app.catalog.answers import Access, Column, Terms, What, Where
from app.catalog.models import Dataset
from app.demo import world
from app.demo.stage import Stage
from app.organizations.models import Organization
from app.organizations.queries import organization_by_slug, stewards_of
from app.rules.vocabulary import AccessMode, Frequency, Sensitivity, Visibility

CHECKED_BY = "Mei Castellanos"
FIRST_LISTED_DAYS_AGO = 390


def load_listings(stage: Stage) -> None:
    """Write every listing, in an order of time that leaves the newest on top."""
    for number, text in enumerate(world.listings()):
        moment = stage.now - timedelta(days=FIRST_LISTED_DAYS_AGO - number * 2)
        _load(stage, text, moment)
        stage.session.commit()


def _load(stage: Stage, text: world.Text, moment: datetime) -> None:
    partner = organization_by_slug(stage.session, text["partner"])
    steward = stage.acting(stewards_of(stage.session, partner.id)[0].name, moment)
    dataset = commands.create(stage.session, steward, partner, moment, text["title"])
    dataset.identifier = text["identifier"]
    for answers in (_what(text, partner), _where(text, partner), _access(stage, text), Terms(text["conditions"])):
        commands.save_page(stage.session, steward, dataset.reference, answers, moment)
    _move(stage, text, dataset, moment)


def _move(stage: Stage, text: world.Text, dataset: Dataset, moment: datetime) -> None:
    """Send it on as far as its story goes."""
    steward = stage.acting(stewards_of(stage.session, dataset.organization_id)[0].name, moment)
    state, reason = text.get("state", "listed"), text.get("state_reason", "")
    if state == "draft":
        return
    if state == "in_check":
        commands.send_to_check(stage.session, steward, dataset.reference, stage.at(1))
        return
    commands.send_to_check(stage.session, steward, dataset.reference, moment + timedelta(hours=1))
    checked = moment + timedelta(hours=5)
    commands.publish(stage.session, stage.acting(CHECKED_BY, checked), dataset.reference, checked)
    if state == "paused":
        commands.pause(stage.session, steward, dataset.reference, reason, stage.at(30))
    if state == "withdrawn":
        commands.withdraw(stage.session, steward, dataset.reference, reason, stage.at(45))


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
