"""The page of a change, and each act on it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from werkzeug.wrappers import Response

from app.changes import commands
from app.changes.commands.asking import needs_of
from app.changes.commands.deciding import may_still_undo
from app.changes.commands.issuing import prepare_successor
from app.changes.forms import ConfirmForm, DecisionForm, WordsForm
from app.changes.queries.changes import SeenChange, change_seen_by
from app.changes.queries.held_up import held_up_by
from app.changes.queries.plan import Plan, plan
from app.changes.queries.waits import rests
from app.changes.routes.blueprint import blueprint
from app.changes.wanted import from_json
from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.history.queries import happenings
from app.organizations.models import Restriction
from app.rules.actions import Action
from app.rules.changes import CHANGES, ChangeKind, Needs
from app.rules.workflow import CHANGE_STATES, OPEN_CHANGES, REST_WORDS, TURN_WORDS
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.forms import Form
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import once


@dataclass(frozen=True)
class _Act:
    """One act: whether it may be done, what it runs, and what is told afterwards."""

    action: Action
    form: type[Form]
    run: Callable[[str, Form], object]
    told: str


def _check(reference: str, _form: Form) -> object:
    return commands.check(db.session, current_actor(), reference, now())


def _give_back(reference: str, form: Form) -> object:
    return commands.give_back(db.session, current_actor(), reference, form.data["words"] or "", now())


def _approve(reference: str, form: Form) -> object:
    shown = (form.data["shown"] or "", form.data["terms"] or "")
    return commands.approve(db.session, current_actor(), reference, form.data["words"] or "", shown, now())


def _not_approve(reference: str, form: Form) -> object:
    words, shown = form.data["words"] or "", form.data["shown"] or ""
    return commands.not_approve(db.session, current_actor(), reference, words, shown, now())


def _undo(reference: str, _form: Form) -> object:
    return commands.undo(db.session, current_actor(), reference, now())


def _withdraw(reference: str, _form: Form) -> object:
    return commands.withdraw(db.session, current_actor(), reference, now())


def _issue(reference: str, _form: Form) -> object:
    return commands.issue_successor(db.session, current_actor(), reference, now())


ACTS: dict[str, _Act] = {
    "check": _Act(Action.CHECK_CHANGE, ConfirmForm, _check, N_("Passed on. Whoever is next gets a mail now.")),
    "give_back": _Act(
        Action.GIVE_BACK_CHANGE, WordsForm, _give_back, N_("Given back. The lead gets a mail with your words.")
    ),
    "approve": _Act(
        Action.APPROVE_CHANGE, DecisionForm, _approve, N_("Approved. You can take it back for ten minutes.")
    ),
    "not_approve": _Act(
        Action.NOT_APPROVE_CHANGE, DecisionForm, _not_approve, N_("Not approved. You can take it back for ten minutes.")
    ),
    "undo": _Act(Action.UNDO_CHANGE_DECISION, ConfirmForm, _undo, N_("Taken back. Decide anew when you are ready.")),
    "withdraw": _Act(Action.WITHDRAW_CHANGE, ConfirmForm, _withdraw, N_("Withdrawn. The grant stays as it is.")),
    "issue": _Act(
        Action.ISSUE_CHANGE,
        ConfirmForm,
        _issue,
        N_("Issued. The newer letter is sealed within a minute; the older holds until then."),
    ),
}


@blueprint.get("/changes/<reference>")
@signed_in
def show(reference: str) -> Response:
    """What is to be different, why, and who has it now."""
    return _page(change_seen_by(db.session, current_actor(), reference, now()))


@blueprint.post("/changes/<reference>/<any(check, give_back, approve, not_approve, undo, withdraw, issue):act>")
@signed_in
@once
def do(reference: str, act: str) -> Response:
    """Do one act on it."""
    asked, form = ACTS[act], ACTS[act].form()
    seen = change_seen_by(db.session, current_actor(), reference, now())
    if asked.action not in seen.may:
        raise NotFound(NOT_FOUND)
    if form.submitted(lambda: asked.run(reference, form)):
        return finish(url_for("changes.show", reference=reference), told(asked.told))
    return _page(change_seen_by(db.session, current_actor(), reference, now()), form)


def _page(seen: SeenChange, sent: Form | None = None) -> Response:
    moment = now()
    change = seen.change
    planned, problem = _planned(seen)
    is_resting = rests(change, seen.grant)
    may = seen.may if may_still_undo(seen.grant, change, moment) else seen.may - {Action.UNDO_CHANGE_DECISION}
    if is_resting:
        may -= {Action.ISSUE_CHANGE}
    words = sent if isinstance(sent, WordsForm) else WordsForm(formdata=None)
    deciding = sent if isinstance(sent, DecisionForm) else DecisionForm(formdata=None)
    deciding.shown.data, deciding.terms.data = change.content_hash, planned.terms_hash if planned else ""
    return page(
        "changes/show.html",
        sent.status if sent else 200,
        change=change,
        grant=seen.grant,
        may=may,
        acts=Action,
        turn=seen.turn,
        words=REST_WORDS if is_resting else TURN_WORDS.get(change.state),
        is_resting=is_resting,
        state=CHANGE_STATES[change.state],
        kinds=[told(CHANGES[ChangeKind(kind)].name) for kind in change.kinds],
        needs=_needs(seen),
        rows=change.content.get("differences", []),
        problem=problem,
        held_up=_held_up(seen),
        record=prepare_successor(change) if Action.ISSUE_CHANGE in may else None,
        deciding=deciding,
        giving_back=words,
        sent=sent,
        history=happenings(db.session, [("change", change.reference)]),
    )


def _held_up(seen: SeenChange) -> Restriction | None:
    """What the member owes since it asked, for its own people and the secretariat; for the data partner, what it is owed."""
    found = held_up_by(db.session, seen.grant, [ChangeKind(kind) for kind in seen.change.kinds])
    if found is None or seen.change.state not in OPEN_CHANGES:
        return None
    viewer, grant = current_actor(), seen.grant
    is_theirs = viewer.is_secretariat or grant.member_id in viewer.organization_ids or found.cause == grant.number
    return found if is_theirs else None


def _needs(seen: SeenChange) -> Needs:
    return needs_of(db.session, seen.grant, seen.change)


def _planned(seen: SeenChange) -> tuple[Plan | None, str]:
    """What the decider would decide on now, or why nothing can be decided."""
    if not {Action.APPROVE_CHANGE, Action.CHECK_CHANGE} & seen.may:
        return None, ""
    try:
        return plan(db.session, seen.grant, seen.change.reference, from_json(seen.change.wanted), now()), ""
    except Invalid as error:
        return None, told(error.message)
