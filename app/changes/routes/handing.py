"""Handing data over: preparing, signing for the member, the page of a hand-over, and the recipient's own page."""

from datetime import date
from io import BytesIO

from flask import current_app, request, send_file, url_for
from werkzeug.wrappers import Response

from app.agreements.commands.codes import ANSWERS, CodeAnswer
from app.agreements.evidence import Trace
from app.changes.commands import accepting, handing
from app.changes.commands.accepting import Answer, by_token
from app.changes.commands.handing import HandOver
from app.changes.forms import AcceptForm, ConfirmForm, EndForm, HandOverForm, SignForm
from app.changes.handed import record_of
from app.changes.queries.subgrants import SeenSubGrant, deletion_of, subgrant_by_number, subgrant_seen_by
from app.changes.routes.blueprint import blueprint
from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.foundation.files import FileStore
from app.foundation.words import N_
from app.grants.models import SubGrant
from app.grants.queries.answering import of_member
from app.grants.queries.grants import SeenGrant, grant_seen_by
from app.grants.queries.verification import sub_status_of
from app.grants.record import from_json
from app.history.queries import happenings
from app.rules.actions import Action
from app.rules.handover import RECIPIENTS
from app.rules.workflow import SUBGRANT_STATES, is_possible
from app.web.actor import current_actor
from app.web.answers import commit, finish, page, told
from app.web.database import db
from app.web.forms import Form, options_of
from app.web.guards import NOT_FOUND, public, signed_in
from app.web.once import once
from app.web.words import country_choices

PREPARED = N_("Prepared. Your authorized signatory signs it next, and then the recipient gets a link.")
SIGNED = N_("Signed. The recipient gets a mail with a link now.")
SENT = N_("A code is on its way to the address of the offer. It holds for ten minutes.")
ACCEPTED = N_("Accepted. The letter is sealed within a minute; this link opens it from then on.")


@blueprint.get("/grants/<number>/hand-over")
@signed_in
def hand_over(number: str) -> Response:
    """To whom, what, until when."""
    seen = _grant(number)
    datasets = [each.reference for each in from_json(seen.grant.record).datasets]
    known = {"ends_on": seen.grant.ends_on, "datasets": datasets if len(datasets) == 1 else []}
    return _form(seen, _with_choices(HandOverForm(formdata=None, data=known), seen))


@blueprint.post("/grants/<number>/hand-over")
@signed_in
@once
def do_hand_over(number: str) -> Response:
    """Prepare it."""
    seen, made = _grant(number), []
    form = _with_choices(HandOverForm(), seen)

    def run() -> None:
        made.append(handing.hand_over(db.session, current_actor(), number, _asked(form), now()))

    if form.submitted(run):
        return finish(url_for("changes.subgrant", number=made[0].number), told(PREPARED))
    return _form(seen, form)


@blueprint.get("/hand-overs/<number>")
@signed_in
def subgrant(number: str) -> Response:
    """One hand-over: where it stands, and within which limits."""
    return _shown(_seen(number), None)


@blueprint.post("/hand-overs/<number>/<any(sign, withdraw, end):act>")
@signed_in
@once
def do_subgrant(number: str, act: str) -> Response:
    """Sign it, take it back, or end it."""
    action, kind, message = {
        "sign": (Action.SIGN_SUBGRANT, SignForm, SIGNED),
        "withdraw": (Action.WITHDRAW_SUBGRANT, ConfirmForm, N_("Withdrawn. Its link opens nothing any more.")),
        "end": (Action.END_SUBGRANT, EndForm, N_("Ended. The recipient gets a mail now.")),
    }[act]
    seen, form, moment = _seen(number), kind(), now()
    if action not in seen.may:
        raise NotFound(NOT_FOUND)

    def run() -> object:
        actor = current_actor()
        if act == "sign":
            return handing.sign(db.session, actor, number, form.data["name"] or "", form.data["shown"] or "", moment)
        if act == "end":
            return handing.end(db.session, actor, number, form.data["words"] or "", moment)
        return handing.withdraw(db.session, actor, number, moment)

    if form.submitted(run):
        return finish(url_for("changes.subgrant", number=number), told(message))
    return _shown(_seen(number), form)


@blueprint.get("/hand-overs/<number>/letter")
@signed_in
def subgrant_letter(number: str) -> Response:
    """The sealed letter, for those who see the hand-over."""
    return _letter(_seen(number).row)


@blueprint.get("/hand-over/<token>")
@public
def offer(token: str) -> Response:
    """What the recipient is offered, by the link from the mail."""
    return _offer(by_token(db.session, token[:100]), AcceptForm(formdata=None))


