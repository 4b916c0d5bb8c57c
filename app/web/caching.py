"""What is kept of a public page: by a reader who is not signed in, a mark of its content; by us, the finished page.

Pages of people who are signed in are kept by nobody (`app.web.requests`), and a cache between keeps one page for each cookie.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, current_app, request
from flask_babel import get_locale
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.history.remembering import Remembered, Version, version_now
from app.rules.actors import Actor
from app.web.actor import current_actor
from app.web.database import SAFE_METHODS, db

P = ParamSpec("P")
T = TypeVar("T")
KEPT = "onepact_kept"
_VERSION = "onepact.version"


def revalidated(response: Response) -> Response:
    """The answer with its mark; for a reader who has it already, 304 without a body.

    The mark is made of the finished page, so that nothing on it can be old.
    """
    if current_actor().person_id is not None:
        return response
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept-Encoding", "Cookie"))
    response.add_etag(weak=True)
    return response.make_conditional(request)


@dataclass(frozen=True)
class _Page:
    body: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kept:
    """What one application keeps: finished public pages, parts of pages, and how many things wait for a person."""

    pages: Remembered[_Page] = field(default_factory=lambda: Remembered(64))
    parts: Remembered[object] = field(default_factory=lambda: Remembered(128))
    counts: Remembered[int] = field(default_factory=lambda: Remembered(4096))

    def clear(self) -> None:
        """Forget everything."""
        self.pages.clear()
        self.parts.clear()
        self.counts.clear()


def init_caching(app: Flask) -> None:
    """Give the application what it keeps."""
    app.extensions[KEPT] = Kept()


def kept(view: Callable[P, Response]) -> Callable[P, Response]:
    """Make the page of a public view once for all readers without a cookie, until anything at all happens."""

    @wraps(view)
    def answer(*arguments: P.args, **named: P.kwargs) -> Response:
        if request.cookies or current_actor().person_id is not None:
            return view(*arguments, **named)
        pages, version = _kept().pages, _version(now().date())
        key = (*_place(), request.headers.get("Accept"))
        page = pages.get(key, version)
        if page is None:
            response = view(*arguments, **named)
            if _may_be_kept(response):
                pages.put(key, version, _Page(response.get_data(), tuple(response.headers)))
            return response
        return Response(page.body, 200, list(page.headers)).make_conditional(request)

    return answer


def shared(make: Callable[[], T], may_be_kept: Callable[[T], bool]) -> T:
    """A part of the page at this address, made once for everybody with the same rights, until anything happens.

    It must depend on nothing else of its reader: no name, no token, no message.
    """
    actor, parts, version = current_actor(), _kept().parts, _version(now().date())
    key = (*_place(), actor.person_id is None, actor.held, actor.extra)
    part = cast("T | None", parts.get(key, version))
    if part is None:
        part = make()
        if may_be_kept(part):
            parts.put(key, version, part)
    return part


def _place() -> tuple[str, str, str]:
    """Where the page is asked for: its links begin with the root under which the application is reached."""
    return request.script_root, request.full_path, str(get_locale())


def _may_be_kept(response: Response) -> bool:
    said = response.headers
    is_whole = response.status_code == 200 and not response.is_streamed
    return is_whole and "Set-Cookie" not in said and "no-store" not in said.get("Cache-Control", "")


def counted(count: Callable[[Session, Actor], int]) -> Callable[[Actor], int]:
    """Count what waits for a person once, until anything happens or a minute is over."""

    def answer(actor: Actor) -> int:
        counts, version = _kept().counts, _version(now().replace(second=0, microsecond=0))
        key = (actor.person_id, actor.held, actor.extra)
        number = counts.get(key, version)
        if number is None:
            number = count(db.session, actor)
            counts.put(key, version, number)
        return number

    return answer


def _version(period: Hashable) -> Version:
    """The version of this moment; in a request that only reads, the one with which it began."""
    if request.method not in SAFE_METHODS:
        return version_now(db.session, period)
    begun = request.environ.get(_VERSION)
    if begun is None:
        begun = request.environ[_VERSION] = version_now(db.session, None)
    return Version(begun.root, period)


def _kept() -> Kept:
    kept: Kept = current_app.extensions[KEPT]
    return kept
