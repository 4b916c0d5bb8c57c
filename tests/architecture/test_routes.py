"""Every address, its methods and who may open it, compared with routes.txt: a change of rights shows as a line."""

from pathlib import Path

from flask import Flask

from app.web.guards import policy_of
from tests.support.run import ARTIFACTS

LIST = Path(__file__).parent / "routes.txt"
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


def _lines(app: Flask) -> list[str]:
    rows = [
        (rule.rule, method, policy_of(app, rule.endpoint) or "NOBODY THOUGHT OF IT")
        for rule in app.url_map.iter_rules()
        for method in _methods(rule.methods)
    ]
    return [f"{method:<6} {address}  ·  {policy}" for address, method, policy in sorted(rows)]


def _methods(methods: set[str] | None) -> list[str]:
    return sorted((methods or set()) - WRITTEN_ALWAYS)
