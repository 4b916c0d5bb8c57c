"""The frame of every page: what depends on the reader's roles and language alone is made once for all who share them.

It takes as long to draw as the page inside it.
"""

from flask import Flask, current_app, render_template, request
from flask_babel import get_locale
from markupsafe import Markup

from app.history.remembering import Remembered, Version
from app.web.actor import current_actor

_FRAME = "onepact_frame"
# It depends on nothing that happens, only on the software and its settings.
_ALWAYS = Version("", "")


def init_frame(app: Flask) -> None:
    """Give templates `frame(name, section)`."""
    app.extensions[_FRAME] = Remembered[Markup](512)
    app.jinja_env.globals["frame"] = frame


def frame(name: str, section: str = "") -> Markup:
    """A part of the frame, from templates/frame.

    Its template may ask what `exists` for these roles, where it is and what the consortium is called; never who reads it, what
    the database says, or what belongs to one session.
    """
    made: Remembered[Markup] = current_app.extensions[_FRAME]
    key = (name, section, str(get_locale()), request.script_root, frozenset(held.role for held in current_actor().held))
    part = made.get(key, _ALWAYS)
    if part is None:
        html = render_template(f"frame/{name}.html", section=section)
        part = Markup(html.strip())  # noqa: S704 - a template of ours, escaped
        made.put(key, _ALWAYS, part)
    return part
