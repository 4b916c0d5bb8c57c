"""What answers mean to those who read them: the 30-second brief, the terms that are asked for, what deserves a look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.foundation.words import N_
from app.rules.questions.bank import BANK
from app.rules.questions.choices import NEEDS_AN_ANNEX, PURPOSE_OF_THEME
from app.rules.questions.shapes import Answer, Bank, Part, Shape
from app.rules.questions.typed import typed_day, typed_year
from app.rules.vocabulary import ACCESS_MODES, AccessMode, Theme

_ANY_PURPOSE = "dev"


@dataclass(frozen=True)
class Brief:
    """What a reviewer knows after 30 seconds, as far as the answers say it. Words of rules tables are untranslated."""

    title: str
    question: str
    benefit: str
    access_mode: str
    starts_on: date | None
    ends_on: date | None
    months: int | None
    countries: tuple[str, ...]
    kept_in: str
    kept_where: str
    flags: tuple[str, ...]


def brief(answers: Mapping[str, object]) -> Brief:
    """The facts that a reviewer reads first. Who asks, and for which datasets, stands outside the answers."""
    start, end = typed_day(answers.get("starts_on")), typed_day(answers.get("ends_on"))
    mode = text(answers, "access_mode")
    return Brief(
        title=text(answers, "title"),
        question=text(answers, "question") or text(answers, "problem"),
        benefit=text(answers, "benefit"),
        access_mode=ACCESS_MODES[AccessMode(mode)] if mode in ACCESS_MODES else "",
        starts_on=start,
        ends_on=end,
        months=months_between(start, end) if start and end else None,
        countries=tuple(codes(answers, "countries")),
        kept_in=text(answers, "storage_country"),
        kept_where=text(answers, "storage_place"),
        flags=tuple(flags(answers)),
    )


def flags(answers: Mapping[str, object]) -> list[str]:
    """Sentences on what deserves a closer look; none of them decides anything."""
    found = []
    if text(answers, "personal_data") in NEEDS_AN_ANNEX:
        found.append(N_("Asks for data about single people"))
    if text(answers, "ai_use") == "train_delete":
        found.append(N_("Would train a model on the data"))
    if "private_sector" in codes(answers, "beneficiary_types"):
        found.append(N_("Companies would benefit"))
    start, end = typed_day(answers.get("starts_on")), typed_day(answers.get("ends_on"))
    if start and end and months_between(start, end) > USUAL_MONTHS:
        found.append(N_("Longer than the usual 12 months"))
    return found


USUAL_MONTHS = 12


def asked(answers: Mapping[str, object]) -> dict[str, object]:
    """The terms that the proposal asks for: parameter of the agreement to code, codes or date. A grant never gives more."""
    terms: dict[str, object] = {}
    for step in BANK.steps:
        for part in step.parts():
            value = _asked(part, answers) if part.term else None
            if part.term and value:
                terms[part.term] = value
    terms["permitted_purposes"] = purposes(answers)
    return terms


def _asked(part: Part, answers: Mapping[str, object]) -> object:
    answer = answers.get(part.key)
    if part.shape is Shape.YEAR:
        year = typed_year(answer)
        return (f"{year}-01-01" if part.key == "period_from" else f"{year}-12-31") if year else None
    if part.shape is Shape.DATE:
        day = typed_day(answer)
        return day.isoformat() if day else None
    if part.shape is Shape.COUNTRY and answer:
        return [answer]
    return answer


def purposes(answers: Mapping[str, object]) -> list[str]:
    """The purpose codes: those chosen, or the one that the theme stands for."""
    theme = text(answers, "theme")
    of_theme = PURPOSE_OF_THEME.get(Theme(theme), _ANY_PURPOSE) if theme in set(Theme) else _ANY_PURPOSE
    return codes(answers, "purposes") or [of_theme]


def chosen_words(part: Part, answer: object) -> list[str]:
    """The words of chosen codes, untranslated, in the order of the list."""
    given = {answer} if isinstance(answer, str) else set(answer if isinstance(answer, list) else [])
    return [words for code, words in part.choices.items() if code in given]


def stored_answers(values: Mapping[str, object], bank: Bank = BANK) -> dict[str, Answer]:
    """The answers of this bank that are given, in its order; what it does not know is left out."""
    keys = [part.key for step in bank.steps for part in step.parts()]
    kept: dict[str, Answer] = {}
    for key in keys:
        value = values.get(key)
        if value and isinstance(value, str | list):
            kept[key] = value
    return kept


def months_between(start: date, end: date) -> int:
    """Whole months from the first to the last day, both counted; 1 Mar 2027 to 28 Feb 2028 are 12."""
    after = date.fromordinal(end.toordinal() + 1)
    whole = (after.year - start.year) * 12 + after.month - start.month
    return whole + (after.day > start.day)


def text(answers: Mapping[str, object], key: str) -> str:
    """An answer that is text; empty where it is not there."""
    value = answers.get(key)
    return value if isinstance(value, str) else ""


def codes(answers: Mapping[str, object], key: str) -> list[str]:
    """An answer that is a list of codes; empty where it is not there."""
    value = answers.get(key)
    return [code for code in value if isinstance(code, str)] if isinstance(value, list) else []
