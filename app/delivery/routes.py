"""Getting the data: the page of a delivery, and the few acts on it."""

from io import BytesIO

from flask import Blueprint, current_app, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.delivery import commands
from app.delivery.commands import Provided
from app.delivery.forms import MissingForm, ProvideForm
from app.delivery.queries import Access, access_seen_by, team_of
from app.delivery.safe import Safe
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile, store_file
from app.foundation.uploads import LARGEST_UPLOAD, recognized
from app.foundation.words import N_
from app.organizations.accounts.settings import derived
from app.rules.actions import Action
from app.web.actor import current_actor
from app.web.answers import commit, finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import once

blueprint = Blueprint("delivery", __name__)


@blueprint.get("/grants/<number>/access")
@signed_in
def show(number: str) -> Response:
    """How to get the data, as far as the reader may know."""
    return page("delivery/show.html", access=_seen(number), acts=Action)


@blueprint.route("/grants/<number>/access/provide", methods=["GET"])
@signed_in
def ask_provide(number: str) -> Response:
    """Where the data partner says how the team gets there."""
    access = _seen(number, Action.PROVIDE_ACCESS)
    row = access.delivery
    form = ProvideForm(formdata=None, data={"instructions": row.instructions, "link": row.link})
    return page("delivery/provide.html", access=access, form=form.offer(_team(access)))


@blueprint.post("/grants/<number>/access/provide")
@signed_in
@once
def provide(number: str) -> Response:
    """Hand it over."""
    access = _seen(number, Action.PROVIDE_ACCESS)
    form = ProvideForm().offer(_team(access))

    def run() -> None:
        given = Provided(
            form.instructions.data or "",
            form.link.data or "",
            _result(form, number),
            form.secret.data or "",
            form.named,
        )
        commands.provide(db.session, current_actor(), number, given, _safe(), now())

    if form.submitted(run):
        return finish(url_for("delivery.show", number=number), told(N_("Provided. The team gets a mail now.")))
    return page("delivery/provide.html", 422, access=_seen(number), form=form)


@blueprint.post("/grants/<number>/access/secret")
@signed_in
def reveal(number: str) -> Response:
    """The secret, on this page alone and this once. Asked for by POST, so that no address, cache or history leads to it."""
    access = _seen(number)
    text = commands.see_secret(db.session, current_actor(), number, _safe(), now())
    commit()  # erased before anything is shown: a page that is lost is asked for anew, and nothing is shown twice
    response = page("delivery/secret.html", access=access, text=text)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/grants/<number>/access/arrived")
@signed_in
@once
def confirm(number: str) -> Response:
    """Yes, it arrived."""
    commands.confirm(db.session, current_actor(), number, now())
    return finish(url_for("delivery.show", number=number), told(N_("Thank you. The data partner gets a mail now.")))


@blueprint.get("/grants/<number>/access/missing")
@signed_in
def ask_missing(number: str) -> Response:
    """Where the team says what did not arrive."""
    access = _seen(number, Action.REPORT_MISSING)
    return page("delivery/missing.html", access=access, form=MissingForm(formdata=None))


@blueprint.post("/grants/<number>/access/missing")
@signed_in
@once
def report_missing(number: str) -> Response:
    """No, it did not."""
    form = MissingForm()
    if form.submitted(
        lambda: commands.report_missing(db.session, current_actor(), number, form.words.data or "", now())
    ):
        return finish(
            url_for("delivery.show", number=number),
            told(N_("Told. It is the data partner's turn again, with one working day.")),
        )
    return page("delivery/missing.html", 422, access=_seen(number), form=form)


@blueprint.post("/grants/<number>/access/off")
@signed_in
@once
def switch_off(number: str) -> Response:
    """It is off on the data partner's side."""
    commands.switch_off(db.session, current_actor(), number, now())
    return finish(url_for("delivery.show", number=number), told(N_("Switched off. The team gets a mail now.")))


@blueprint.get("/grants/<number>/access/result")
@signed_in
def result(number: str) -> Response:
    """The result itself, where no data moves."""
    access = _seen(number, Action.READ_ACCESS)
    return _sent(access.delivery.result)


def _sent(file: StoredFile | None) -> Response:
    if file is None:
        raise NotFound(NOT_FOUND)
    files: FileStore = current_app.extensions["onepact_files"]
    return send_file(BytesIO(files.get(file.key)), file.media_type, as_attachment=True, download_name=file.filename)


def _seen(number: str, needed: Action | None = None) -> Access:
    access = access_seen_by(db.session, current_actor(), number, now())
    if needed is not None and needed not in access.may:
        raise NotFound(NOT_FOUND)
    return access


def _team(access: Access) -> list[tuple[int, str]]:
    return [(person.id, person.name) for person in team_of(db.session, access.grant)]


def _result(form: ProvideForm, number: str) -> StoredFile | None:
    brought = form.result.data
    if not isinstance(brought, FileStorage) or not brought.filename:
        return None
    upload = recognized(brought.stream.read(LARGEST_UPLOAD + 1), brought.filename, "result")
    files: FileStore = current_app.extensions["onepact_files"]
    return store_file(db.session, files, upload.data, upload.filename, upload.media_type, ("delivery", number), now())


def _safe() -> Safe:
    return Safe(bytes.fromhex(derived(current_app.config, "delivery secrets")))
