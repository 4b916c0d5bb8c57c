"""Joining a team: reading what it asks of one, accepting the terms for oneself, or declining."""

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_security import hash_password
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid, WrongState
from app.organizations.accounts import sign_in_as
from app.organizations.accounts.identity import PASSWORD
from app.organizations.accounts.passwords import LONGEST, faults, shortest_with
from app.organizations.forms.accounts import AcceptForm
from app.organizations.queries import person_by_email
from app.proposals.commands.accepting import (
    accept_terms,
    decline_terms,
    invite_member_again,
    join_with_new_account,
)
from app.proposals.forms.team import AnswerForm
from app.proposals.queries.team import Place, member_standing, place_by_token, place_of
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.showing import case_address
from app.rules.permissions import allowed
from app.rules.workflow import MEMBER_STATES, Machine
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import public, signed_in
from app.web.once import once


@blueprint.route("/join/<token>", methods=["GET", "POST"])
@public
def join_by_link(token: str) -> Response:
    """The page behind the link of an invitation to a team: a new person begins an account, everybody else signs in."""
    try:
        place = place_by_token(db.session, token, now())
    except WrongState as over:
        return page("organizations/invitation_over.html", 410, sentence=told(over.message))
    if person_by_email(db.session, place.member.email) is not None:
        return answered(url_for("proposals.join", reference=place.proposal.reference))
    form = AcceptForm(data={"name": place.member.name})
    shortest = shortest_with([])
    if current_actor().person_id is None and form.validate_on_submit():
        typed = current_app.extensions["security"].password_util.normalize(form.password.data)
        wrong = faults(typed, shortest, (form.name.data or "", place.member.email))
        if not wrong:
            return _joined(token, form.name.data or "", hash_password(typed))
        form.password.errors = wrong
    is_other = current_actor().person_id is not None
    return page(
        "proposals/team/link.html",
        form.status,
        place=place,
        form=form,
        is_other=is_other,
        shortest=shortest,
        longest=LONGEST,
    )


def _joined(token: str, name: str, password_hash: str) -> Response:
    person, proposal = join_with_new_account(db.session, token, name, password_hash, now())
    sign_in_as(person, PASSWORD)
    return finish(url_for("proposals.join", reference=proposal.reference), _("Welcome, %(name)s.", name=person.name))


@blueprint.get("/<reference>/join")
@signed_in
def join(reference: str) -> Response:
    """What the team asks of the reader, before anything of the proposal is theirs to read."""
    return _join_page(place_of(db.session, current_actor(), reference, now()), AnswerForm(formdata=None))


@blueprint.post("/<reference>/join")
@signed_in
@once
def accept(reference: str) -> Response:
    """Accept the terms for oneself."""
    form = AnswerForm()
    done = form.submitted(lambda: accept_terms(db.session, current_actor(), reference, now()))
    if not done:
        return _join_page(place_of(db.session, current_actor(), reference, now()), form)
    message = _("You have accepted the terms for yourself.")
    return finish(_next(reference), message)


@blueprint.post("/<reference>/join/decline")
@signed_in
@once
def decline(reference: str) -> Response:
    """Say no, or leave the team."""
    form = AnswerForm()
    if not form.submitted(lambda: decline_terms(db.session, current_actor(), reference, form.words.data or "", now())):
        return _join_page(place_of(db.session, current_actor(), reference, now()), form)
    return finish(url_for("inbox.index"), _("You are not on this team. Its lead is told."))


@blueprint.post("/<reference>/team/<int:member_id>/ask-again")
@signed_in
@once
def ask_member_again(reference: str, member_id: int) -> Response:
    """Send somebody of the team the link once more."""
    address = url_for("proposals.people", reference=reference)
    try:
        member = invite_member_again(db.session, current_actor(), reference, member_id, now())
    except Invalid as problem:
        db.session.rollback()
        return answered(address, told(problem.message))
    return finish(address, _("%(name)s gets a mail with a new link.", name=member.name))


def _next(reference: str) -> str:
    """The proposal, where the reader may open it; else their inbox, which says what is missing."""
    has_a_place = bool(current_actor().organization_ids)
    return case_address(reference) if has_a_place else url_for("proposals.join", reference=reference)


def _join_page(place: Place, form: AnswerForm) -> Response:
    actor = current_actor()
    return page(
        "proposals/team/join.html",
        form.status,
        place=place,
        form=form,
        states=MEMBER_STATES,
        may=allowed(member_standing(actor, place.proposal, place.member), Machine.TEAM_MEMBER, place.member.state),
        has_organization=bool(actor.organization_ids),
        address=case_address(place.proposal.reference),
    )
