"""The review page beside its verdict: comments and edits at an answer, notes kept as one goes, mails before they leave."""

from collections.abc import Callable, Sequence

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.proposals.commands.conversation import comment
from app.proposals.commands.reading import note_reading
from app.proposals.commands.suggesting import suggest, take_back
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.keeping import keep_fields, sent_from
from app.proposals.routes.review import WITH_CHANGES, wishes
from app.proposals.routes.showing_case import Shown, shown_case
from app.proposals.routes.showing_review import ALL, NONE, REPLACES, may_keep, reviewed
from app.rules.questions import BANK
from app.rules.vocabulary import REASONS, Reason
from app.rules.workflow import APPROVALS, ITEM_STATES, ItemState
from app.web.actor import current_actor
from app.web.answers import commit, finish, page, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once

# Who reads what is written at an answer; the last one goes out with the request for changes.
TEAM, INSIDE = "team", "inside"
# Datasets of the answer are ticked, several in one step.
TICK = "tick"


@blueprint.post("/<reference>/review/notes")
@signed_in
@once
def note(reference: str) -> Response:
    """Keep everything that is marked and typed, then do what the button says."""
    shown = _reading(reference)
    act, _colon, what = request.form.get("act", "").partition(":")
    given = {name: request.form.getlist(name) for name in request.form}
    said: list[str] = []

    def run() -> None:
        message, gone = _ACTS.get(act, _keep)(reference, what)
        said.append(message)
        if act == TICK:
            given["datasets"] = _ticked(shown, what, given.get("datasets", []))
        keep_fields(shown, page_of.desk, {name: values for name, values in given.items() if name not in gone})

    page_of = sent_from(request.form.get("page", ""))
    if not page_of.form.submitted(run):
        return page_of.shown(reference, 422)
    question = BANK.question_of(what)
    anchor = "verdict" if act == TICK else f"answer-{question.key}" if question else None
    replaces = 1 if request.form.get(REPLACES) else None
    return finish(url_for(page_of.endpoint, reference=reference, replace=replaces, _anchor=anchor), said[0])


@blueprint.post("/<reference>/review/autosave")
@signed_in
def keep_review(reference: str) -> Response:
    """The same form, sent by a script while one reads: 204 when kept."""
    desk = sent_from(request.form.get("page", "")).desk
    keep_fields(_reading(reference), desk, {name: request.form.getlist(name) for name in request.form})
    commit()
    return Response(status=204)


@blueprint.post("/<reference>/read")
@signed_in
def mark_read(reference: str) -> Response:
    """From now on only what comes later is marked as new."""
    _reading(reference)
    note_reading(db.session, current_actor(), reference, now())
    endpoint = sent_from(request.form.get("page", "")).endpoint
    return finish(url_for(endpoint, reference=reference), _("Marked as read. What comes later will be marked as new."))


@blueprint.get("/<reference>/review/mail")
@signed_in
def preview(reference: str) -> Response:
    """The mails that each of the four answers would send, with the words as they are kept so far."""
    shown, found = reviewed(reference)
    words = "".join(found.begun.get("words", [])[:1])
    reason = "".join(found.begun.get("reason", [])[:1])
    mails = [_mail(shown, outcome, words, reason) for outcome in (*sorted(APPROVALS), ItemState.NOT_APPROVED)]
    asked = [words, *(each.words for each in wishes(found.begun))]
    mails.append(
        (told(N_("Ask for changes")), *_rendered(shown, "proposal_changes", words="\n".join(filter(None, asked))))
    )
    return page("proposals/mails.html", shown=shown, of=shown.of, mails=mails)


def _reading(reference: str) -> Shown:
    """The proposal, for those who review it; for anyone else there is no such page."""
    shown = shown_case(reference)
    if not may_keep(shown):
        raise NotFound(N_("There is nothing to review here now. The proposal's page shows whose turn it is."))
    return shown


# What is told, and the fields that were said with it and are no longer begun.
Said = tuple[str, tuple[str, ...]]


def _keep(_reference: str, _what: str) -> Said:
    return _("Your notes are kept. Nobody else reads them."), ()


def _say(reference: str, what: str) -> Said:
    part, to = BANK.part(what), request.form.get(f"to-{what}", TEAM)
    words = request.form.get(f"say-{what}", "")
    if part is None:
        raise NotFound(N_("There is no such answer. Open the page again."))
    if to == WITH_CHANGES and words.strip():
        return _("Kept with your notes. It goes out when you press “Ask for changes”."), ()
    comment(
        db.session, current_actor(), reference, words, now(), is_internal=to == INSIDE, about=what, in_step=_in_step()
    )
    told_whom = (
        _("Posted inside: the team does not read it.") if to == INSIDE else _("Posted to everyone on the proposal.")
    )
    return told_whom, (f"say-{what}", f"to-{what}")


def _in_step() -> bool:
    return sent_from(request.form.get("page", "")).in_step


def _tick(_reference: str, _what: str) -> Said:
    return _("Ticked as you asked. Your notes are kept."), ()


def _ticked(shown: Shown, group: str, before: Sequence[str]) -> list[str]:
    """The datasets that are ticked then: none, all, or those of one data partner besides. That none is, is kept too."""
    if group == NONE:
        return [NONE]
    return [*before, *(item.reference or "" for item in shown.own if group in {ALL, str(item.partner_id)})]


def _suggest(reference: str, what: str) -> Said:
    text, why = request.form.get(f"edit-{what}", ""), request.form.get(f"why-{what}", "")
    suggest(db.session, current_actor(), reference, what, text, now(), why, in_step=_in_step())
    message = _("Suggested. The team can accept it in one step once changes are asked for.")
    return message, (f"edit-{what}", f"why-{what}")


def _take_back(reference: str, what: str) -> Said:
    number = int(what) if what.isdecimal() and len(what) < 18 else 0
    take_back(db.session, current_actor(), reference, number, now())
    return _("Taken back."), ()


_ACTS: dict[str, Callable[[str, str], Said]] = {
    "save": _keep,
    "say": _say,
    "suggest": _suggest,
    "take-back": _take_back,
    TICK: _tick,
}


def _mail(shown: Shown, outcome: ItemState, words: str, reason: str) -> tuple[str, str, str]:
    is_no = outcome not in APPROVALS
    named = [item for item in shown.own if item.acts] or list(shown.own)
    own = current_actor().organization_ids
    others = tuple(holder for holder in shown.of.turn.holders if holder.organization_id not in own)
    subject, text = _rendered(
        shown,
        "proposal_item_decided",
        words=words,
        outcome=told(ITEM_STATES[outcome][0]),
        dataset=named[0].title if named else "",
        partner=named[0].partner if named else "",
        reason=told(REASONS[Reason(reason)]) if is_no and reason in set(Reason) else "",
        conditions="",
        waits=others,
    )
    return told(ITEM_STATES[outcome][0]), subject, text


def _rendered(shown: Shown, template: str, **more: object) -> tuple[str, str]:
    """Subject and text of a mail as it would be written now; the real one also carries the conditions with their clauses."""
    of, actor = shown.of, current_actor()
    values: dict[str, object] = {
        "title": of.proposal.title,
        "reference": of.proposal.reference,
        "organization": of.organization.name,
        "version": of.current.number if of.current else 0,
        "by": actor.name,
        "due": of.turn.due,
        "link": url_for("proposals.show", reference=of.proposal.reference, _external=True),
        "consortium_name": current_app.config["CONSORTIUM_NAME"],
        **more,
    }
    subject = " ".join(render_template(f"email/{template}/subject.txt", **values).split())
    return subject, render_template(f"email/{template}/body.txt", **values).strip()
