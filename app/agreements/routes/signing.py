"""Signing, in the order in which it happens: opened, authority first, text and signature, or handing over and declining."""

from dataclasses import asdict
from io import BytesIO

from flask import current_app, request, send_file, url_for
from werkzeug.wrappers import Response

from app.agreements import commands, evidence, library, queries
from app.agreements.commands.codes import ANSWERS, CodeAnswer
from app.agreements.forms import AuthorityForm, DeclineForm, HandOverForm, OpenForm, SignForm
from app.agreements.models import Accession
from app.agreements.routes.blueprint import blueprint, trace
from app.agreements.routes.showing import accession_shown, acts_on
from app.agreements.statements import STATEMENTS
from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.foundation.files import FileStore
from app.foundation.words import N_
from app.organizations.queries import focal_points_of, organization_by_slug, signatories_of
from app.rules.actions import Action
from app.rules.roles import Capacity
from app.web.actor import current_actor
from app.web.answers import answered, commit, finish, page, told
from app.web.database import db
from app.web.forms import options_of
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import give_back, once

CODE_SENT = N_("We have sent a code to your e-mail address. It is valid for ten minutes.")
KEPT = N_("What you typed is kept. Come back to sign whenever you like.")
SIGNED = N_("Signed. The secretariat countersigns next, and you get a mail.")


@blueprint.post("/sign")
@signed_in
@once
def begin() -> Response:
    """Open the accession of one's organization in a capacity, and go to it."""
    form = OpenForm()
    if not form.validate() or form.capacity.data not in set(Capacity):
        raise Invalid(N_("Open the agreement's page again and choose there for whom you sign."))
    organization = organization_by_slug(db.session, form.organization.data)
    capacity = Capacity(form.capacity.data)
    row = commands.open_accession(db.session, current_actor(), organization.id, capacity, now())
    return finish(url_for("agreements.sign", reference=row.reference))


@blueprint.get("/sign/<reference>")
@signed_in
def sign(reference: str) -> Response:
    """Where the accession stands; for its signatory the question of authority."""
    row = _seen(reference)
    return _case(reference, AuthorityForm(data=_known(row)))


@blueprint.post("/sign/<reference>/authority")
@signed_in
def authority(reference: str) -> Response:
    """ "Yes" leads to the text, "no" to handing over."""
    form = AuthorityForm()
    if form.validate() and form.says_no:
        return answered(url_for("agreements.hand_over", reference=reference))

    def confirm() -> None:
        commands.confirm_authority(db.session, current_actor(), reference, form.details, trace(), now())

    if form.submitted(confirm):
        return finish(url_for("agreements.text", reference=reference))
    return _case(reference, form, 422)


@blueprint.get("/sign/<reference>/text")
@signed_in
def text(reference: str) -> Response:
    """The text to read, and below it the place to sign."""
    row = _seen(reference)
    if not _may_sign_now(row):
        return answered(url_for("agreements.sign", reference=reference))
    typed = evidence.typed_in(row)
    return _text(reference, SignForm(data={"name": typed.name, "statements": list(typed.statements)}))


@blueprint.post("/sign/<reference>/code")
@signed_in
def code(reference: str) -> Response:
    """Send a code; what was typed is kept."""
    form = _sign_form(_seen(reference))
    secret = str(current_app.config["SECRET_KEY"])

    def send() -> None:
        commands.send_code(db.session, current_actor(), reference, form.typed, secret, trace(), now())

    if form.submitted(send):
        return finish(url_for("agreements.text", reference=reference, _anchor="sign"), told(CODE_SENT))
    return _text(reference, form, 422)


@blueprint.post("/sign/<reference>/later")
@signed_in
def later(reference: str) -> Response:
    """Keep what was typed for another day."""
    form = _sign_form(_seen(reference))

    def keep() -> None:
        commands.finish_later(db.session, current_actor(), reference, form.typed, trace(), now())

    if form.submitted(keep):
        return finish(url_for("agreements.sign", reference=reference), told(KEPT))
    return _text(reference, form, 422)


@blueprint.post("/sign/<reference>/text")
@signed_in
@once
def set_signature(reference: str) -> Response:
    """Sign."""
    form = _sign_form(_seen(reference))
    moment, actor, secret = now(), current_actor(), str(current_app.config["SECRET_KEY"])

    def act() -> None:
        commands.sign(db.session, actor, reference, form.typed, form.shown, trace(), moment)

    if not form.validate():
        return _text(reference, form, 422)
    answer = commands.enter_code(db.session, actor, reference, form.code.data or "", secret, trace(), moment)
    if answer is not CodeAnswer.RIGHT:  # the try counts, and the form can be sent again
        give_back()
        commit()
        form.put_errors(Invalid(ANSWERS[answer], "code"))
        return _text(reference, form, 422)
    if form.submitted(act):
        return finish(url_for("agreements.sign", reference=reference), told(SIGNED))
    return _text(reference, form, 422)  # nothing was kept: a right code stays unused while something else is mended


