"""How much time is left, or over, and how long something may take, in words: working days, or hours of the clock."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.rules.calendar import Length, Progress
from app.rules.terms.values import Unit


def standing_words(clock: Progress | None) -> str:
    """How many working days or hours are left, or how many too many have passed: `3 working days left`, `2 hours over`."""
    if clock is None:
        return ""
    is_by_hour, left = clock.unit is Unit.HOUR, max(clock.left, 0)
    if clock.over and is_by_hour:
        return str(ngettext("%(num)s hour over", "%(num)s hours over", clock.over))
    if clock.over:
        return str(ngettext("%(num)s working day over", "%(num)s working days over", clock.over))
    if is_by_hour:
        return str(ngettext("%(num)s hour left", "%(num)s hours left", left))
    return str(ngettext("%(num)s working day left", "%(num)s working days left", left))


def number_words(clock: Progress) -> str:
    """The same without its number, which stands large beside it."""
    is_by_hour = clock.unit is Unit.HOUR
    if clock.over and is_by_hour:
        return str(ngettext("hour over", "hours over", clock.over))
    if clock.over:
        return str(ngettext("working day over", "working days over", clock.over))
    if is_by_hour:
        return str(ngettext("hour left", "hours left", clock.left))
    if clock.left < 1:
        return str(_("days left: due today"))
    return str(ngettext("working day left", "working days left", clock.left))


def track_words(clock: Progress | None) -> str:
    """The line under a track: `Day 3 of 10`, `Hour 3 of 12`, or how much it is over."""
    if clock is None:
        return ""
    if clock.over:
        return standing_words(clock)
    if clock.unit is Unit.HOUR:
        return str(_("Hour %(hour)s of %(total)s", hour=clock.number, total=clock.total))
    return str(_("Day %(day)s of %(total)s", day=clock.number, total=clock.total))


def length_words(length: Length) -> str:
    """How long something may take: `12 hours`, `10 working days`."""
    if length.unit is Unit.HOUR:
        return str(ngettext("%(num)s hour", "%(num)s hours", length.amount))
    return str(ngettext("%(num)s working day", "%(num)s working days", length.amount))


def within_words(length: Length) -> str:
    """The same behind "within"."""
    if length.unit is Unit.HOUR:
        return str(ngettext("within one hour", "within %(num)s hours", length.amount))
    return str(ngettext("within one working day", "within %(num)s working days", length.amount))
