"""Writing a rule and changing one that is not on."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.queries import listings_of
from app.consents import commands
from app.consents.commands import Written
from app.consents.forms import ConsentForm
from app.consents.models import StandingConsent
from app.consents.queries.consents import seen_consent
from app.consents.routes.blueprint import blueprint
from app.consents.routes.pages import STEWARDS, members
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.organizations.models import Organization
from app.organizations.queries import organizations_of
from app.rules.actions import Action
from app.rules.consents import from_json
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import finish, page
from app.web.database import db
from app.web.forms import Form
from app.web.guards import NOT_FOUND, holding
from app.web.once import once


@blueprint.get("/new")
@holding(Role.STEWARD, Role.DEPUTY)
def begin() -> Response:
    """An empty rule."""
    organization = _organization()
    form = _offered(ConsentForm(formdata=None), organization.id)
    form.personal_data.data = ["none"]
    return _page(form, organization)


@blueprint.post("/new")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def start() -> Response:
    """Keep it as a draft."""
    organization = _organization()
    form, started = _offered(ConsentForm(), organization.id), []

    def run() -> None:
        written = Written(form.name.data or "", form.criteria)
        started.append(commands.start(db.session, current_actor(), organization, written, now()))

    if form.submitted(run):
        return finish(
            url_for("consents.show", reference=started[0].reference), _("Kept as a draft. Now try it on the past.")
        )
    return _page(form, organization, status=422)


@blueprint.get("/<reference>/edit")
@holding(Role.STEWARD, Role.DEPUTY)
def edit(reference: str) -> Response:
    """The rule as it is."""
    consent = _editable(reference)
    form = _offered(ConsentForm(formdata=None), consent.organization_id)
    form.show(consent.name, from_json(consent.criteria))
    return _page(form, consent.organization, consent)


@blueprint.post("/<reference>/edit")
@holding(Role.STEWARD, Role.DEPUTY)
def save(reference: str) -> Response:
    """Keep the changes."""
    consent = _editable(reference)
    form = _offered(ConsentForm(), consent.organization_id)

    def run() -> None:
        written = Written(form.name.data or "", form.criteria)
        commands.save(db.session, current_actor(), reference, written, now())

    if form.submitted(run):
        return finish(url_for("consents.show", reference=reference), _("Saved. Try it on the past before it goes on."))
    return _page(form, consent.organization, consent, 422)


def _page(
    form: Form, organization: Organization, consent: StandingConsent | None = None, status: int = 200
) -> Response:
    return page("consents/write.html", status, form=form, organization=organization, consent=consent)


def _editable(reference: str) -> StandingConsent:
    seen = seen_consent(db.session, current_actor(), reference)
    if Action.EDIT_CONSENT not in seen.may:
        raise NotFound(NOT_FOUND)
    return seen.consent


def _organization() -> Organization:
    """The data partner whose rule it is: the one that was named, or the reader's first."""
    actor = current_actor()
    own = [row for row in organizations_of(db.session, actor) if row.id in actor.organizations_with(*STEWARDS)]
    wanted = request.values.get("organization")
    found = next((row for row in own if row.slug == wanted), own[0] if own and not wanted else None)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def _offered(form: ConsentForm, organization_id: int) -> ConsentForm:
    rows = [row for row in listings_of(db.session, current_actor()) if row.organization_id == organization_id]
    form.offer(
        [(row.reference, row.title or row.reference) for row in rows], sorted(members().items(), key=lambda m: m[1])
    )
    return form
