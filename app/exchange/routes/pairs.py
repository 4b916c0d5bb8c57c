"""Pairs of a form with as many rows as a catalog has columns or publishers."""

from flask import request

from app.rules.publishers import Answer


def pairs(name: str, value: str) -> dict[str, str]:
    """By the name that stands in each row, what was chosen in it."""
    names, values = request.form.getlist(name), request.form
    return {
        one: values.get(f"{value}-{number}", "") for number, one in enumerate(names) if f"{value}-{number}" in values
    }


def said_of_publishers() -> dict[str, Answer]:
    """What was said of each publisher."""
    return {name: Answer(value) for name, value in pairs("publisher", "answer").items() if value in set(Answer)}
