"""What the shared kinds of columns keep: the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.foundation.base import UTCDateTime

HELD = Table(
    "held_for_a_test",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("value", JSON),
    Column("at", UTCDateTime()),
    prefixes=["TEMPORARY"],
)
NOON = datetime(2026, 11, 20, 12, 0, 0, 5, tzinfo=UTC)


def _kept(session: Session, **values: object) -> object:
    HELD.create(session.connection(), checkfirst=True)
    session.execute(HELD.delete())
    session.execute(insert(HELD), [values, values])
    (name,) = values
    first, second = session.scalars(select(HELD.c[name]).order_by(HELD.c.id))
    assert first == second
    return first


@pytest.mark.parametrize("value", [[], {}, "", 0, False, [[]], {"a": []}, {"ü": "“…” \u2028"}, ["a", None, 1.5]])
def test_a_value_comes_back_as_it_was_empty_or_not(session: Session, value: object) -> None:
    kept = _kept(session, value=value)
    assert (type(kept), kept) == (type(value), value)


def test_a_moment_comes_back_in_utc_whatever_its_zone(session: Session) -> None:
    for hours in (0, 5, -3):
        kept = _kept(session, at=NOON.astimezone(timezone(timedelta(hours=hours))))
        assert isinstance(kept, datetime)
        assert (kept, kept.utcoffset()) == (NOON, timedelta(0))


def test_a_moment_without_a_zone_is_refused_also_after_the_same_with_one(session: Session) -> None:
    _kept(session, at=NOON)
    with pytest.raises(StatementError, match="without a time zone"):
        _kept(session, at=NOON.replace(tzinfo=None))
