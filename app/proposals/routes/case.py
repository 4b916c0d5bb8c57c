"""One proposal: where it stands, its answers, conversation, history, people and files."""

from flask import Response as FlaskResponse
from flask import current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.hashing import canonical_json
from app.proposals.commands.conversation import comment as post_comment
from app.proposals.commands.reminding import remind as send_reminder
from app.proposals.forms.review import CommentForm, DeclineForm
from app.proposals.queries.cases import NOT_THERE
from app.proposals.queries.items import content_for
from app.proposals.queries.talk import QUIET, conversation, message_count
from app.proposals.queries.talk import history as history_of
from app.proposals.queries.team_view import team_view
from app.proposals.queries.versions import changes, sheets
from app.proposals.queries.workspace import suggestions
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.showing_case import (
    Shown,
    may_copy,
    route_of,
    shown_case,
    words_of,
)
from app.proposals.routes.showing_way import ahead_lines, goes_words, next_lines
from app.rules.actions import Action
from app.rules.questions import BANK
from app.rules.workflow import CO_APPLICANT_STATES, MEMBER_STATES, MemberState
from app.web.actor import current_actor
from app.web.answers import finish, page
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once


@blueprint.get("/<reference>")
@signed_in
def show(reference: str) -> Response:
    """Where it stands, and the conversation."""
    return conversation_page(reference, CommentForm(formdata=None))


@blueprint.post("/<reference>/comment")
@signed_in
@once
def comment(reference: str) -> Response:
    """Post one message."""
    form = CommentForm()
    body, is_internal = form.body.data or "", bool(form.is_internal.data)
    posted: list[int] = []

    def act() -> None:
        about = BANK.part(request.form.get("about", ""))
        row = post_comment(
            db.session,
            current_actor(),
            reference,
            body,
            now(),
            is_internal=is_internal,
            about=about.key if about else None,
        )
        posted.append(row.id)

    if not form.submitted(act):
        return conversation_page(reference, form, 422)
    return finish(url_for("proposals.show", reference=reference, _anchor=f"message-{posted[0]}"), _("Posted."))


@blueprint.post("/<reference>/remind")
@signed_in
@once
def remind(reference: str) -> Response:
    """Ask the one who is waited for to act."""
    send_reminder(db.session, current_actor(), reference, now())
    return finish(url_for("proposals.show", reference=reference), _("The reminder is on its way."))


@blueprint.get("/<reference>/answers")
@signed_in
def answers(reference: str) -> Response:
    """What was sent, step by step, with what changed since the version before."""
    shown = shown_case(reference)
    content = content_for(shown.of.content, shown.of, shown.items)
    previous = shown.of.previous
    before = content_for(previous.content, shown.of, shown.items) if previous else None
    return _page(
        "answers",
        shown,
        sheets=sheets(content),
        changed={change.row.key: change.before for change in changes(before, content)} if before else {},
    )


@blueprint.get("/<reference>/history")
@signed_in
def history(reference: str) -> Response:
    """Who did what, when, on which version and under which agreement."""
    shown = shown_case(reference)
    titles = {item.reference: item for item in shown.items if item.reference}
    return _page("timeline", shown, happened=history_of(db.session, current_actor(), shown.of), titles=titles)


@blueprint.get("/<reference>/people")
@signed_in
def people(reference: str) -> Response:
    """The team, the data partners' stewards, and the secretariat."""
    shown = shown_case(reference)
    return _page(
        "people",
        shown,
        team=team_view(db.session, current_actor(), shown.of.proposal, now()),
        member_states=MEMBER_STATES,
        has_accepted=(MemberState.ACCEPTED,),
        co_applicant_states=CO_APPLICANT_STATES,
    )


@blueprint.get("/<reference>/files")
@signed_in
def files(reference: str) -> Response:
    """What can be taken away: each version that was sent, and the page to print."""
    return _page("files", shown_case(reference))


@blueprint.get("/<reference>/versions/<int:number>.json")
@signed_in
def version(reference: str, number: int) -> Response:
    """One version as it was frozen: the bytes whose SHA-256 is the hash that decisions name."""
    of = shown_case(reference).of
    found = next((each for each in of.versions if each.number == number), None)
    if found is None or not of.reads_everything:
        raise NotFound(NOT_THERE)
    answer: FlaskResponse = current_app.response_class(canonical_json(found.content), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{reference}-version-{number}.json"'
    return answer


@blueprint.get("/<reference>/print", endpoint="print")
@signed_in
def print_page(reference: str) -> Response:
    """Everything on one page, to print or keep."""
    shown = shown_case(reference)
    content = content_for(shown.of.content, shown.of, shown.items)
    return page("proposals/case/print.html", shown=shown, of=shown.of, items=shown.items, sheets=sheets(content))


def conversation_page(
    reference: str,
    form: CommentForm,
    status: int = 200,
    declining: DeclineForm | None = None,
    declined: int | None = None,
) -> Response:
    """The proposal's first page. `declining` is the form of a suggestion, `declined`, that could not be left so."""
    shown = shown_case(reference)
    happened = history_of(db.session, current_actor(), shown.of)
    return _page(
        "conversation",
        shown,
        status,
        form=form,
        suggested=suggestions(db.session, current_actor(), shown.of.proposal, shown.of.roles),
        declining=declining or DeclineForm(formdata=None),
        declined=declined,
        messages=conversation(db.session, current_actor(), shown.of),
        happened=[each for each in happened if each.type not in QUIET][:6],
        next_lines=next_lines(shown.of),
        ahead_lines=ahead_lines(shown),
        titles={item.reference: item for item in shown.items if item.reference},
        may_comment=Action.COMMENT_ON_PROPOSAL in shown.of.acts,
        may_note=Action.COMMENT_INTERNALLY in shown.of.acts,
    )


def _page(tab: str, shown: Shown, status: int = 200, /, **more: object) -> Response:
    return page(
        f"proposals/case/{tab}.html",
        status,
        tab=tab,
        shown=shown,
        of=shown.of,
        items=shown.items,
        words_of=words_of(shown.of),
        may_copy=may_copy(shown.of),
        way=route_of(shown.of.turn.way),
        goes=goes_words(shown),
        message_count=message_count(db.session, current_actor(), shown.of),
        Action=Action,
        **more,
    )
