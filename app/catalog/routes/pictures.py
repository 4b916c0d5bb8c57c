"""The columns of a dictionary as a page shows them: with how full each is, and the shape of its values as a small picture."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.catalog.answers import Column
from app.catalog.commands.dictionary import columns_of
from app.catalog.models import Dataset
from app.catalog.profiles import AMBIGUOUS, ColumnProfile, Kind, Profile
from app.catalog.profiles.shapes import Bar, profile_of

WIDTH, HEIGHT, GAP = 120, 28, 2
# A bar of few rows is still seen.
_LEAST = 2
_NAMED = 4


@dataclass(frozen=True)
class Rect:
    """One bar of the picture, in its pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class ShownColumn:
    """One row of the dictionary table."""

    column: Column
    kind: str
    range: str
    filled: str
    bars: tuple[Rect, ...]
    words: str
    note: str = ""


def shown_columns(dataset: Dataset) -> list[ShownColumn]:
    """The dictionary with the profile beside it; where there is no dictionary yet, the columns of the sample."""
    profile = profile_of(dataset.profile)
    columns = columns_of(dataset) or [Column(one.name) for one in (profile.columns if profile else ())]
    return [_shown(column, profile) for column in columns]


def _shown(column: Column, profile: Profile | None) -> ShownColumn:
    found = profile.of(column.name) if profile else None
    if found is None:
        return ShownColumn(column, column.type, "", "", (), "")
    filled = _("%(share)s %%", share=found.filled)
    return ShownColumn(
        column, column.type or kind_words(found), range_words(found), filled, bars(found), shape_words(found),
        thousands_words(found),
    )  # fmt: skip


def kind_words(column: ColumnProfile) -> str:
    """What a column holds."""
    if column.kind is Kind.VALUES:
        return ngettext("one value", "%(num)s values", column.distinct)
    words = {
        Kind.WHOLE: _("whole number"),
        Kind.NUMBER: _("number"),
        Kind.DAY: _("date"),
        Kind.MOMENT: _("date and time"),
        Kind.TEXT: _("text"),
        Kind.EMPTY: _("empty"),
    }
    return words[column.kind]


def range_words(column: ColumnProfile) -> str:
    """From where to where; nothing where too few rows say it."""
    if not column.low:
        return ""
    if column.kind is Kind.TEXT:
        is_one = column.low == column.high
        return (
            ngettext("one character", "%(num)s characters", int(column.low))
            if is_one
            else _("%(low)s to %(high)s characters", low=column.low, high=column.high)
        )
    if column.low == column.high:
        return column.low
    return _("%(low)s to %(high)s", low=column.low, high=column.high)


def thousands_words(column: ColumnProfile) -> str:
    """How its numbers were read where their thousands are set apart, or may be."""
    if column.thousands == AMBIGUOUS:
        return _("Read as text: a comma may set thousands apart or begin the decimals.")
    if not column.thousands or column.kind not in (Kind.WHOLE, Kind.NUMBER):
        return ""
    return _("Thousands are set apart, as in %(number)s.", number=f"1{column.thousands}234")


def shape_words(column: ColumnProfile) -> str:
    """What the picture shows, for those who do not see it."""
    seen = sorted((bar for bar in column.bars if bar.share), key=lambda bar: -bar.share)
    if column.kind is Kind.VALUES:
        said = [_("%(value)s %(share)s %%", value=bar.label, share=bar.share) for bar in seen[:_NAMED]]
        rest = sum(bar.share for bar in seen[_NAMED:]) + column.others
        return ", ".join([*said, *([_("others %(share)s %%", share=rest)] if rest else [])])
    if seen:
        most = _between(seen[0])
        return _(
            "%(range)s; most often %(most)s (%(share)s %%)", range=range_words(column), most=most, share=seen[0].share
        )
    if column.kind is Kind.TEXT:
        return _("All different") if column.all_differ else ngettext("One text", "%(num)s texts", column.distinct)
    return _("No value in it") if column.kind is Kind.EMPTY else _("Too few rows for a picture")


def bars(column: ColumnProfile) -> tuple[Rect, ...]:
    """The picture: its highest bar fills the height. A bar that stands for too few rows is left out."""
    most = max((bar.share for bar in column.bars), default=0)
    if not most:
        return ()
    width = (WIDTH - GAP * (len(column.bars) - 1)) / len(column.bars)
    return tuple(
        Rect(round(place * (width + GAP), 1), round(HEIGHT - height, 1), round(width, 1), round(height, 1))
        for place, bar in enumerate(column.bars)
        if bar.share and (height := max(bar.share * HEIGHT / most, _LEAST))
    )


def _between(bar: Bar) -> str:
    return (
        bar.label
        if bar.label == bar.until or not bar.until
        else _("%(low)s to %(high)s", low=bar.label, high=bar.until)
    )
