"""Gives templates what the look is made of: the form components, the pictures' geometry, and a few small questions."""

from flask import Flask, current_app
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from app.rules.calendar import JOINING_DAYS, WORKING_DAYS
from app.web import changes, drawings, fields, guards
from app.web.frame import init_frame
from app.web.once import new_key


def register(app: Flask) -> None:
    """Globals, because macros see no context; the frame; and the loader of the form components."""
    init_frame(app)
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([loader for loader in (app.jinja_loader, components) if loader])
    app.jinja_env.globals.update(
        csrf_token=generate_csrf,
        working_days=WORKING_DAYS,
        joining_days=JOINING_DAYS,
        idempotency_key=new_key,
        language=language,
        exists=exists,
        field_view=fields.field_view,
        form_errors=fields.form_errors,
        coverage=drawings.coverage,
        silhouette=drawings.silhouette,
        glyph_dots=drawings.glyph_dots,
        reaches_round=drawings.reaches_round,
        years=drawings.years,
        week_strip=drawings.week_strip,
        narrowing=drawings.narrowing,
        word_changes=changes.word_changes,
        spaced=changes.spaced,
        country_names=changes.country_names,
    )


def language() -> str:
    """The language of this page, for its lang attribute."""
    locale = get_locale()
    return str(locale).replace("_", "-") if locale else "en"


def exists(endpoint: str) -> bool:
    """Whether there is this page for the one who asks, so that menus name only what opens."""
    if endpoint not in current_app.view_functions:
        return False
    policy = guards.policy_of(current_app, endpoint)
    return policy is None or guards.admits(policy)
