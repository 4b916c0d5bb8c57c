"""What holds at every address, whoever wrote the view behind it: tokens, headers, refusals."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.support.application import UNSAFE, Client

# Asked by programs, without a session: there is nothing that a forged form could borrow.
# A mail program turns mail off by the signed mark in the address (RFC 8058).
# A program's own token is the only way in to the addresses for programs, and no browser sends it by itself.
BY_BEARER = {("POST", "/api/v1/catalog/imports"), ("POST", "/api/v1/catalog/imports/999/send")}
WITHOUT_TOKEN = {("POST", "/verify"), ("POST", "/mail/off/nothing"), *BY_BEARER}


def _addresses(app: Flask, methods: frozenset[str]) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & methods):
            yield method, _example(rule)


def _example(rule: Rule) -> str:
    """The rule's address with something in place of each variable part; nothing real is behind it."""
    return re.sub(r"<(?:(\w+)(?:\(([^)]*)\))?:)?\w+>", _filled, rule.rule)


def _filled(part: re.Match[str]) -> str:
    kind, options = part.group(1), part.group(2)
    return {"int": "999", "any": str(options).split(",")[0].strip(" '")}.get(kind, "nothing")


def test_a_form_without_its_token_is_refused_everywhere(app: Flask, client: Client) -> None:
    client.sends_token = False
    unsafe = [address for address in _addresses(app, UNSAFE) if address not in WITHOUT_TOKEN]
    answers = {f"{method} {path}": client.open(path, method=method).status_code for method, path in unsafe}
    assert answers
    assert not {address: status for address, status in answers.items() if status != 400}


def test_every_answer_carries_the_strict_headers(app: Flask, client: Client) -> None:
    for method, path in _addresses(app, frozenset({"GET"})):
        response = client.open(path, method=method)
        policy = response.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert response.headers.get("X-Content-Type-Options") == "nosniff", path
        assert response.headers.get("Referrer-Policy"), path


def test_no_address_breaks_when_nothing_is_behind_it(app: Flask, client: Client) -> None:
    answers = {path: client.get(path).status_code for _, path in _addresses(app, frozenset({"GET"}))}
    assert not {path: status for path, status in answers.items() if status >= 500 and path != "/healthz"}


@pytest.mark.parametrize("path", ["/nothing/here", "/datasets/%00", "/%E2%80%AE", "/" + "x" * 3000])
def test_an_address_that_leads_nowhere_is_answered_in_words(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "<h1" in response.get_data(as_text=True)


def test_a_method_that_an_address_does_not_know_is_refused(client: Client) -> None:
    assert client.delete("/healthz").status_code in {400, 405}


def test_the_cookie_of_a_session_cannot_be_read_by_scripts_or_sent_from_elsewhere(client: Client) -> None:
    client.csrf_token()
    cookie = next(iter(client.get("/").headers.getlist("Set-Cookie")), None) or _session_cookie(client)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def _session_cookie(client: Client) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return f"{'HttpOnly' if cookie.http_only else ''} SameSite={cookie.same_site}"
