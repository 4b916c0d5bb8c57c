"""What a new proposal starts with: answers that the organization, the listings or the calendar already give."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.catalog.models import Dataset
from app.organizations.models import Organization
from app.rules.calendar import FIRST_REPORT_DAYS
from app.rules.questions import BANK, Answer, Part, Shape, Source, cleaned
from app.rules.vocabulary import Theme

# A listing that covers more countries than this says nothing about where the use will be.
MOST_COUNTRIES = 8
LEAD_TIME = timedelta(days=45)


def prefilled_answers(
    organization: Organization, datasets: Sequence[Dataset], now: datetime
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Answers and, for each, where it came from (a value of `Source`). Listings win over the profile.

    `datasets` come with their countries and themes.
    """
    by_source = (
        (Source.CALENDAR, _from_calendar(now)),
        (Source.PROFILE, _from_profile(organization)),
        (Source.DATASET, _from_listings(datasets)),
    )
    answers: dict[str, Answer] = {}
    sources: dict[str, str] = {}
    for source, found in by_source:
        for key, answer in found.items():
            if answer:
                answers[key], sources[key] = answer, source.value
    return answers, sources


def profile_parts() -> list[Part]:
    """The fields that an organization can answer once for all of its proposals."""
    questions = [question for question in BANK.questions if Source.PROFILE in question.sources]
    return [part for question in questions for part in question.parts if part.shape is not Shape.TEAM]


def _from_profile(organization: Organization) -> dict[str, Answer]:
    """What the organization answered once; data is kept in its own country unless it says otherwise."""
    given = {"storage_country": organization.country, **organization.defaults}
    return {part.key: cleaned(part, given[part.key]).answer for part in profile_parts() if part.key in given}


def _from_listings(datasets: Sequence[Dataset]) -> dict[str, Answer]:
    if not datasets:
        return {}
    found: dict[str, Answer] = {}
    countries = {row.country for dataset in datasets for row in dataset.countries}
    if len(countries) <= MOST_COUNTRIES:
        found["countries"] = sorted(countries)
    themes = [row.theme for dataset in datasets for row in dataset.themes]
    found["theme"] = next((theme for theme in themes if theme in set(Theme)), "")
    modes = {dataset.access_mode for dataset in datasets}
    mode = modes.pop() if len(modes) == 1 else None
    found["access_mode"] = mode.value if mode else ""
    found |= _years(datasets)
    return {key: _known(key, answer) for key, answer in found.items()}


def _years(datasets: Sequence[Dataset]) -> dict[str, Answer]:
    """The years that all of the listings cover, so that nothing is asked for that one of them does not have."""
    starts = [dataset.coverage_start.year for dataset in datasets if dataset.coverage_start]
    ends = [dataset.coverage_end.year for dataset in datasets if dataset.coverage_end]
    first, last = max(starts, default=None), min(ends, default=None)
    if first and last and last < first:
        return {}
    return {"period_from": str(first or ""), "period_to": str(last or "")}


def _from_calendar(now: datetime) -> dict[str, Answer]:
    start = _next_first(now.date() + LEAD_TIME)
    end = start.replace(year=start.year + 1) - timedelta(days=1)
    report = start + timedelta(days=FIRST_REPORT_DAYS)
    return {"starts_on": start.isoformat(), "ends_on": end.isoformat(), "first_report_on": report.isoformat()}


def _next_first(day: date) -> date:
    """The first of the month that begins on or after a day."""
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _known(key: str, answer: Answer) -> Answer:
    part = BANK.part(key)
    return cleaned(part, answer).answer if part else answer
