"""The demo's own addresses: one sign-in link per role, and the mailbox. They answer on loopback only."""

from ipaddress import ip_address
from time import monotonic

from flask import Blueprint, Flask, current_app, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.demo.links import links, person_behind
from app.foundation.errors import NotFound
from app.foundation.installation import installation
from app.organizations.accounts import sign_in_as
from app.outbox import queries as outbox
from app.outbox.models import OutboxMessage
from app.web.answers import answered, page
from app.web.database import db
from app.web.guards import NOT_FOUND, public

blueprint = Blueprint("demo", __name__, url_prefix="/demo")

# The HTML of a mail carries its styles with it, as mail programs want; nothing else may load or run.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
MAILBOX_LENGTH = 200
LOOK_EVERY_SECONDS = 30.0


def init_demo(app: Flask) -> None:
    """Keep the app aware of whether this installation holds the demo consortium."""
    app.config["IS_DEMO"] = False
    app.extensions["onepact_demo_asked"] = -LOOK_EVERY_SECONDS
    app.before_request(_look)


def _look() -> None:
    # Once it is a demo it stays one, so the database is asked only until the answer is yes, and not at each request.
    extensions = current_app.extensions
    if current_app.config["IS_DEMO"] or monotonic() - extensions["onepact_demo_asked"] < LOOK_EVERY_SECONDS:
        return
    extensions["onepact_demo_asked"] = monotonic()
    row = installation(db.session)
    current_app.config["IS_DEMO"] = bool(row and row.is_demo)


@blueprint.before_request
def _only_here() -> None:
    if not (current_app.config["IS_DEMO"] and is_loopback()):
        raise NotFound(NOT_FOUND)


def is_loopback() -> bool:
    """Whether the request was made on this very machine, and not passed on by a proxy."""
    passed_on = any(name in request.headers for name in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via"))
    return (
        not passed_on
        and _is_loopback_name(request.remote_addr or "")
        and _is_loopback_name(request.host.rsplit(":", 1)[0].strip("[]"))
    )


def _is_loopback_name(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


@blueprint.get("/")
@public
def index() -> Response:
    """The people of the demo, each with a link that signs in as them."""
    return page("demo/index.html", links=links(db.session, current_app.config))


@blueprint.get("/sign-in/<token>")
@public
def sign_in(token: str) -> Response:
    """Sign in as one of the demo's people."""
    person = person_behind(db.session, current_app.config, token)
    if person is None:
        raise NotFound(NOT_FOUND)
    sign_in_as(person, "demo link")
    return answered("/inbox", _("You are signed in as %(name)s.", name=person.name))


@blueprint.get("/mailbox")
@public
def mailbox() -> Response:
    """Every mail that the demo wrote, newest first; optionally those to one address."""
    wanted = request.args.get("to", "")
    mails = outbox.mails(db.session, MAILBOX_LENGTH, wanted)
    return page("demo/mailbox.html", mails=mails, wanted=wanted)


@blueprint.get("/mailbox/<int:message_id>")
@public
def mail(message_id: int) -> Response:
    """One mail as text."""
    return page("demo/mail.html", mail=_mail(message_id))


@blueprint.get("/mailbox/<int:message_id>/html")
@public
def mail_html(message_id: int) -> Response:
    """One mail as a mail program would show it."""
    response = Response(str(_mail(message_id).payload["html"]), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def _mail(message_id: int) -> OutboxMessage:
    message = db.session.get(OutboxMessage, message_id)
    if message is None or message.kind != "mail.send":
        raise NotFound(NOT_FOUND)
    return message
