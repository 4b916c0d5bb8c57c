"""What every request gets: an id, strict headers, and limits on what it may bring."""

import secrets
from collections.abc import Callable
from functools import cache, partial
from urllib.parse import urlsplit

from flask import Flask, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.wrappers import Response

from app.history.commands import current_request_id
from app.web.actor import current_actor

MEGABYTE = 1024 * 1024
LARGEST_REQUEST = 25 * MEGABYTE

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class Key(IntegerConverter):
    """`<int:…>` of an address: no longer than a key of the database can be, so that a longer number is no address at all."""

    regex = r"\d{1,18}"


class Address(Rule):
    """A rule of the addresses. What writes an address is put together when the first is asked for, and not for all at the start.

    It takes a tenth of a start: the library makes two functions for each rule by compiling them.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made = cache(partial(super()._compile_builder, append_unknown))

        def write(rule: Rule, **values: object) -> tuple[str, str]:
            return made()(rule, **values)

        return write


def init_requests(app: Flask) -> None:
    """Hook ids, headers and limits into the app, before it has addresses."""
    app.url_rule_class, app.url_map.converters["int"] = Address, Key
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = 2 * MEGABYTE
    app.config["MAX_FORM_PARTS"] = 1000
    proxies = int(str(app.config.get("TRUSTED_PROXIES", 0)))
    if proxies:  # else everybody would seem to come from the proxy, and share one limit
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    app.before_request(_number)
    app.after_request(_harden)


def _number() -> None:
    g.request_id = secrets.token_hex(8)
    current_request_id.set(g.request_id)


def _harden(response: Response) -> Response:
    said = {name for name, _value in response.headers}
    response.headers.extend((name, value) for name, value in HEADERS.items() if name not in said)
    if current_actor().person_id is not None and request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def page_of_the_form() -> str:
    """The page of ours from which the form of this request was sent; empty where none was, or a page elsewhere sent it."""
    came_from = urlsplit(request.referrer or "")
    if request.method != "POST" or came_from.netloc != request.host:
        return ""
    path = "/" + came_from.path.lstrip("/")  # two of them would be the address of another site
    return f"{path}?{came_from.query}" if came_from.query else path
