"""An organization from inside: its state, people, invitations and what its forms start from."""

from dataclasses import asdict

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.organizations import queries
from app.organizations.around import around
from app.organizations.cards import vouched_people
from app.organizations.commands import edit_defaults, edit_organization, trust_to_list
from app.organizations.details import Defaults, Details
from app.organizations.forms.organizations import DefaultsForm, InviteForm, OrganizationForm, role_hints
from app.organizations.models import Organization
from app.organizations.restrictions import restrictions_of
from app.organizations.routes.blueprint import blueprint
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.permissions import allowed, may
from app.rules.restrictions import RESTRICTION_NAMES
from app.rules.roles import CAPACITIES, Capacity
from app.rules.vocabulary import AccessMode, CollaborativeType, Sensitivity, Visibility
from app.rules.workflow import CARD_STATES, Machine
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once


@blueprint.get("/orgs")
@signed_in
def own() -> Response:
    """The organization one belongs to, or a choice where there are several."""
    mine = queries.organizations_of(db.session, current_actor())
    if len(mine) == 1:
        return redirect(url_for("organizations.inside", slug=mine[0].slug), 303)
    return page("organizations/own.html", organizations=mine)


@blueprint.get("/orgs/<slug>")
@signed_in
def inside(slug: str) -> Response:
    """People, roles, invitations and defaults of one organization."""
    row = queries.organization_seen_by(db.session, current_actor(), slug)
    return inside_page(row, InviteForm(row.kind, appoints=appoints(row)))


def appoints(row: Organization) -> bool:
    """Whether the reader gives and takes the roles of the committee and the secretariat here."""
    return may(standing(current_actor(), row), Action.APPOINT)


def inside_page(row: Organization, form: InviteForm) -> Response:
    """The page, with the invitation as it was typed."""
    actor = current_actor()
    people = queries.people_of(db.session, row.id, actor)
    return page(
        "organizations/inside.html",
        form.status,
        organization=row,
        people=people,
        gaps=queries.gaps(row, people),
        invitations=queries.open_invitations(db.session, row.id),
        agreements=around().agreements_of(db.session, actor, row.id),
        defaults=Defaults.from_json(row.defaults),
        is_partner=Capacity.DATA_PARTNER in CAPACITIES[row.kind],
        has_defaults=bool(CAPACITIES[row.kind]),
        allowed=allowed(standing(actor, row), Machine.ORGANIZATION),
        vouched=vouched_people(db.session, actor, row, now()),
        restrictions=restrictions_of(db.session, row.id),
        restriction_names={kind: told(words) for kind, words in RESTRICTION_NAMES.items()},
        card_states=CARD_STATES,
        is_member=actor.person_id in {person.person_id for person in people},
        form=form,
        hints=role_hints(),
        moment_now=now(),
    )


@blueprint.post("/orgs/<slug>/unchecked")
@signed_in
@once
def trust(slug: str) -> Response:
    """Say whether imports and harvests of a data partner may be listed without a check of each."""
    row = queries.organization_seen_by(db.session, current_actor(), slug)
    unchecked = request.form.get("unchecked") == "1"
    trust_to_list(db.session, current_actor(), row.id, now(), unchecked=unchecked)
    told_so = (
        _("Its imports and harvests may be listed without a check of each.")
        if unchecked
        else _("Each of its datasets is checked before it is listed.")
    )
    return finish(url_for("organizations.inside", slug=slug, _anchor="listing"), told_so)


@blueprint.route("/orgs/<slug>/edit", methods=["GET", "POST"])
@signed_in
def edit(slug: str) -> Response:
    """Change what the public reads of an organization."""
    row = _editable(slug)
    form = OrganizationForm(name=row.name, country=row.country or "", website=row.website or "", about=row.about)
    return (
        _save_details(row, form)
        if form.is_submitted()
        else page("organizations/edit.html", form.status, organization=row, form=form)
    )


@once
def _save_details(row: Organization, form: OrganizationForm) -> Response:
    def save() -> None:
        details = Details(
            form.name.data or "",
            row.slug,
            row.kind,
            form.country.data or None,
            form.website.data or "",
            form.about.data or "",
        )
        edit_organization(db.session, current_actor(), row.id, details, now())

    if form.submitted(save):
        return finish(url_for("organizations.inside", slug=row.slug), _("Saved."))
    return page("organizations/edit.html", form.status, organization=row, form=form)


@blueprint.route("/orgs/<slug>/defaults", methods=["GET", "POST"])
@signed_in
def defaults(slug: str) -> Response:
    """Change what the organization's forms start from."""
    row = _editable(slug)
    form = DefaultsForm(**asdict(Defaults.from_json(row.defaults)))
    return _save_defaults(row, form) if form.is_submitted() else _defaults_page(row, form)


@once
def _save_defaults(row: Organization, form: DefaultsForm) -> Response:
    def save() -> None:
        values = Defaults(
            AccessMode(form.access_mode.data),
            CollaborativeType(form.collaborative_type.data),
            Sensitivity(form.sensitivity.data),
            Visibility(form.visibility.data),
            form.contact_name.data or "",
            form.contact_email.data or "",
            form.storage_place.data or "",
            Defaults.from_json(row.defaults).time_zone,
        )
        edit_defaults(db.session, current_actor(), row.id, values, now())

    if form.submitted(save):
        return finish(url_for("organizations.inside", slug=row.slug), _("Saved. New forms start from these answers."))
    return _defaults_page(row, form)


def _defaults_page(row: Organization, form: DefaultsForm) -> Response:
    is_partner = Capacity.DATA_PARTNER in CAPACITIES[row.kind]
    return page("organizations/defaults.html", form.status, organization=row, form=form, is_partner=is_partner)


def _editable(slug: str) -> Organization:
    """The organization, where the actor may change it; for everybody else there is no such page."""
    row = queries.organization_seen_by(db.session, current_actor(), slug)
    if not may(standing(current_actor(), row), Action.EDIT_ORGANIZATION):
        raise NotFound(queries.NOT_THERE)
    return row
