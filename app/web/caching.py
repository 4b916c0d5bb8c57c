"""What is kept of a public page: by a reader who is not signed in, a mark of its content; by us, the finished page.

Pages of people who are signed in are kept by nobody (`app.web.requests`), and a cache between keeps one page for each cookie.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from threading import Lock
from typing import ParamSpec

from flask import current_app, request
from flask_babel import get_locale
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.history.queries import root_of_all
from app.web.actor import current_actor
from app.web.database import db

P = ParamSpec("P")
MOST_KEPT = 64  # pages in each process
KEPT_PAGES = "onepact_kept_pages"


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
class _Version:
    """What a public page depends on: everything that happened, and the day from which it counts."""

    root: str  # of the history
    day: date


@dataclass(frozen=True)
class _Page:
    version: _Version
    body: bytes
    headers: tuple[tuple[str, str], ...]


class _Store:
    """The pages asked for last. Several threads of a process share it."""

    def __init__(self) -> None:
        self._pages: OrderedDict[object, _Page] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object, version: _Version) -> _Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.version != version:
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: object, page: _Page) -> None:
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > MOST_KEPT:
                self._pages.popitem(last=False)


def kept(view: Callable[P, Response]) -> Callable[P, Response]:
    """Make the page of a public view once for all readers without a cookie, until anything at all happens in the consortium.

    Each change appends to the history in its own transaction, so that the root of its tree says whether a page can be old.
    """

    @wraps(view)
    def answer(*arguments: P.args, **named: P.kwargs) -> Response:
        if request.cookies or current_actor().person_id is not None:
            return view(*arguments, **named)
        store: _Store = current_app.extensions.setdefault(KEPT_PAGES, _Store())
        version = _Version(root_of_all(db.session), now().date())
        key = (request.full_path, request.headers.get("Accept"), str(get_locale()))
        page = store.get(key, version)
        if page is None:
            response = view(*arguments, **named)
            if response.status_code == 200 and not response.is_streamed and "Set-Cookie" not in response.headers:
                store.put(key, _Page(version, response.get_data(), tuple(response.headers)))
            return response
        return Response(page.body, 200, list(page.headers)).make_conditional(request)

    return answer
