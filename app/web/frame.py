"""The frame of every page: what depends on the reader's roles and language alone is made once for all who share them.

It takes as long to draw as the page inside it. What says something of one person or one session stands in few places:
holes, which are filled anew for each page. So a whole page can be kept as well, without its header and messages.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, g, get_flashed_messages, render_template, request, session, url_for
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from app.history.remembering import Remembered, Version
from app.rules.proposing import could_propose
from app.web.actor import current_actor
from app.web.context import static_url, waiting

_FRAME, _TOKENS, _RAW = "onepact_frame", "onepact_tokens", "csrf_token"
_UNFRAMED, _PROPOSE = "is_unframed", "proposing_address"
# It depends on nothing that happens, only on the software and its settings.
_ALWAYS = Version("", "")
# Nobody can know it, so that no text makes a hole.
_EDGE = f"\0{secrets.token_hex(8)}\0"
_HOLE = re.compile(f"{_EDGE}([a-z ]+){_EDGE}")
# Text and the names of holes by turns, beginning with text.
_Pieces = list[str]


@dataclass(frozen=True)
class Unframed:
    """A page without its header and messages: text in UTF-8 and the names of what is missing by turns."""

    pieces: tuple[bytes, ...]


def init_frame(app: Flask) -> None:
    """Give templates `frame(name)`, `frame_header(section, count)` and `frame_messages()`."""
    app.extensions[_FRAME] = Remembered[_Pieces](512)
    app.extensions[_TOKENS] = Remembered[str](4096)
    app.jinja_env.globals.update(frame=frame, frame_header=header, frame_messages=messages)


def header(section: str, count: Callable[[], int | None]) -> Markup:
    """The head of the page, with the reader's name and how many things wait for them."""
    return _hole(f"header {section}".strip()) if g.get(_UNFRAMED) else frame("header", section, count())


def propose_at(address: str) -> None:
    """On this page "Propose a use" leads there, from the head and from the menu of small screens too."""
    setattr(g, _PROPOSE, address)


def messages() -> Markup:
    """What just happened, a sentence for each."""
    if g.get(_UNFRAMED):
        return _hole("messages")
    told = get_flashed_messages(with_categories=True)
    return Markup(render_template("frame/messages.html", messages=told) if told else "")  # noqa: S704 - ours, escaped


def frame(name: str, section: str = "", waiting: int | None = None) -> Markup:
    """A part of the frame, from templates/frame.

    Its template sees what is passed on here and nothing else: what `exists` for these roles, where it is, how many things
    wait, and the consortium's name. What names the reader or belongs to one session is a `hole`.
    """
    made: Remembered[_Pieces] = current_app.extensions[_FRAME]
    actor, config = current_actor(), current_app.config
    seen = {
        "section": section,
        "waiting": waiting,
        "is_signed_in": actor.person_id is not None,
        "is_demo": bool(config.get("IS_DEMO")),
        "could_propose": could_propose(actor),
    }
    roles = frozenset(held.role for held in actor.held)
    key = (name, str(get_locale()), request.script_root, roles, *seen.values())
    pieces = made.get(key, _ALWAYS)
    if pieces is None:
        template = current_app.jinja_env.get_template(f"frame/{name}.html")
        html = template.render(seen, consortium_name=config["CONSORTIUM_NAME"], static_url=static_url, hole=_hole)
        pieces = _HOLE.split(html.strip())
        made.put(key, _ALWAYS, pieces)
    return _filled(pieces)


def unframed(template: str, /, **context: object) -> Unframed:
    """A page that can be kept for others with the same rights: nothing in its blocks may name its reader or carry a token."""
    setattr(g, _UNFRAMED, True)
    try:
        html = render_template(template, **context)
    finally:
        g.pop(_UNFRAMED)
    return Unframed(tuple(piece.encode() for piece in _HOLE.split(html)))


def framed(page: Unframed) -> bytes:
    """The page as the one who asks sees it."""
    pieces = list(page.pieces)
    for place in range(1, len(pieces), 2):
        what, _space, section = pieces[place].decode().partition(" ")
        pieces[place] = (messages() if what == "messages" else header(section, waiting)).encode()
    return b"".join(pieces)


def _hole(name: str) -> Markup:
    return Markup(f"{_EDGE}{name}{_EDGE}")  # noqa: S704 - a name of ours


def _filled(pieces: _Pieces) -> Markup:
    filled, words = list(pieces), {name: escape(_HOLES[name]()) for name in set(pieces[1::2])}
    filled[1::2] = [words[name] for name in pieces[1::2]]
    return Markup("".join(filled))  # noqa: S704 - a template of ours, and what is escaped


def _token() -> str:
    """The token of this session's forms. Signed once: it stays good as long as the session, whenever it was signed."""
    tokens: Remembered[str] = current_app.extensions[_TOKENS]
    known = tokens.get(session.get(_RAW), _ALWAYS)
    if known is None:
        known = generate_csrf()
        tokens.put(session[_RAW], _ALWAYS, known)
    return known


_HOLES: dict[str, Callable[[], str]] = {
    "name": lambda: current_actor().name,
    "initials": lambda: current_actor().initials,
    "token": _token,
    "propose": lambda: str(g.get(_PROPOSE) or url_for("proposals.start")),
}
