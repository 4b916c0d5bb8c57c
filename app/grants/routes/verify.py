"""Is this letter genuine? For anyone, with a file, a number and code, or the QR code; and the root certificate to check with."""

from pathlib import Path

from flask import current_app, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.hashing import sha256_hex
from app.foundation.words import N_
from app.grants.around import Recognized, around
from app.grants.forms import VerifyForm
from app.grants.queries.verification import (
    Shown,
    grant_with_code,
    judge_file,
    status_of,
    sub_status_of,
    subgrant_with_code,
)
from app.grants.record import from_json
from app.grants.routes.blueprint import blueprint
from app.grants.routes.verdicts import Card, card_for_code, card_for_file, card_for_subgrant, card_for_wrong_code
from app.letters.errors import KeysMissing
from app.letters.inspect import LARGEST
from app.letters.keys import known_certificates, root_certificate
from app.web.answers import json_answer, page, told
from app.web.database import db
from app.web.errors import wants_json
from app.web.guards import public

NOTHING_GIVEN = N_("Choose the PDF of the letter, or type its number and the code under its QR code.")
CODE_TOO = N_("Type the code under the QR code too, or open the register, which shows every grant without a code.")


@blueprint.record
def _leave_out_of_csrf(state: BlueprintSetupState) -> None:
    """Verifying changes nothing and asks for no sign-in, so that a program may post without a token."""
    state.app.extensions["csrf"].exempt("app.grants.routes.verify.verify")


@blueprint.route("/verify", methods=["GET", "POST"])
@public
def verify() -> Response:
    """The form, or the verdict in its place."""
    if request.method == "GET":
        return page("verify/form.html", form=VerifyForm(formdata=None))
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return _verdict_on(upload)
    if wants_json():
        return json_answer({"title": told(NOTHING_GIVEN), "status": 422}, 422)
    return _by_number()


@blueprint.get("/v/<number>")
@public
def code(number: str) -> Response:
    """What the QR code leads to. A wrong code and an unknown number look the same."""
    grant = grant_with_code(db.session, number[:40], request.args.get("t", "")[:100])
    moment = now()
    if grant is None:
        handed = subgrant_with_code(db.session, number[:40], request.args.get("t", "")[:100])
        if handed is not None:
            return page(
                "verify/verdict.html", card=card_for_subgrant(handed, sub_status_of(handed, handed.grant, moment))
            )
        return page("verify/verdict.html", 404, card=card_for_wrong_code())
    return page("verify/verdict.html", card=card_for_code(from_json(grant.record), status_of(grant, moment), grant))


@blueprint.get("/keys/root.crt")
@public
def root() -> Response:
    """The root certificate, by which any PDF reader can check the seal."""
    try:
        pem = root_certificate(_keys())
    except KeysMissing as error:
        raise NotFound(N_("This installation has no keys yet, so it has sealed nothing.")) from error
    return current_app.response_class(pem, mimetype="application/x-x509-ca-cert")


def _verdict_on(upload: FileStorage) -> Response:
    # One byte more than allowed is read, so that a larger file is known as such and not as a damaged one.
    data = upload.stream.read(LARGEST + 1)
    other = around().recognized(db.session, sha256_hex(data))
    if other is not None:
        return _other(other)
    shown = judge_file(db.session, data, known_certificates(_keys()), now())
    if wants_json():
        return json_answer(as_json(shown))
    return page("verify/verdict.html", card=_card(shown))


def _other(known: Recognized) -> Response:
    """The verdict on a file that is no letter: an output that was cleared, a certificate of deletion."""
    if wants_json():
        return json_answer({"verdict": known.verdict, "number": known.number, "checks": []})
    return page("verify/verdict.html", card=Card("ok", known.title, known.sentence, known.facts))


def as_json(shown: Shown) -> dict[str, object]:
    """The answer for programs, here and on the command line."""
    judgment = shown.judgment
    return {
        "verdict": judgment.verdict.value,
        "number": judgment.number,
        "checks": [{"name": c.name.value, "passed": c.passed, "words": told(c.words)} for c in judgment.checks],
    }


def _card(shown: Shown) -> Card:
    return card_for_file(shown.judgment, shown.record)


def _by_number() -> Response:
    form = VerifyForm()
    if not form.validate():
        return page("verify/form.html", 422, form=form)
    number, typed = (form.number.data or "").upper(), form.code.data or ""
    if not number:
        form.file.errors = [told(NOTHING_GIVEN)]
    elif not typed:
        form.code.errors = [told(CODE_TOO)]
    else:
        return redirect(url_for("grants.code", number=number, t="".join(typed.split())), 303)
    return page("verify/form.html", 422, form=form)


def _keys() -> Path:
    return Path(str(current_app.config["ONEPACT_HOME"])) / "keys"
