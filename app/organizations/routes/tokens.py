"""One's own tokens for programs: made, shown once, revoked."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.organizations.commands.tokens import make_token as make
from app.organizations.commands.tokens import revoke_token as revoke
from app.organizations.forms.tokens import TokenForm
from app.organizations.models import ApiToken
from app.organizations.routes.blueprint import blueprint
from app.organizations.tokens import is_live, scopes_of, tokens_of
from app.rules.tokens import SCOPE_NAMES, Scope
from app.web.actor import current_actor
from app.web.answers import commit, finish, page, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once


@blueprint.get("/me/tokens")
@signed_in
def tokens() -> Response:
    """The tokens that one has, and a form for another one."""
    return _page(TokenForm(formdata=None))


@blueprint.post("/me/tokens")
@signed_in
@once
def make_token() -> Response:
    """Make a token, and show it this once: it is the answer to a POST, so that no address, cache or history leads to it."""
    form, made = TokenForm(), list[tuple[ApiToken, str]]()

    def act() -> None:
        scopes, days = {Scope(form.scope.data)}, int(form.days.data)
        made.append(make(db.session, current_actor(), form.name.data or "", scopes, days, now()))

    if not form.submitted(act):
        return _page(form)
    commit()
    [(token, secret)] = made
    response = page("accounts/token.html", token=token, secret=secret, scopes=_scopes(token))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/me/tokens/<int:token_id>/revoke")
@signed_in
@once
def revoke_token(token_id: int) -> Response:
    """End a token at once."""
    token = revoke(db.session, current_actor(), token_id, now())
    message = _("%(name)s is revoked. It opens nothing any more.", name=token.name)
    return finish(url_for("organizations.tokens"), message)


def _page(form: TokenForm) -> Response:
    moment = now()
    rows = tokens_of(db.session, current_actor().person_id or 0)
    return page(
        "accounts/tokens.html",
        form.status,
        form=form,
        hints={scope.value: told(hint) for scope, (_name, hint) in SCOPE_NAMES.items()},
        live=[(row, _scopes(row)) for row in rows if is_live(row, moment)],
        over=[row for row in rows if not is_live(row, moment)],
    )


def _scopes(token: ApiToken) -> str:
    return ", ".join(told(SCOPE_NAMES[scope][0]) for scope in sorted(scopes_of(token)))
