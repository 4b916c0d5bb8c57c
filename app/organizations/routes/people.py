"""Inviting people, changing what they hold, removing them."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.organizations import queries
from app.organizations.around import OpenWork, around
from app.organizations.commands import (
    change_name,
    change_roles,
    invite,
    remove_person,
    resend_invitation,
    withdraw_invitation,
)
from app.organizations.forms.organizations import InviteForm, NameForm, Piece, RemoveForm, RolesForm, role_hints
from app.organizations.forms.organizations import remove_form as leaving_form
from app.organizations.models import Organization
from app.organizations.queries import Colleague
from app.organizations.routes.blueprint import blueprint
from app.organizations.routes.inside import appoints, inside_page
from app.organizations.standing import standing
from app.rules.permissions import allowed
from app.rules.workflow import Machine
from app.web.actor import current_actor
from app.web.answers import finish, page
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once


@blueprint.post("/orgs/<slug>/invite")
@signed_in
@once
def send_invitation(slug: str) -> Response:
    """Invite a person."""
    row = queries.organization_seen_by(db.session, current_actor(), slug)
    form = InviteForm(row.kind, appoints=appoints(row))
    sent = form.submitted(
        lambda: invite(
            db.session, current_actor(), row.id, form.name.data or "", form.email.data or "", form.chosen(), now()
        )
    )
    if not sent:
        return inside_page(row, form)
    message = _("%(name)s is invited. The mail is on its way; its link works for 14 days.", name=form.name.data)
    return finish(url_for("organizations.inside", slug=slug) + "#invitations", message)


@blueprint.post("/orgs/<slug>/invitations/<int:invitation_id>/resend")
@signed_in
@once
def resend(slug: str, invitation_id: int) -> Response:
    """Send an invitation again, with a new link."""
    invited = resend_invitation(db.session, current_actor(), invitation_id, now())
    message = _("The invitation is on its way to %(name)s again, with a new link.", name=invited.invitation.name)
    return finish(url_for("organizations.inside", slug=slug) + "#invitations", message)


@blueprint.post("/orgs/<slug>/invitations/<int:invitation_id>/withdraw")
@signed_in
@once
def withdraw(slug: str, invitation_id: int) -> Response:
    """End an invitation before it is accepted."""
    invitation = withdraw_invitation(db.session, current_actor(), invitation_id, now())
    message = _("The invitation of %(name)s is withdrawn; its link no longer works.", name=invitation.name)
    return finish(url_for("organizations.inside", slug=slug) + "#invitations", message)


@blueprint.route("/orgs/<slug>/people/<pid>", methods=["GET", "POST"])
@signed_in
def colleague(slug: str, pid: str) -> Response:
    """One person of an organization: the roles held, and leaving."""
    row, person = _colleague(slug, pid)
    form = RolesForm(row.kind, person.roles, appoints=appoints(row))
    return _change(row, person, form) if form.is_submitted() else _person_page(row, person, form)


@once
def _change(row: Organization, person: Colleague, form: RolesForm) -> Response:
    if form.submitted(
        lambda: change_roles(db.session, current_actor(), row.id, person.person_id, form.chosen(), now())
    ):
        message = _("Saved. It counts from %(name)s's next click on.", name=person.name)
        return finish(url_for("organizations.inside", slug=row.slug) + "#people", message)
    return _person_page(row, person, form)


@blueprint.post("/orgs/<slug>/people/<pid>/remove")
@signed_in
@once
def remove(slug: str, pid: str) -> Response:
    """Hand on what is open, and end everything that a person holds in an organization, in one step."""
    row, person = _colleague(slug, pid)
    form = _remove_form(row, person)
    is_own = person.person_id == current_actor().person_id

    def act() -> None:
        actor, moment = current_actor(), now()
        waits = [each.key for each in around().passing_from(db.session, row.id, person.person_id, moment)]
        around().hand_on(db.session, actor, row.id, person.person_id, form.takers(), moment)
        left = tuple(work.title for work in _open_work(row, person))
        remove_person(db.session, actor, row.id, person.person_id, moment, left, waits)

    if form.submitted(act):
        message = _("%(name)s no longer acts for %(organization)s.", name=person.name, organization=row.name)
        home = url_for("organizations.account") if is_own else url_for("organizations.inside", slug=slug) + "#people"
        return finish(home, message)
    return _person_page(row, person, remove_form=form)


@blueprint.post("/orgs/<slug>/people/<pid>/name")
@signed_in
@once
def rename(slug: str, pid: str) -> Response:
    """Change the name of somebody who has signed under another one."""
    row, person = _colleague(slug, pid)
    form = NameForm(data={"name": person.name})
    if form.submitted(
        lambda: change_name(db.session, current_actor(), row.id, person.person_id, form.name.data or "", now())
    ):
        message = _("The name is %(name)s from now on. What was signed before keeps its name.", name=form.name.data)
        return finish(url_for("organizations.inside", slug=slug) + "#people", message)
    return _person_page(row, person, name_form=form)


def _person_page(
    row: Organization,
    person: Colleague,
    form: RolesForm | None = None,
    remove_form: RemoveForm | None = None,
    name_form: NameForm | None = None,
) -> Response:
    form = form or RolesForm(row.kind, person.roles, appoints=appoints(row))
    remove_form, name_form = remove_form or _remove_form(row, person), name_form or NameForm(data={"name": person.name})
    actor = current_actor()
    return page(
        "organizations/person.html",
        max(form.status, remove_form.status, name_form.status),
        organization=row,
        person=person,
        form=form,
        remove_form=remove_form,
        name_form=name_form,
        open_work=_open_work(row, person),
        passing=around().passing_from(db.session, row.id, person.person_id, now()),
        hints=role_hints(),
        is_own=person.person_id == actor.person_id,
        allowed=allowed(standing(actor, row), Machine.ORGANIZATION),
    )


def _remove_form(row: Organization, person: Colleague) -> RemoveForm:
    return leaving_form(
        [
            Piece(work.key, work.title, tuple((str(t.person_id), t.name) for t in work.takers), work.may_end)
            for work in _open_work(row, person)
        ]
    )


def _open_work(row: Organization, person: Colleague) -> list[OpenWork]:
    return around().open_work_of(db.session, row.id, person.person_id)


def _colleague(slug: str, pid: str) -> tuple[Organization, Colleague]:
    row = queries.organization_seen_by(db.session, current_actor(), slug)
    found = [each for each in queries.people_of(db.session, row.id, current_actor()) if str(each.pid) == pid]
    if not found:
        raise NotFound(queries.NOT_THERE)
    return row, found[0]
