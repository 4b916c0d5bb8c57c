"""Dates, countries and other words as pages show them."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from babel import Locale
from flask import Flask
from flask_babel import get_locale, gettext

from app.web.answers import told
from app.web.clocks import number_words, standing_words, track_words
from app.web.sentences import init_sentences

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | datetime | None) -> str:
    """A day as `Thu 3 Dec 2026`."""
    if value is None:
        return ""
    moment = value.astimezone(UTC) if isinstance(value, datetime) else value
    return f"{gettext(_DAYS[moment.weekday()])} {moment.day} {gettext(_MONTHS[moment.month - 1])} {moment.year}"


def short_day(value: date | datetime | None) -> str:
    """A day without its year, as `Thu 3 Dec`, where the year is plain from the place."""
    return day(value).rsplit(" ", 1)[0]


def moment(value: datetime | None) -> str:
    """A moment with its zone, as `Thu 3 Dec 2026, 14:02 UTC`."""
    return "" if value is None else f"{day(value)}, {value.astimezone(UTC):%H:%M} UTC"


def deadline(value: date | datetime | None) -> str:
    """By when to act: a day as `Thu 3 Dec 2026`; a moment as `14:00 on Thu 3 Dec 2026 (Dhaka time)`, in its own time zone."""
    return _clocked(value) if isinstance(value, datetime) else day(value)


def short_deadline(value: date | datetime | None) -> str:
    """The same as `Thu 3 Dec`, or `14:00 on Thu 3 Dec (Dhaka time)`."""
    return _clocked(value, short=True) if isinstance(value, datetime) else short_day(value)


def _clocked(value: datetime, *, short: bool = False) -> str:
    """The day is the one there, so the zone is left out before it is written."""
    zone = getattr(value.tzinfo, "key", "UTC")
    has_city = "/" in zone and not zone.startswith("Etc/")
    there = value if has_city else value.astimezone(UTC)
    on = short_day(there.date()) if short else day(there.date())
    if not has_city:
        return gettext("%(time)s UTC on %(day)s", time=f"{there:%H:%M}", day=on)
    city = zone.rpartition("/")[2].replace("_", " ")
    return gettext("%(time)s on %(day)s (%(city)s time)", time=f"{there:%H:%M}", day=on, city=city)


def country_name(code: str) -> str:
    """The country's name in the reader's language; the code itself where there is none."""
    return country_namer()(code)


def country_namer() -> Callable[[str], str]:
    """`country_name` for many codes: the reader's language is asked for once."""
    territories = (get_locale() or Locale("en")).territories

    def named(code: str) -> str:
        name = str(territories.get(code.upper(), code))
        return name[:1].upper() + name[1:]  # the whole world is written small

    return named


def country_choices() -> list[tuple[str, str]]:
    """Every country as (ISO 3166-1 alpha-2, name), sorted by name, from Babel's locale data."""
    territories = (get_locale() or Locale("en")).territories
    pairs = [
        (code, name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    ]
    return sorted(pairs, key=lambda pair: pair[1])


_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


def file_size(count: int) -> str:
    """A size in bytes as people write it."""
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def init_words(app: Flask) -> None:
    """Register the sentences and the filters."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "en")
    init_sentences(app)
    app.jinja_env.filters.update(
        day=day,
        short_day=short_day,
        moment=moment,
        deadline=deadline,
        short_deadline=short_deadline,
        country_name=country_name,
        told=told,
        file_size=file_size,
    )
    clocks = {"track_words": track_words, "standing_words": standing_words, "number_words": number_words}
    app.jinja_env.filters.update(clocks)
