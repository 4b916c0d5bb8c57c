"""Loading the demo's cards: each member's focal point vouches for the people who write its proposals."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.demo import world
from app.demo.people import FOUNDED_DAYS_AGO
from app.demo.stage import Stage
from app.inbox.around_organizations import AROUND
from app.organizations.commands.vouching import vouch
from app.organizations.queries import organization_by_slug
from app.rules.roles import CAPACITIES, Capacity, Kind, Role

DAYS_AFTER_FOUNDING = 18


def plan_cards(stage: Stage) -> None:
    """A card for everyone of a member's project staff, once the member has acceded."""
    moment = stage.now - timedelta(days=FOUNDED_DAYS_AGO - DAYS_AFTER_FOUNDING)
    for text in world.organizations():
        if Capacity.MEMBER in CAPACITIES[Kind(text.kind)] and text.accession == "in_force":
            stage.plan(moment, _vouching(stage, text))


def _vouching(stage: Stage, text: world.OrganizationText) -> Callable[[datetime], None]:
    return lambda now: _vouch(stage, text, now)


def _vouch(stage: Stage, text: world.OrganizationText, now: datetime) -> None:
    organization = organization_by_slug(stage.session, text.slug)
    focal_point = next(person.name for person in text.people if Role.FOCAL_POINT in person.roles)
    actor, terms = stage.acting(focal_point, now), AROUND.terms_of(stage.session, organization.id)
    for person in text.people:
        if Role.PROJECT_STAFF in person.roles:
            vouch(stage.session, actor, organization.id, stage.person(person.name).id, terms, now)
