"""The public pages of data partners and members, and the secretariat's list with the form to add one."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.organizations import queries
from app.organizations.around import around
from app.organizations.commands import add_organization
from app.organizations.details import Defaults, Details
from app.organizations.forms.organizations import AddOrganizationForm
from app.organizations.models import Organization
from app.organizations.routes.blueprint import blueprint
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.permissions import allowed, may
from app.rules.roles import CAPACITIES, Capacity, Kind, Role
from app.rules.workflow import Machine
from app.web.actor import current_actor
from app.web.answers import finish, page
from app.web.database import db
from app.web.guards import holding, public
from app.web.once import once


@blueprint.get("/partners")
@public
def partners() -> Response:
    """Every data partner."""
    return page("organizations/partners.html", organizations=_acceded(Capacity.DATA_PARTNER))


@blueprint.get("/members")
@public
def members() -> Response:
    """Every member."""
    return page("organizations/members.html", organizations=_acceded(Capacity.MEMBER))


@blueprint.get("/partners/<slug>")
@public
def partner(slug: str) -> Response:
    """One data partner, as the public sees it; where it lists something, that is on the page at its stable address."""
    return _public_page(slug, Capacity.DATA_PARTNER)


@blueprint.get("/members/<slug>")
@public
def member(slug: str) -> Response:
    """One member, as the public sees it."""
    return _public_page(slug, Capacity.MEMBER)


def _acceded(capacity: Capacity) -> list[Organization]:
    """Who takes part: an organization that has not acceded yet is not named in public."""
    acceded = around().acceded_as(db.session, capacity)
    rows = queries.organizations_as(db.session, capacity)
    return [row for row in rows if acceded is None or row.slug in acceded]


def _public_page(slug: str, capacity: Capacity) -> Response:
    row = queries.organization_taking_part(db.session, slug, around().acceded_as(db.session, capacity), capacity)
    leads_to = around().page_of(db.session, current_actor(), row) if capacity is Capacity.DATA_PARTNER else None
    if leads_to is not None:
        return redirect(leads_to, 303)
    return page(
        "organizations/public.html",
        organization=row,
        capacity=capacity,
        is_partner=capacity is Capacity.DATA_PARTNER,
        other=next(iter(CAPACITIES[row.kind] - {capacity}), None),
        may_look_inside=may(standing(current_actor(), row), Action.VIEW_ORGANIZATION),
    )


@blueprint.get("/organizations")
@holding(Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)
def index() -> Response:
    """Every organization, for the secretariat."""
    actor = current_actor()
    return page(
        "organizations/index.html",
        rows=queries.overview(db.session, actor),
        allowed=allowed(actor.consortium_roles, Machine.CONSORTIUM),
        secretariat=queries.secretariat(db.session),
    )


@blueprint.route("/organizations/new", methods=["GET", "POST"])
@holding(Role.OFFICER, Role.DIRECTOR)
def new() -> Response:
    """The form that adds an organization."""
    return (
        _add() if AddOrganizationForm().is_submitted() else page("organizations/new.html", form=AddOrganizationForm())
    )


@once
def _add() -> Response:
    form = AddOrganizationForm()
    added: list[Organization] = []
    if form.submitted(lambda: added.append(add_organization(db.session, current_actor(), _details(form), now()))):
        row = added[0]
        message = _("%(name)s is added. Invite its first person: a focal point.", name=row.name)
        return finish(url_for("organizations.inside", slug=row.slug), message)
    return page("organizations/new.html", form.status, form=form)


def _details(form: AddOrganizationForm) -> Details:
    defaults = Defaults(contact_name=form.contact_name.data or "", contact_email=form.contact_email.data or "")
    return Details(
        form.name.data or "",
        form.slug.data or "",
        Kind(form.kind.data),
        form.country.data or None,
        form.website.data or "",
        form.about.data or "",
        defaults,
    )
