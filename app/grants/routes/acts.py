"""Issuing, and what happens to a grant afterwards: each act is a page that asks, and a form that does it once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.grants import commands
from app.grants.forms import ConfirmForm, RevokeForm, SuspendForm
from app.grants.models import Grant
from app.grants.queries.grants import SeenGrant, grant_seen_by
from app.grants.queries.listings import edited_since_decided, issue_before, no_longer_offered, still_undoable
from app.grants.record import Record
from app.grants.routes.blueprint import blueprint
from app.proposals.queries.cases import seen_proposal
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.roles import Role
from app.rules.stopping import Ground
from app.rules.workflow import is_possible
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.forms import Form
from app.web.guards import NOT_FOUND, holding, signed_in
from app.web.once import once

Command = Callable[[Session, Actor, str, str, datetime, str], Grant]


@dataclass(frozen=True)
class Act:
    """One act on a grant: what its page asks and says, what it runs, and what is told afterwards."""

    action: Action
    title: str
    explains: str
    button: str
    told: str
    form: type[Form]
    command: Command
    is_stern: bool = False


def _suspend(session: Session, actor: Actor, number: str, words: str, moment: datetime, ground: str) -> Grant:
    return commands.suspend(session, actor, number, words, moment, Ground(ground))


def _lift(session: Session, actor: Actor, number: str, _words: str, moment: datetime, _ground: str) -> Grant:
    return commands.lift_suspension(session, actor, number, moment)


def _revoke(session: Session, actor: Actor, number: str, words: str, moment: datetime, ground: str) -> Grant:
    return commands.revoke(session, actor, number, words, moment, Ground(ground))


ACTS: dict[str, Act] = {
    "suspend": Act(
        Action.SUSPEND_GRANT,
        N_("Suspend this grant"),
        N_("The use stops at once, and goes on when you lift the suspension. The grant's last day stays the same."),
        N_("Suspend the grant"),
        N_("Suspended. Everyone concerned gets a mail now."),
        SuspendForm,
        _suspend,
        is_stern=True,
    ),
    "lift": Act(
        Action.LIFT_SUSPENSION,
        N_("Lift the suspension"),
        N_("The use may go on until the grant's last day."),
        N_("Lift the suspension"),
        N_("Lifted. Everyone concerned gets a mail now."),
        ConfirmForm,
        _lift,
    ),
    "revoke": Act(
        Action.REVOKE_GRANT,
        N_("Revoke this grant"),
        N_(
            "The use ends now and for good. Whoever verifies the letter sees that it is no longer in force, since when and why."
        ),
        N_("Revoke the grant"),
        N_("Revoked. Everyone concerned gets a mail now."),
        RevokeForm,
        _revoke,
        is_stern=True,
    ),
}


@blueprint.get("/grants/<number>/<any(suspend, lift, revoke):act>")
@signed_in
def ask(number: str, act: str) -> Response:
    """What the act means, and the form for it; for those who may not do it now, there is no such page."""
    return _asked(_seen_for(number, ACTS[act]), ACTS[act], ACTS[act].form(formdata=None))


@blueprint.post("/grants/<number>/<any(suspend, lift, revoke):act>")
@signed_in
@once
def do(number: str, act: str) -> Response:
    """Do it."""
    asked, form = ACTS[act], ACTS[act].form()
    words, ground = form.data.get("reason") or "", form.data.get("ground") or ""

    def run() -> None:
        asked.command(db.session, current_actor(), number, words, now(), ground)

    if form.submitted(run):
        return finish(url_for("grants.show", number=number), told(asked.told))
    return _asked(_seen_for(number, asked), asked, form, 422)


@blueprint.get("/proposals/<reference>/issue")
@holding(Role.DIRECTOR, Role.OFFICER)
def prepare(reference: str) -> Response:
    """What would be issued, one grant for each approving data partner, or what stands in the way.

    Where there is nothing to issue any more, or not yet again, the proposal's page says how it stands and who dealt with it.
    """
    proposal = seen_proposal(db.session, current_actor(), reference)
    if not is_possible(Action.ISSUE_GRANTS, proposal.state):
        return answered(url_for("proposals.show", reference=reference))
    records, problem = _prepared(reference)
    return _issue_page(reference, records, problem, ConfirmForm(formdata=None))


@blueprint.post("/proposals/<reference>/issue")
@holding(Role.DIRECTOR, Role.OFFICER)
@once
def issue(reference: str) -> Response:
    """Issue the grants; the letters are sealed within a minute."""
    form, issued = ConfirmForm(), []

    def run() -> None:
        issued.extend(commands.issue(db.session, current_actor(), reference, _consortium(), now()))

    if form.submitted(run):
        where = url_for("grants.show", number=issued[0].number) if len(issued) == 1 else url_for("grants.index")
        return finish(
            where, told(N_("Issued. The letters are sealed within a minute, and everyone concerned gets a mail."))
        )
    records, problem = _prepared(reference)
    return _issue_page(reference, records, problem, form, 422)


def _issue_page(
    reference: str, records: Sequence[Record], problem: str, form: ConfirmForm, status: int = 200
) -> Response:
    return page(
        "grants/issue.html",
        status,
        reference=reference,
        records=records,
        problem=problem,
        form=form,
        edited=edited_since_decided(db.session, reference),
        closed=no_longer_offered(db.session, reference),
        undoable=still_undoable(db.session, reference, now()),
        issue_before=issue_before([record.ends_on for record in records], now()),
    )


def _prepared(reference: str) -> tuple[list[Record], str]:
    try:
        return commands.prepare(db.session, current_actor(), reference, _consortium(), now()), ""
    except Invalid as error:
        return [], told(error.message)


def _consortium() -> str:
    return str(current_app.config["CONSORTIUM_NAME"])


def _seen_for(number: str, act: Act) -> SeenGrant:
    seen = grant_seen_by(db.session, current_actor(), number)
    if act.action not in seen.may:
        raise NotFound(NOT_FOUND)
    return seen


def _asked(seen: SeenGrant, act: Act, form: Form, status: int = 200) -> Response:
    return page("grants/act.html", status, grant=seen.grant, act=act, form=form)
