"""Loading the organizations of the demo: added, invited, joined, acceded as far as each has come."""

from datetime import timedelta

from sqlalchemy import select

from app.demo import world
from app.demo.stage import Stage, address
from app.organizations.commands.invitations import accept_invitation, invite
from app.organizations.commands.organizations import add_organization
from app.organizations.details import Defaults, Details
from app.organizations.models import Organization, Person
from app.organizations.queries import secretariat
from app.rules.actors import NOBODY, OPERATOR
from app.rules.roles import Kind, Role
from app.rules.vocabulary import AccessMode, Sensitivity

FOUNDED_DAYS_AGO = 420
STORAGE = "Our own secure servers in the European Union, encrypted"


def load_people(stage: Stage) -> None:
    """Every organization with its people. The secretariat comes first: it invites the others."""
    home = secretariat(stage.session)
    for person in world.secretariat():
        _join(stage, home, person)
    for number, text in enumerate(world.organizations()):
        _add(stage, text, number)


def _add(stage: Stage, text: world.OrganizationText, number: int) -> None:
    moment = stage.now - timedelta(days=FOUNDED_DAYS_AGO - number)
    defaults = Defaults(
        access_mode=AccessMode.SECURE_TRANSFER,
        sensitivity=Sensitivity.CLASS_2,
        contact_name=text.people[0].name,
        contact_email=address(text.people[0].name, text.slug),
        storage_place=STORAGE if text.kind != "partner" else "",
    )
    details = Details(text.name, text.slug, Kind(text.kind), text.country, "", text.about, defaults)
    row = add_organization(stage.session, OPERATOR, details, moment)
    row.is_demo = True
    for person in text.people:
        _join(stage, row, person)
    stage.session.commit()


def _join(stage: Stage, organization: Organization, text: world.PersonText) -> None:
    moment = max(organization.created_at, stage.now - timedelta(days=FOUNDED_DAYS_AGO)) + timedelta(hours=2)
    moment = min(moment, stage.now)
    email = address(text.name, organization.slug)
    invited = invite(stage.session, OPERATOR, organization.id, text.name, email, [Role(r) for r in text.roles], moment)
    accept_invitation(stage.session, NOBODY, invited.token, text.name, None, moment)
    person = stage.session.scalars(select(Person).where(Person.email == email)).one()
    person.is_demo, person.job_title = True, text.title
