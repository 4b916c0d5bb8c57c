"""Every address, its methods and who may open it, compared with routes.txt: a change of rights shows as a line."""

from pathlib import Path

from flask import Flask

from app.web.guards import policy_of
from app.web.once import is_once
from tests.support.run import ARTIFACTS

LIST = Path(__file__).parent / "routes.txt"
# Sent twice, these must not happen twice: each carries an idempotency key.
DECISIVE = {
    "agreements.countersign",
    "agreements.end",
    "agreements.record_paper",
    "agreements.refuse",
    "agreements.set_signature",
    "catalog.give_back",
    "catalog.publish",
    "changes.do",
    "changes.do_ask",
    "changes.do_close",
    "changes.do_hand_over",
    "changes.do_renew",
    "changes.do_subgrant",
    "delivery.provide",
    "duties.certify",
    "duties.decide",
    "grants.do",
    "incidents.do",
    "incidents.suspend",
    "outputs.ask_changes",
    "outputs.clear",
    "grants.issue",
    "proposals.check_intake",
    "proposals.decide",
    "proposals.send",
    "proposals.undo",
    "proposals.withdraw",
}
WRITTEN_ALWAYS = {"HEAD", "OPTIONS"}


def test_the_addresses_and_who_may_open_them_are_those_on_the_list(built_app: Flask) -> None:
    found = "".join(f"{line}\n" for line in _lines(built_app))
    if found != LIST.read_text(encoding="utf-8"):
        ARTIFACTS.mkdir(exist_ok=True)
        (ARTIFACTS / "routes.txt").write_text(found, encoding="utf-8")
    assert found == LIST.read_text(encoding="utf-8"), (
        "Read the difference; where it is meant: cp tests/.artifacts/routes.txt tests/architecture/routes.txt"
    )


def test_no_two_views_answer_the_same_address(built_app: Flask) -> None:
    answers = [(method, rule.rule) for rule in built_app.url_map.iter_rules() for method in _methods(rule.methods)]
    assert len(answers) == len(set(answers))


def test_what_decides_signs_issues_or_revokes_takes_effect_once(built_app: Flask) -> None:
    assert built_app.view_functions.keys() >= DECISIVE
    assert not {endpoint for endpoint in DECISIVE if not is_once(built_app.view_functions[endpoint])}


def _lines(app: Flask) -> list[str]:
    rows = [
        (rule.rule, method, _policy(app, rule.endpoint, method))
        for rule in app.url_map.iter_rules()
        for method in _methods(rule.methods)
    ]
    return [f"{method:<6} {address}  ·  {policy}" for address, method, policy in sorted(rows)]


def _policy(app: Flask, endpoint: str, method: str) -> str:
    policy = policy_of(app, endpoint) or "NOBODY THOUGHT OF IT"
    return f"{policy}  ·  once" if method == "POST" and is_once(app.view_functions[endpoint]) else policy


def _methods(methods: set[str] | None) -> list[str]:
    return sorted((methods or set()) - WRITTEN_ALWAYS)
