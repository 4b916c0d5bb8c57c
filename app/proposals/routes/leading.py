"""Changing who leads, and the organizations behind a joint proposal."""

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.organizations.cards import holders_of_cards
from app.organizations.models import Person
from app.proposals.commands.joint import (
    confirm_co_applicant,
    name_co_applicant,
    name_co_applicant_again,
    remove_co_applicant,
    withdraw_co_applicant,
)
from app.proposals.commands.leading import accept_lead, appoint_lead, decline_lead, offer_lead, take_back_lead
from app.proposals.forms.team import AnswerForm, CoApplicantForm, LeadForm
from app.proposals.models import Proposal
from app.proposals.queries.drafts import NOT_THERE, seen
from app.proposals.queries.joint import could_join, joint_seen_by
from app.proposals.queries.leading import (
    could_lead,
    handover_standing,
    lead_is_there,
    lead_standing,
    open_handover,
    proposal_of,
)
from app.proposals.queries.team import terms_of
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.showing import case_address
from app.proposals.standing import standing
from app.proposals.team_models import Handover
from app.rules.actions import Action
from app.rules.permissions import allowed, may
from app.rules.visibility import sees
from app.rules.workflow import CO_APPLICANT_STATES, Machine, is_possible
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once


@blueprint.get("/<reference>/lead")
@signed_in
def lead(reference: str) -> Response:
    """Who leads, who was asked, and who could."""
    return _lead_page(reference)


@blueprint.post("/<reference>/lead")
@signed_in
@once
def change_lead(reference: str) -> Response:
    """Ask somebody to lead; where the lead has left, name them at once."""
    proposal = proposal_of(db.session, reference)
    form = LeadForm(_names(proposal, now()))
    is_there = lead_is_there(db.session, proposal)

    def act() -> None:
        actor, words = current_actor(), form.words.data or ""
        if is_there:
            offer_lead(db.session, actor, reference, form.chosen, words, now())
        else:
            appoint_lead(db.session, actor, reference, form.chosen, now())

    if not form.submitted(act):
        return _lead_page(reference, form)
    name = db.session.get_one(Person, form.chosen).name
    message = _("%(name)s is asked. Until they accept, the present lead leads on.", name=name)
    return finish(_after(reference), message if is_there else _("%(name)s leads it now.", name=name))


@blueprint.post("/<reference>/lead/<any(accept,decline,withdraw):act>")
@signed_in
@once
def answer_lead(reference: str, act: str) -> Response:
    """Take the lead, decline it, or take the request back."""
    form = AnswerForm()
    words = form.words.data or ""
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "accept": (
            lambda: accept_lead(db.session, current_actor(), reference, now()),
            _("You lead it now, and you have accepted the terms for yourself."),
        ),
        "decline": (
            lambda: decline_lead(db.session, current_actor(), reference, words, now()),
            _("Declined. Whoever asked is told."),
        ),
        "withdraw": (lambda: take_back_lead(db.session, current_actor(), reference, now()), _("Taken back.")),
    }
    command, message = acts[act]
    if not form.submitted(command):
        return _lead_page(reference, answer=form)
    return finish(_after(reference), message)


@blueprint.post("/<reference>/co-applicants")
@signed_in
@once
def add_co_applicant(reference: str) -> Response:
    """Name a further organization."""
    proposal = seen(db.session, current_actor(), reference)
    form = CoApplicantForm([(row.slug, row.name) for row in could_join(db.session, proposal)])
    return _changed(
        reference, form, lambda slug: name_co_applicant(db.session, current_actor(), reference, slug, now())
    )


@blueprint.post("/<reference>/co-applicants/<slug>/<any(remove,again):act>")
@signed_in
@once
def change_co_applicant(reference: str, slug: str, act: str) -> Response:
    """Take an organization out, or ask one that withdrew once more."""
    command = remove_co_applicant if act == "remove" else name_co_applicant_again
    try:
        command(db.session, current_actor(), reference, slug, now())
    except Invalid as problem:
        db.session.rollback()
        return answered(_people(reference), told(problem.message))
    return finish(_people(reference), _("Taken out.") if act == "remove" else _("Asked again."))


@blueprint.get("/<reference>/co-applicants/<slug>")
@signed_in
def co_applicant(reference: str, slug: str) -> Response:
    """What one's organization is named in, and the answer to it."""
    return _joint_page(reference, slug, AnswerForm(formdata=None))


