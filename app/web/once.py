"""One effect per intention: POSTs that decide, sign, issue or revoke carry a key, kept with their result.

The same key with the same form gets the first answer again; with another form it is refused (safety.md D4).
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from secrets import token_urlsafe
from typing import ParamSpec

from flask import g, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.foundation.errors import Invalid, WrongState
from app.foundation.hashing import content_hash, sha256_hex
from app.foundation.words import N_
from app.web.actor import current_actor
from app.web.answers import answered, json_answer
from app.web.database import db
from app.web.once_table import IdempotencyKey

P = ParamSpec("P")
MARK = "onepact_once"
# A secret leaves no trace here, not even in a hash.
_NOT_PART = ("csrf_token", "idempotency_key", "secret")
_LONGEST = 64


def new_key() -> str:
    """A key for one form that a person is shown."""
    return token_urlsafe(24)


def once(view: Callable[P, Response]) -> Callable[P, Response]:
    """Run the view at most once per key and person. The view ends in `finish`, which stores its answer."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        person_id, key = current_actor().person_id, request.form.get("idempotency_key", "")
        if person_id is None or not key or len(key) > _LONGEST:
            raise Invalid(N_("This form came without its key. Open the page again and send it from there."))
        known = _used_before(person_id, key, _fingerprint())
        return view(*args, **kwargs) if known is None else _repeated(known)

    setattr(guarded, MARK, True)
    return guarded


def once_by_header(view: Callable[P, Response]) -> Callable[P, Response]:
    """The same for programs, which may send the key in the header Idempotency-Key; the body is part of what must be equal.

    The view ends in `finish_json`, which stores its answer.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        person_id, key = current_actor().person_id, request.headers.get("Idempotency-Key", "")
        if person_id is None or not key:
            return view(*args, **kwargs)
        if len(key) > _LONGEST or not key.isprintable():
            raise Invalid(N_("An Idempotency-Key has up to 64 printable characters."), field="Idempotency-Key")
        known = _used_before(person_id, key, _fingerprint_of_body())
        return view(*args, **kwargs) if known is None else _repeated_json(known)

    setattr(guarded, MARK, True)
    return guarded


def is_once(view: Callable[..., object]) -> bool:
    """Whether a view takes each intention once."""
    return bool(getattr(view, MARK, False))


def give_back() -> None:
    """Forget the key of this request: its act was not done, though something else of it is kept, such as a failed try."""
    row = g.pop("idempotency_row", None)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def _used_before(person_id: int, key: str, fingerprint: str) -> IdempotencyKey | None:
    """What this key was used for, if it was; else it is used from now on, in the transaction of the act itself."""
    known = db.session.get(IdempotencyKey, (person_id, key))
    if known is not None:
        return known
    row = IdempotencyKey(
        person_id=person_id, key=key, endpoint=str(request.endpoint), fingerprint=fingerprint, used_at=datetime.now(UTC)
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # the same, sent twice at once: the first has committed by now
        winner = db.session.get(IdempotencyKey, (person_id, key))
        if winner is None:
            raise WrongState(N_("This was sent twice at once. Open the page again to see where it stands.")) from None
        return winner
    g.idempotency_row = row
    return None


def _repeated_json(known: IdempotencyKey) -> Response:
    if known.fingerprint != _fingerprint_of_body() or known.endpoint != request.endpoint or not known.message:
        raise WrongState(N_("This Idempotency-Key was used for something else. Send a new one with each new request."))
    status, document = json.loads(known.message)
    return json_answer(document, status, known.location)


def _fingerprint_of_body() -> str:
    """Of the address with its arguments and of the bytes that came; a file in a form counts by its bytes alone."""
    if request.mimetype != "multipart/form-data":  # a form of another kind is left unread: its bytes are the file
        return content_hash([request.full_path, sha256_hex(request.get_data(cache=True))])
    marks = [sha256_hex(file.stream.read()) for file in request.files.values()]
    for file in request.files.values():
        file.stream.seek(0)
    return content_hash([request.full_path, marks])


def _repeated(known: IdempotencyKey) -> Response:
    if known.fingerprint != _fingerprint() or known.endpoint != request.endpoint or not known.location:
        raise WrongState(
            N_("This form was already sent with other answers. Open the page again to see where it stands.")
        )
    return answered(known.location, known.message)


def _fingerprint() -> str:
    fields = sorted((k, v) for k, v in request.form.items(multi=True) if k not in _NOT_PART)
    return content_hash([request.path, [list(pair) for pair in fields]])
