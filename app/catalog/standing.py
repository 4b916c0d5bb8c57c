"""The roles of a person towards one listing, and the same rule as a condition on the database."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from app.catalog.models import AdmittedOrganization, Dataset
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.listings import ADMITTED_KINDS
from app.rules.permissions import may
from app.rules.roles import Role
from app.rules.visibility import visible_states
from app.rules.vocabulary import Visibility
from app.rules.workflow import Machine

_STEWARDS = (Role.STEWARD, Role.DEPUTY)


def standing(actor: Actor, dataset: Dataset) -> frozenset[Role]:
    """Every role of the actor towards the listing. `dataset.admitted` must be loaded."""
    roles = set(actor.consortium_roles) - {Role.PUBLIC}
    if dataset.organization_id in actor.organization_ids:
        roles.add(Role.COLLEAGUE)
    if dataset.organization_id in actor.organizations_with(*_STEWARDS):
        roles.add(Role.DATASET_STEWARD)
    if _is_admitted(actor, dataset):
        roles.add(Role.PUBLIC)
        if actor.organization_ids - {dataset.organization_id} and not actor.is_secretariat:
            roles.add(Role.OTHER_MEMBER)
    return frozenset(roles)


def partner_standing(actor: Actor, organization_id: int) -> frozenset[Role]:
    """The roles of the actor towards listings of this organization that do not exist yet."""
    roles = set(actor.consortium_roles)
    if organization_id in actor.organizations_with(*_STEWARDS):
        roles.add(Role.DATASET_STEWARD)
    return frozenset(roles)


def importing_standing(actor: Actor, partner: Organization) -> frozenset[Role]:
    """The same towards a catalog of the organization: its stewards list whole ones where the secretariat trusts it with that."""
    roles = partner_standing(actor, partner.id)
    trusted = partner.lists_unchecked and Role.DATASET_STEWARD in roles
    return roles | {Role.TRUSTED_STEWARD} if trusted else roles


def lists_unchecked(actor: Actor, partner: Organization) -> bool:
    """Whether the actor may list what an import or a harvest brings, without a check of each dataset."""
    return may(importing_standing(actor, partner), Action.PUBLISH_IMPORTED)


def steward_of(actor: Actor) -> frozenset[int]:
    """The organizations whose listings the actor writes."""
    return actor.organizations_with(*_STEWARDS)


def known_to(actor: Actor) -> ColumnElement[bool]:
    """The listings that the actor may know of, whatever their state: `standing` and the table of visibility, as SQL."""
    shown = and_(Dataset.state.in_(visible_states(Machine.LISTING, Role.PUBLIC)), Dataset.listed_at.is_not(None))
    ways: list[ColumnElement[bool]] = [and_(shown, _admits(actor))]
    ways += [
        Dataset.state.in_(visible_states(Machine.LISTING, role)) for role in actor.consortium_roles - {Role.PUBLIC}
    ]
    if actor.organization_ids:
        own = Dataset.organization_id.in_(actor.organization_ids)
        ways.append(and_(own, Dataset.state.in_(visible_states(Machine.LISTING, Role.COLLEAGUE))))
    return or_(*ways)


def admitted_to(actor: Actor) -> ColumnElement[bool]:
    """The listings whose visibility admits the actor: for everyone, for its kind of organization, for it by name, or its own."""
    everywhere = any(visible_states(Machine.LISTING, role) for role in actor.consortium_roles - {Role.PUBLIC})
    if everywhere:
        return true()
    own = Dataset.organization_id.in_(actor.organization_ids) if actor.organization_ids else false()
    return or_(own, _admits(actor))


def audiences_of(actor: Actor) -> frozenset[str] | None:
    """The audiences that the actor belongs to: `admitted_to` for an index that holds `audience_of`; None is everybody's."""
    if any(visible_states(Machine.LISTING, role) for role in actor.consortium_roles - {Role.PUBLIC}):
        return None
    kinds = {held.kind for held in actor.held}
    open_to = {v.value for v, admitted in ADMITTED_KINDS.items() if admitted is None or admitted & kinds}
    return frozenset(open_to | {_named(key) for key in actor.organization_ids})


def audience_of(visibility: Visibility, organization_id: int, admitted: Iterable[int]) -> frozenset[str]:
    """Whom a listing's visibility admits: its kind of visibility, its own organization, those that are named."""
    named = set(admitted) if visibility is Visibility.NAMED else set()
    return frozenset({visibility.value, *map(_named, named | {organization_id})})


def _named(organization_id: int) -> str:
    return f"organization {organization_id}"


def _admits(actor: Actor) -> ColumnElement[bool]:
    kinds = {held.kind for held in actor.held}
    open_to = [v for v, admitted in ADMITTED_KINDS.items() if admitted is None or admitted & kinds]
    ways: list[ColumnElement[bool]] = [Dataset.visibility.in_(open_to)]
    if actor.organization_ids:
        named = select(AdmittedOrganization.dataset_id).where(
            AdmittedOrganization.organization_id.in_(actor.organization_ids)
        )
        ways.append(and_(Dataset.visibility == Visibility.NAMED, Dataset.id.in_(named)))
    return or_(*ways)


def _is_admitted(actor: Actor, dataset: Dataset) -> bool:
    if dataset.listed_at is None:
        return False  # a draft that was given up is no more public than it was
    kinds = {held.kind for held in actor.held}
    admitted = ADMITTED_KINDS[dataset.visibility]
    if admitted is None or admitted & kinds:
        return True
    named = {row.organization_id for row in dataset.admitted}
    return dataset.visibility is Visibility.NAMED and bool(named & actor.organization_ids)