@blueprint.route("/sign/<reference>/hand-over", methods=["GET", "POST"])
@signed_in
def hand_over(reference: str) -> Response:
    """Choose another authorized signatory."""
    row = _seen_for(reference, Action.HAND_OVER_ACCESSION)
    names = [person.name for person in focal_points_of(db.session, row.organization_id)]
    others = [p for p in signatories_of(db.session, row.organization_id) if p.id != current_actor().person_id]
    form = HandOverForm()
    form.to.choices = options_of([(person.id, person.name) for person in others])

    def act() -> None:
        commands.hand_over(db.session, current_actor(), reference, form.to.data, trace(), now())

    if request.method == "POST" and form.submitted(act):
        return finish(
            url_for("agreements.sign", reference=reference), told(N_("Handed over. We have written to them."))
        )
    status = 422 if form.errors else 200
    return page(
        "agreements/hand_over.html", status, accession=_seen(reference), form=form, others=others, focal_points=names
    )


@blueprint.get("/sign/<reference>/decline")
@signed_in
def decline(reference: str) -> Response:
    """Why not?"""
    row = _seen_for(reference, Action.DECLINE_ACCESSION)
    return page("agreements/decline.html", accession=row, form=DeclineForm(formdata=None))


@blueprint.post("/sign/<reference>/decline")
@signed_in
@once
def refuse(reference: str) -> Response:
    """Decline, with a reason."""
    form = DeclineForm()

    def act() -> None:
        commands.decline(db.session, current_actor(), reference, form.reason.data, trace(), now())

    if form.submitted(act):
        return finish(
            url_for("agreements.sign", reference=reference), told(N_("Declined. The secretariat reads your reason."))
        )
    return page("agreements/decline.html", 422, accession=_seen(reference), form=form)


@blueprint.post("/sign/<reference>/reopen")
@signed_in
@once
def reopen(reference: str) -> Response:
    """Take it up again."""
    commands.reopen(db.session, current_actor(), reference, trace(), now())
    return finish(url_for("agreements.sign", reference=reference), told(N_("Open for signature again.")))


@blueprint.get("/sign/<reference>/document")
@signed_in
def document(reference: str) -> Response:
    """The executed agreement, for its parties and the secretariat."""
    row = _seen(reference)
    if row.document is None:
        raise NotFound(NOT_FOUND)
    files: FileStore = current_app.extensions["onepact_files"]
    data = BytesIO(files.get(row.document.key))
    return send_file(data, row.document.media_type, as_attachment=True, download_name=row.document.filename)


def _seen(reference: str) -> Accession:
    return queries.accession_seen_by(db.session, current_actor(), reference)


def _seen_for(reference: str, action: Action) -> Accession:
    """The accession for somebody who may do this now; for others this page does not exist."""
    row = _seen(reference)
    if action not in acts_on(row):
        raise NotFound(NOT_FOUND)
    return row


def _may_sign_now(row: Accession) -> bool:
    confirmed = evidence.details_of(row) is not None and row.signatory_id == current_actor().person_id
    return confirmed and Action.SIGN_ACCESSION in acts_on(row)


def _known(row: Accession) -> dict[str, object]:
    """What the form of authority begins with: what was typed before, or the person's own title."""
    details = evidence.details_of(row)
    if details is None:
        return {"title": _job_title(row)}
    return {**asdict(details), "affiliates": "\n".join(details.affiliates)}


def _job_title(row: Accession) -> str:
    people = {person.id: person for person in signatories_of(db.session, row.organization_id)}
    me = people.get(current_actor().person_id or 0)
    return me.job_title if me else ""


def _sign_form(row: Accession) -> SignForm:
    form = SignForm()
    form.statements.choices = options_of(_statements(row))
    return form


def _statements(row: Accession) -> list[tuple[str, str]]:
    details = evidence.details_of(row)
    gaps = {
        "organization": row.organization.name,
        "title": details.title if details else "",
        "version": row.agreement_version,
    }
    return [(statement.code, told(statement.sentence) % gaps) for statement in STATEMENTS]


def _case(reference: str, form: AuthorityForm, status: int = 200) -> Response:
    row = _seen(reference)  # read afresh: a refused command took everything back
    version = library.version(row.agreement_version)
    return page("agreements/sign.html", status, version=version, form=form, **accession_shown(row))


def _text(reference: str, form: SignForm, status: int = 200) -> Response:
    row = _seen(reference)
    form.statements.choices = options_of(_statements(row))
    sent = queries.newest_code(db.session, row.id, current_actor().person_id or 0)
    waiting = sent if sent is not None and sent.used_at is None and sent.expires_at > now() else None
    version = library.version(row.agreement_version)
    form.version.data, form.text_hash.data = version.id, version.text_hash
    return page("agreements/text.html", status, accession=row, version=version, form=form, sent=waiting)