@blueprint.post("/hand-over/<token>")
@public
def answer(token: str) -> Response:
    """Send a code, accept with it, or decline."""
    row, form, moment = by_token(db.session, token[:100]), AcceptForm(), now()
    wish = request.form.get("act", "accept")
    here = url_for("changes.offer", token=token[:100])
    if wish == "code":
        return _send_code(row, form, token)
    if wish == "decline":
        accepting.decline(db.session, token, moment)
        return finish(here, told(N_("Declined. Whoever offered it gets a mail now.")))
    if not form.validate():
        return _offer(row, form)
    secret = str(current_app.config["SECRET_KEY"])
    given = accepting.enter_code(db.session, token, form.code.data or "", secret, moment)
    if given is not CodeAnswer.RIGHT:  # the try counts, and the form can be sent again
        commit()
        form.put_errors(Invalid(ANSWERS[given], "code"))
        return _offer(by_token(db.session, token), form)
    said = Answer(form.name.data or "", bool(form.authority.data), bool(form.terms.data))
    trace = Trace(request.remote_addr or "", request.user_agent.string[:300])
    if form.submitted(lambda: accepting.accept(db.session, token, said, trace, moment)):
        return finish(here, told(ACCEPTED))
    return _offer(by_token(db.session, token), form)


@blueprint.get("/hand-over/<token>/letter")
@public
def offer_letter(token: str) -> Response:
    """The sealed letter, for the recipient."""
    return _letter(subgrant_by_number(db.session, by_token(db.session, token[:100]).number))


def _send_code(row: SubGrant, form: AcceptForm, token: str) -> Response:
    try:
        accepting.send_code(db.session, token, str(current_app.config["SECRET_KEY"]), now())
    except Invalid as error:
        db.session.rollback()
        form.put_errors(error)
        return _offer(by_token(db.session, token), form)
    commit()
    return _offer(row, form, told(SENT))


def _grant(number: str) -> SeenGrant:
    seen = grant_seen_by(db.session, current_actor(), number)
    if Action.HAND_OVER_DATA not in seen.may:
        raise NotFound(NOT_FOUND)
    return seen


def _form(seen: SeenGrant, form: Form) -> Response:
    return page("changes/hand_over.html", form.status, grant=seen.grant, form=form)


def _with_choices(form: HandOverForm, seen: SeenGrant) -> HandOverForm:
    form.kind.choices = options_of([(kind.value, told(row.name)) for kind, row in RECIPIENTS.items()])
    record = from_json(seen.grant.record)
    form.datasets.choices = options_of(
        [(each.reference, f"{each.title}, {each.reference}") for each in record.datasets]
    )
    form.country.choices = form.kept_in.choices = options_of([("", ""), *country_choices()])
    return form


def _asked(form: HandOverForm) -> HandOver:
    last: date | None = form.data["ends_on"]
    return HandOver(
        kind=form.kind.data or "",
        organization=form.organization.data or "",
        country=form.country.data or "",
        person=form.person.data or "",
        email=form.email.data or "",
        datasets=tuple(form.datasets.data or ()),
        ends_on=last or date.min,
        kept_where=form.kept_where.data or "",
        kept_in=form.kept_in.data or "",
        task=form.task.data or "",
    )


def _seen(number: str) -> SeenSubGrant:
    return subgrant_seen_by(db.session, current_actor(), number, now())


def _shown(seen: SeenSubGrant, sent: Form | None) -> Response:
    signing = sent if isinstance(sent, SignForm) else SignForm(formdata=None)
    signing.shown.data = seen.row.record_hash
    return page(
        "changes/subgrant.html",
        sent.status if sent else 200,
        row=seen.row,
        grant=seen.grant,
        may=seen.may,
        acts=Action,
        record=record_of(seen.row.record),
        state=SUBGRANT_STATES[seen.row.state],
        is_over=not is_possible(Action.END_SUBGRANT, seen.row.state),
        standing=seen.status,
        turn=seen.turn,
        answer=seen.answer,
        deletion=deletion_of(db.session, seen.row),
        signing=signing,
        ending=sent if isinstance(sent, EndForm) else EndForm(formdata=None),
        sent=sent,
        history=happenings(db.session, [("subgrant", seen.row.number)]),
    )


def _offer(found: SubGrant, form: AcceptForm, message: str = "") -> Response:
    row = subgrant_by_number(db.session, found.number)
    return page(
        "changes/offer.html",
        form.status,
        row=row,
        grant=row.grant,
        record=record_of(row.record),
        state=SUBGRANT_STATES[row.state],
        standing=sub_status_of(row, row.grant, now()),
        is_open=is_possible(Action.ACCEPT_SUBGRANT, row.state),
        deletion=deletion_of(db.session, row),
        writes_to=of_member(db.session, row.grant)[:1] if row.sealed_at else (),
        form=form,
        message=message,
    )


def _letter(row: SubGrant) -> Response:
    if row.letter is None:
        raise NotFound(NOT_FOUND)
    files: FileStore = current_app.extensions["onepact_files"]
    data = BytesIO(files.get(row.letter.key))
    return send_file(data, row.letter.media_type, as_attachment=True, download_name=row.letter.filename)