@blueprint.post("/<reference>/co-applicants/<slug>")
@signed_in
@once
def confirm(reference: str, slug: str) -> Response:
    """Confirm that one's organization stands behind it."""
    form = AnswerForm()
    if not form.submitted(lambda: confirm_co_applicant(db.session, current_actor(), reference, slug, now())):
        return _joint_page(reference, slug, form)
    return finish(url_for("proposals.co_applicant", reference=reference, slug=slug), _("Confirmed."))


@blueprint.post("/<reference>/co-applicants/<slug>/withdraw")
@signed_in
@once
def withdraw_organization(reference: str, slug: str) -> Response:
    """Take one's organization and its people out."""
    form = AnswerForm()

    def act() -> None:
        withdraw_co_applicant(db.session, current_actor(), reference, slug, form.words.data or "", now())

    if not form.submitted(act):
        return _joint_page(reference, slug, form)
    message = _("Your organization and its people are out. The lead is told.")
    return finish(url_for("proposals.co_applicant", reference=reference, slug=slug), message)


def _lead_page(reference: str, form: LeadForm | None = None, answer: AnswerForm | None = None) -> Response:
    actor, proposal, moment = current_actor(), proposal_of(db.session, reference), now()
    asked, answers = _request(proposal)
    knows = sees(standing(db.session, actor, proposal), Machine.PROPOSAL, proposal.state)
    is_there = lead_is_there(db.session, proposal)
    act = Action.OFFER_LEAD if is_there else Action.APPOINT_LEAD
    may_change = may(lead_standing(db.session, actor, proposal), act) and is_possible(act, proposal.state)
    if not (knows or may_change or Action.ACCEPT_LEAD in answers):
        raise NotFound(NOT_THERE)
    names = _names(proposal, moment)
    status = max(each.status for each in (form, answer) if each) if form or answer else 200
    form = form or LeadForm(names)
    return page(
        "proposals/team/lead.html",
        status,
        proposal=proposal,
        lead=db.session.get_one(Person, proposal.lead_id),
        is_there=is_there,
        knows=knows,
        asked=asked,
        answers=answers,
        may_change=may_change and asked is None,
        has_people=bool(names),
        form=form,
        answer=answer or AnswerForm(formdata=None),
        terms=terms_of(db.session, proposal, moment),
        address=case_address(reference) if knows else "",
    )


def _request(proposal: Proposal) -> tuple[Handover | None, frozenset[Action]]:
    """The open request to take the lead, and what the reader may answer to it."""
    asked = open_handover(db.session, proposal.id)
    if asked is None:
        return None, frozenset()
    roles = handover_standing(db.session, current_actor(), proposal, asked)
    return asked, allowed(roles, Machine.HANDOVER, asked.state)


def _names(proposal: Proposal, moment: datetime) -> list[tuple[int, str]]:
    """Who could lead, those who are vouched for marked."""
    cards = holders_of_cards(db.session, proposal.organization_id, moment)
    people = could_lead(db.session, proposal, moment)
    marked = _("vouched for")
    return [(each.id, f"{each.name} ({marked})" if each.id in cards else each.name) for each in people]


def _joint_page(reference: str, slug: str, form: AnswerForm) -> Response:
    joint = joint_seen_by(db.session, current_actor(), reference, slug)
    knows = sees(standing(db.session, current_actor(), joint.proposal), Machine.PROPOSAL, joint.proposal.state)
    return page(
        "proposals/team/co_applicant.html",
        form.status,
        joint=joint,
        form=form,
        states=CO_APPLICANT_STATES,
        may=allowed(joint.roles, Machine.CO_APPLICANT, joint.row.state)
        if is_possible(Action.APPOINT_LEAD, joint.proposal.state)
        else frozenset(),
        address=case_address(reference) if knows else "",
    )


def _changed(reference: str, form: CoApplicantForm, act: Callable[[str], object]) -> Response:
    if form.submitted(lambda: act(form.co_applicant.data or "")):
        return finish(_people(reference), _("Named. Its focal points get a mail, and can confirm or withdraw."))
    problem = next((str(error) for errors in form.errors.values() for error in errors), "")
    return answered(_people(reference), problem)


def _people(reference: str) -> str:
    return url_for("proposals.people", reference=reference)


def _after(reference: str) -> str:
    """Back to the people of the proposal; to the inbox for whoever may not read it."""
    proposal: Proposal = proposal_of(db.session, reference)
    knows = sees(standing(db.session, current_actor(), proposal), Machine.PROPOSAL, proposal.state)
    return _people(reference) if knows else url_for("inbox.index")
