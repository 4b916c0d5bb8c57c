"""Loading the organizations of the demo: added, invited, joined, acceded as far as each has come."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.demo import world
from app.demo.accessions import plan_accessions
from app.demo.stage import Stage, address
from app.organizations.commands.invitations import accept_invitation, invite
from app.organizations.commands.organizations import add_organization
from app.organizations.details import Defaults, Details
from app.organizations.queries import organization_by_slug
from app.rules.actors import NOBODY, OPERATOR
from app.rules.roles import Kind, Role
from app.rules.vocabulary import AccessMode, Sensitivity

FOUNDED_DAYS_AGO = 292
STORAGE = "Our own secure servers in the European Union, encrypted"


def plan_people(stage: Stage) -> None:
    """Every organization with its people. The secretariat comes first: it invites the others."""
    founded = stage.now - timedelta(days=FOUNDED_DAYS_AGO)
    for person in world.secretariat():
        stage.plan(founded, _joining(stage, "secretariat", person))
    for number, text in enumerate(world.organizations()):
        moment = founded + timedelta(days=1 + number / 2)
        stage.plan(moment, _adding(stage, text))
        for later, person in enumerate(text.people, start=1):
            stage.plan(moment + timedelta(hours=later), _joining(stage, text.slug, person))
        plan_accessions(stage, text.slug, Kind(text.kind), text.accession, moment + timedelta(days=3))


def _adding(stage: Stage, text: world.OrganizationText) -> Callable[[datetime], None]:
    return lambda now: _add(stage, text, now)


def _joining(stage: Stage, slug: str, text: world.PersonText) -> Callable[[datetime], None]:
    return lambda now: _join(stage, slug, text, now)


def _add(stage: Stage, text: world.OrganizationText, now: datetime) -> None:
    defaults = Defaults(
        access_mode=AccessMode.SECURE_TRANSFER,
        sensitivity=Sensitivity.CLASS_2,
        contact_name=text.people[0].name,
        contact_email=address(text.people[0].name, text.slug),
        storage_place=STORAGE if text.kind != "partner" else "",
    )
    details = Details(text.name, text.slug, Kind(text.kind), text.country, "", text.about, defaults)
    add_organization(stage.session, OPERATOR, details, now).is_demo = True


def _join(stage: Stage, slug: str, text: world.PersonText, now: datetime) -> None:
    organization = organization_by_slug(stage.session, slug)
    email = address(text.name, slug)
    invited = invite(stage.session, OPERATOR, organization.id, text.name, email, [Role(r) for r in text.roles], now)
    person = accept_invitation(
        stage.session, NOBODY, invited.token, text.name, stage.password, now + timedelta(minutes=30)
    )
    person.is_demo, person.job_title = True, text.title
