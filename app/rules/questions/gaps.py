"""What stands between a draft and sending it: answers that are missing, too long, or cannot be read."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from app.foundation.text import word_count
from app.foundation.words import N_
from app.rules.questions.bank import BANK, EXTRA_WORDS
from app.rules.questions.shapes import Bank, ExtraQuestion, Gap, Part, Shape, StepKey
from app.rules.questions.typed import is_empty, typed_day, typed_year

Answers = Mapping[str, object]

_DATE = N_("Enter a date with day, month and year, like 14 3 2027.")
_EXTRA = N_("Answer this question of the data partner.")


def gaps(
    answers: Answers,
    datasets: Collection[object],
    team: Collection[object],
    today: date,
    extra: Sequence[ExtraQuestion] = (),
    bank: Bank = BANK,
) -> list[Gap]:
    """Everything to mend before sending, in reading order; of each field only the first thing."""
    found = [
        *missing(answers, datasets, team, extra, bank),
        *too_long(answers, extra, bank),
        *unclear(answers, today, bank),
    ]
    order = [part.key for step in bank.steps for part in step.parts()]
    order[order.index("why_not_open") + 1 : order.index("why_not_open") + 1] = [question.key for question in extra]
    first: dict[str, Gap] = {}
    for gap in found:
        first.setdefault(gap.key, gap)
    return sorted(first.values(), key=lambda gap: order.index(gap.key))


def missing(
    answers: Answers,
    datasets: Collection[object],
    team: Collection[object],
    extra: Sequence[ExtraQuestion] = (),
    bank: Bank = BANK,
) -> list[Gap]:
    """The needed answers that are not there."""
    found: list[Gap] = []
    elsewhere: dict[Shape, Collection[object]] = {Shape.DATASETS: datasets, Shape.TEAM: team}
    for step in bank.steps:
        for part in step.parts():
            answer = elsewhere.get(part.shape, answers.get(part.key))
            if is_empty(answer) and is_needed(part, answers):
                found.append(Gap(part.key, step.key, part.missing))
    found += [Gap(q.key, StepKey.SUPPLY, _EXTRA) for q in extra if is_empty(answers.get(q.key))]
    return found


def is_needed(part: Part, answers: Answers) -> bool:
    """Whether a field must be answered, given the other answers."""
    if part.needed_if is None:
        return not part.optional
    other, wanted = part.needed_if
    given = answers.get(other)
    return bool(wanted.intersection(given if isinstance(given, list) else [given]))


def too_long(answers: Answers, extra: Sequence[ExtraQuestion] = (), bank: Bank = BANK) -> list[Gap]:
    """The answers that are longer than their limit."""
    found = [gap for step in bank.steps for part in step.parts() if (gap := _too_long(part, answers, step.key))]
    asked = [Part(question.key, Shape.WORDS, limit=EXTRA_WORDS) for question in extra]
    return found + [gap for part in asked if (gap := _too_long(part, answers, StepKey.SUPPLY))]


def _too_long(part: Part, answers: Answers, step: StepKey) -> Gap | None:
    answer = answers.get(part.key)
    if part.shape is Shape.LINE and isinstance(answer, str) and len(answer) > part.limit:
        sentence = N_("Shorten this answer: it has %(has)d characters, and up to %(limit)d fit.")
        return Gap(part.key, step, sentence, {"has": len(answer), "limit": part.limit})
    if part.shape is Shape.WORDS and isinstance(answer, str) and word_count(answer) > part.limit:
        sentence = N_("Shorten this answer: it has %(has)d words, and up to %(limit)d fit.")
        return Gap(part.key, step, sentence, {"has": word_count(answer), "limit": part.limit})
    if isinstance(answer, list) and part.limit and len(answer) > part.limit:
        sentence = N_("Choose fewer: %(has)d are chosen, and up to %(limit)d fit.")
        return Gap(part.key, step, sentence, {"has": len(answer), "limit": part.limit})
    return None


def unclear(answers: Answers, today: date, bank: Bank = BANK) -> list[Gap]:
    """Answers that are there and cannot be meant: dates that are none, ends before starts."""
    found: list[Gap] = []
    for step in bank.steps:
        for part in step.parts():
            answer = answers.get(part.key)
            if answer and (check := _READABLE.get(part.shape)) and (sentence := check(answer)):
                found.append(Gap(part.key, step.key, sentence))
    found += [Gap(key, bank.step_of(key), sentence) for key, sentence in _order_of_dates(answers, today)]
    return found


def _date_is_one(answer: object) -> str:
    return "" if typed_day(answer) else _DATE


def _year_is_one(answer: object) -> str:
    return "" if typed_year(answer) else N_("Enter a year with four digits, like 2024.")


def _indicators_are_whole(answer: object) -> str:
    for row in answer if isinstance(answer, list) else []:
        if not row.get("name"):
            return N_("Say what each indicator counts, or clear its row.")
        if not row.get("target"):
            return N_("Give each indicator a target, like “below 40”.")
        if not row.get("by"):
            return N_("Say by when each indicator reaches its target, like 31 12 2028.")
        if not typed_day(row.get("by")):
            return _DATE
        if any(len(str(text)) > LONGEST_CELL for text in row.values()):
            return N_("Shorten the indicators: up to 120 characters fit into each box.")
    return ""


LONGEST_CELL = 120

_READABLE: dict[Shape, Callable[[object], str]] = {
    Shape.DATE: _date_is_one,
    Shape.YEAR: _year_is_one,
    Shape.INDICATORS: _indicators_are_whole,
}


def _order_of_dates(answers: Answers, today: date) -> Iterable[tuple[str, str]]:
    first, last = typed_year(answers.get("period_from")), typed_year(answers.get("period_to"))
    if first and last and last < first:
        yield "period_to", N_("Enter a last year that is not before the first.")
    decided = typed_day(answers.get("decision_by"))
    if decided and decided <= today:
        yield "decision_by", N_("This day has passed. Enter the day the decision is needed, after today.")
    start, end = typed_day(answers.get("starts_on")), typed_day(answers.get("ends_on"))
    if start and end and end <= start:
        yield "ends_on", N_("Enter an end that is after the start.")
    elif end and end <= today:
        yield "ends_on", N_("This day has passed. Enter an end that is after today.")
    report = typed_day(answers.get("first_report_on"))
    if report and start and report <= start:
        yield "first_report_on", N_("Enter a day for the first report that is after the start.")
