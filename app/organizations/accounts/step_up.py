"""Deciding, issuing and revoking ask once more who it is when the sign-in is older than fifteen minutes (safety.md U4).

What was typed is not lost: the page that asks carries it, and one code sends it on. A file that was chosen cannot travel
in a page: it is kept in the store, and the page carries a signed note of where.
"""

from datetime import timedelta
from io import BytesIO

from flask import current_app, request, session
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.database import begin_writing
from app.foundation.files import FileStore
from app.organizations.accounts import identity
from app.organizations.accounts.confirming import confirmed, form_for
from app.organizations.accounts.settings import FRESH
from app.rules.actors import NOBODY, Actor
from app.web.actor import current_actor, set_actor
from app.web.answers import commit, page
from app.web.database import db
from app.web.limits import count_try

# The acts that bind somebody. Signing the agreement has a one-time code of its own.
ASKS_AGAIN = frozenset(
    {
        "proposals.decide",
        "proposals.check_intake",
        "grants.issue",
        "grants.do",
        "delivery.reveal",
        "duties.certify",
        "agreements.countersign",
        "agreements.end",
        "agreements.record_paper",
        "organizations.make_token",
    }
)
_PREFIX = "confirm-"
_SENT = "confirms"
_FILE = "kept-file"
_KEPT_FOR_SECONDS = 3600


def ask_again() -> Response | None:
    """Before an act that binds: let it pass when the sign-in is fresh, else ask, and carry what was typed."""
    actor = current_actor()
    if request.method != "POST" or request.endpoint not in ASKS_AGAIN or actor.person_id is None or _is_fresh(actor):
        return None
    me = identity.me()
    form = form_for(me, _PREFIX)
    if _SENT in request.form:
        _take_files_back()
        count_try("confirming an act")
        if form.validate() and confirmed(me, form):
            session["fs_paa"] = now().timestamp()
            commit()  # the code is used up, whatever becomes of the act
            begin_writing(db.session)
            set_actor(identity.acting() or NOBODY)
            return None
    carried = [pair for pair in request.form.items(multi=True) if not _is_own(pair[0])]
    carried += [(_FILE, note) for note in _kept_files()]
    return page("accounts/confirm_act.html", form.status, form=form, carried=carried)


def _kept_files() -> list[str]:
    """Put each chosen file into the store; the notes say which field, whose key, and what it was called."""
    store: FileStore = current_app.extensions["onepact_files"]
    return [
        str(_notes().dumps([field, store.put(upload.read()).key, upload.filename, upload.mimetype]))
        for field, upload in request.files.items(multi=True)
        if upload.filename
    ]


def _take_files_back() -> None:
    """Let the request carry the files again that it had at first. A note that is not ours brings nothing."""
    store: FileStore = current_app.extensions["onepact_files"]
    found: list[tuple[str, FileStorage]] = []
    for note in request.form.getlist(_FILE):
        try:
            field, key, name, kind = _notes().loads(note, max_age=_KEPT_FOR_SECONDS)
            found.append((field, FileStorage(BytesIO(store.get(key)), name, field, kind)))
        except (BadSignature, FileNotFoundError):
            continue
    if found:
        request.__dict__["files"] = ImmutableMultiDict(found)


def _notes() -> URLSafeTimedSerializer:
    """Bound to the session's person, so that a note opens nothing for anybody else."""
    whose = str(current_actor().pid)
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt=f"file kept for {whose}")


def _is_own(name: str) -> bool:
    return name in ("csrf_token", _SENT, _FILE) or name.startswith(_PREFIX)


def _is_fresh(actor: Actor) -> bool:
    if actor.authentication == identity.DEMO_LINK:
        return True
    return actor.authenticated_at is not None and now() - actor.authenticated_at < FRESH + timedelta(seconds=1)
