"""How a request ends: a page, or a commit with a message and a way on."""

import json
from typing import Protocol

from flask import current_app, flash, g, make_response, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.web.database import db


class _Keyed(Protocol):
    location: str
    message: str


def page(template: str, /, status: int = 200, **context: object) -> Response:
    """A page from a template."""
    return make_response(render_template(template, **context), status)


def finish(location: str, message: str = "") -> Response:
    """Commit what the command did, tell it in one sentence, and go on to `location` with 303.

    With an idempotency key, the answer is stored in the same transaction, so that a repeat gets it again.
    """
    key: _Keyed | None = g.get("idempotency_row")
    if key is not None:
        key.location, key.message = location, message
    db.session.commit()
    return answered(location, message)


def commit() -> None:
    """Commit without an answer yet, for the few views that go on to send something themselves."""
    db.session.commit()


def answered(location: str, message: str = "") -> Response:
    """Go on to `location` with a message, changing nothing."""
    if message:
        flash(message)
    return redirect(location, 303)


def json_answer(value: object, status: int = 200, location: str = "") -> Response:
    """A JSON document; `location` is where what it tells of can be read again."""
    body = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    answer = current_app.response_class(body, status, mimetype="application/json")
    if location:
        answer.headers["Location"] = location
    return answer


def finish_json(value: object, status: int, location: str) -> Response:
    """Commit what the command did, and tell it to a program; with an idempotency key a repeat gets the same again."""
    key: _Keyed | None = g.get("idempotency_row")
    if key is not None:
        key.location, key.message = location, json.dumps([status, value], ensure_ascii=False)
    db.session.commit()
    return json_answer(value, status, location)


def told(sentence: str) -> str:
    """A sentence of a rules table or a domain error in the reader's language."""
    return str(gettext(sentence)) if sentence else ""
