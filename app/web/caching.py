"""What a reader who is not signed in may keep of a public page: a mark of its content, asked for again each time.

The mark is made of the finished page, so that nothing on it can be old. Pages of people who are signed in are kept by nobody
(`app.web.requests`), and a cache between keeps one page for each cookie.
"""

from flask import request
from werkzeug.wrappers import Response

from app.web.actor import current_actor


def revalidated(response: Response) -> Response:
    """The answer with its mark; for a reader who has it already, 304 without a body."""
    if current_actor().person_id is not None:
        return response
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept-Encoding", "Cookie"))
    response.add_etag(weak=True)
    return response.make_conditional(request)
