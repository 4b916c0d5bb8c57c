"""Deciding, issuing and revoking ask once more who it is when the sign-in is older than fifteen minutes (safety.md U4).

What was typed is not lost: the page that asks carries it, and one code sends it on.
"""

from datetime import timedelta

from flask import request, session
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.database import begin_writing
from app.organizations.accounts import identity
from app.organizations.accounts.confirming import confirmed, form_for
from app.organizations.accounts.settings import FRESH
from app.rules.actors import Actor
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
    }
)
_PREFIX = "confirm-"
_SENT = "confirms"


def ask_again() -> Response | None:
    """Before an act that binds: let it pass when the sign-in is fresh, else ask, and carry what was typed."""
    actor = current_actor()
    if request.method != "POST" or request.endpoint not in ASKS_AGAIN or actor.person_id is None or _is_fresh(actor):
        return None
    me = identity.me()
    form = form_for(me, _PREFIX)
    if _SENT in request.form:
        count_try("confirming an act")
        if form.validate() and confirmed(me, form):
            session["fs_paa"] = now().timestamp()
            commit()  # the code is used up, whatever becomes of the act
            begin_writing(db.session)
            set_actor(identity.actor_of(me))
            return None
    carried = [pair for pair in request.form.items(multi=True) if not _is_own(pair[0])]
    return page("accounts/confirm_act.html", form.status, form=form, carried=carried)


def _is_own(name: str) -> bool:
    return name in ("csrf_token", _SENT) or name.startswith(_PREFIX)


def _is_fresh(actor: Actor) -> bool:
    if actor.authentication == identity.DEMO_LINK:
        return True
    return actor.authenticated_at is not None and now() - actor.authenticated_at < FRESH + timedelta(seconds=1)
