"""Health for machines; outbox and history for the secretariat."""

from datetime import timedelta

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.text import whole_number
from app.history import queries as history
from app.operations.health import health
from app.organizations.queries import names_of
from app.outbox import commands, queries
from app.outbox.models import MessageState
from app.rules.roles import Role
from app.web.answers import finish, json_answer, page
from app.web.database import db
from app.web.guards import holding, public

blueprint = Blueprint("operations", __name__)

HISTORY_PAGE = 100


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The state of database, worker and mail; 200 when all work, 503 otherwise."""
    config = current_app.config
    checks = health(db.session, str(config["SMTP_URL"]), bool(config.get("IS_DEMO")), now())
    fine = all(check.is_fine for check in checks)
    body = {"status": "ok" if fine else "failing", **{c.name: {"ok": c.is_fine, "seen": c.seen} for c in checks}}
    return json_answer(body, 200 if fine else 503)


@blueprint.get("/operations/outbox")
@holding(Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)
def outbox() -> Response:
    """What was sent, what waits and what was given up."""
    state = request.args.get("state", "")
    chosen = MessageState(state) if state in {s.value for s in MessageState} else None
    return page(
        "operations/outbox.html",
        messages=queries.messages(db.session, chosen),
        counts=queries.counts_by_state(db.session),
        week=queries.mail_figures(db.session, now() - timedelta(days=7)),
        states=list(MessageState),
        chosen=chosen,
    )


@blueprint.post("/operations/outbox/<int:message_id>/retry")
@holding(Role.OFFICER)
def retry(message_id: int) -> Response:
    """Try a message again at once."""
    commands.retry(db.session, message_id, now())
    return finish("/operations/outbox", "The message is tried again now.")


@blueprint.get("/operations/history")
@holding(Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)
def history_page() -> Response:
    """Everything that happened, newest first."""
    before = whole_number(request.args.get("before")) or None
    rows = history.latest(db.session, HISTORY_PAGE + 1, before)
    older = rows[HISTORY_PAGE - 1].seq if len(rows) > HISTORY_PAGE else None
    # A refused act names nobody in what is kept; who it was is looked up for those who may read this page.
    nameless = {row.actor_pid for row in rows if row.actor_pid is not None and not row.actor}
    names = names_of(db.session, nameless)
    return page("operations/history.html", happenings=rows[:HISTORY_PAGE], names=names, older=older)
