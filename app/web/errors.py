"""One table from errors to answers: an HTML page, or a problem document (RFC 9457) for programs."""

from dataclasses import dataclass

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from app.foundation.errors import DomainError
from app.foundation.words import N_
from app.web.actor import current_actor
from app.web.answers import told
from app.web.database import db
from app.web.guards import SIGNED_OUT
from app.web.refusals import note_refusal
from app.web.requests import page_of_the_form

log = structlog.get_logger()
# Addresses for programs begin so.
PROGRAMS = "/api/"
_UNAUTHORIZED = 401

_CSRF = N_(
    "This form was open before you signed in again, so nothing was sent. Open the page again and send it from there."
)
# What somebody typed is shown again where it was not taken, so that no work is lost: words, never what opens something.
_MENDED_BY_SENDING_AGAIN = frozenset({400, 403, 404, 409, 429, 500, 503})
_OPENS_SOMETHING = ("password", "secret", "code", "token")
_SHORTEST = 12
# Where the page may well be gone, its address is no way on.
_IS_STILL_THERE = _MENDED_BY_SENDING_AGAIN - {403, 404}


@dataclass(frozen=True)
class Shown:
    """What a person is told for a status when the error itself has no words of its own."""

    title: str
    sentence: str


PAGES: dict[int, Shown] = {
    400: Shown(N_("This request could not be read"), N_("Go back, open the page again and send it once more.")),
    401: Shown(
        N_("A token is needed"),
        N_("Send a token that is in force as: Authorization: Bearer …. You make one on the page of your account."),
    ),
    403: Shown(N_("This is not yours to do"), N_("Ask your focal point if you need the role for it.")),
    404: Shown(N_("Nothing is here"), N_("The address may have a typing mistake, or the page has moved.")),
    405: Shown(N_("This address answers another kind of request"), N_("Go back and use the button on the page.")),
    406: Shown(N_("Not in this form"), N_("Ask for another form of this page, or leave the form open.")),
    409: Shown(N_("Something else happened first"), N_("Open the page again to see where it stands.")),
    413: Shown(N_("That is too large"), N_("Files may have up to 20 MB. Choose a smaller one, or split it.")),
    415: Shown(N_("This kind of content is not read here"), N_("Send the form from its page.")),
    422: Shown(N_("Something needs mending"), N_("Go back, mend it and send it once more.")),
    429: Shown(N_("That was too often"), N_("Wait a minute, then try again. Nothing was lost.")),
    500: Shown(N_("Something broke on our side"), N_("Your saved work is safe. Try again in a minute.")),
    503: Shown(N_("We are busy for a moment"), N_("Your saved work is safe. Try again in a minute.")),
}


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, sentence: str | None = None) -> Response:
    """The answer for an error: nothing of the request is kept, and the person is told what to do."""
    db.session.rollback()
    shown = PAGES.get(status, PAGES[500 if status >= 500 else 400])
    words = told(sentence or shown.sentence)
    if wants_json():
        return _problem_document(status, told(shown.title), words)
    back = page_of_the_form()
    html = render_template(
        "errors/problem.html",
        status=status,
        title=told(shown.title),
        sentence=words,
        reference=g.get("request_id"),
        back=back if status in _IS_STILL_THERE else "",
        typed=_typed() if back and status in _MENDED_BY_SENDING_AGAIN else [],
    )
    return Response(html, status, content_type="text/html; charset=utf-8")


def _typed() -> list[str]:
    """The words that came with a form."""
    try:
        sent = list(request.form.items(multi=True))
    except HTTPException:  # what came could not be read at all
        return []
    words = (value.strip() for name, value in sent if not any(each in name for each in _OPENS_SOMETHING))
    return [value for value in words if len(value) >= _SHORTEST and len(value.split()) > 1]


def wants_json() -> bool:
    """Whether the one who asks is a program."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    takes_pages = best == "text/html" or not request.accept_mimetypes
    if request.path.startswith(PROGRAMS):
        return True
    return request.path.endswith((".json", ".jsonld", ".ttl", ".rdf", ".nt")) or not takes_pages


def _problem_document(status: int, title: str, detail: str) -> Response:
    response = jsonify(type="about:blank", title=title, status=status, detail=detail, instance=request.path)
    response.status_code, response.content_type = status, "application/problem+json"
    return response


def _domain_error(error: DomainError) -> Response:
    note_refusal(error)
    return problem(error.status, error.message)


def _csrf_error(_error: CSRFError) -> Response:
    return problem(400, _CSRF if current_actor().person_id else SIGNED_OUT)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # a redirect
    response = problem(status)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if status == _UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    retry_after = getattr(error, "retry_after", None)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _stale(_error: StaleDataError) -> Response:
    return problem(409)


def _database_busy(error: OperationalError) -> Response:
    log.error("database_busy", error=str(error.orig))
    return problem(503)


def _unexpected(error: Exception) -> Response:
    log.error(
        "unexpected", exc_info=error, path=request.path, reference=g.get("request_id"), error=type(error).__name__
    )
    return problem(500)
