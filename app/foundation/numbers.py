"""Public references such as GR-2026-0031: given out once, ever."""

from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.foundation.base import Base


class NumberSeries(Base):
    """The last number given out of a series such as GR-2026; its row is locked while one is taken."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int]


def next_number(session: Session, series: str, count: int = 1) -> int:
    """The next number of a series, or the first of `count` in a row. Its row stays locked until the transaction ends."""
    row = _locked(session, series)
    if row is None:
        try:
            with session.begin_nested():
                session.add(NumberSeries(series=series, last=0))
        except IntegrityError:  # somebody took the first number meanwhile; theirs is committed by now
            pass
        row = _locked(session, series)
    if row is None:
        raise LookupError(f"the series {series} could not be started")
    first = row.last + 1
    row.last += count
    session.flush()
    return first


def _locked(session: Session, series: str) -> NumberSeries | None:
    statement = select(NumberSeries).where(NumberSeries.series == series).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def yearly_reference(session: Session, prefix: str, year: int) -> str:
    """A reference with its year, such as PR-2026-0017."""
    return f"{prefix}-{year}-{next_number(session, f'{prefix}-{year}'):04d}"


def plain_reference(session: Session, prefix: str) -> str:
    """A reference without a year, such as DS-0042."""
    return f"{prefix}-{next_number(session, prefix):04d}"


def plain_references(session: Session, prefix: str, count: int) -> list[str]:
    """So many references in a row, for things that come together."""
    first = next_number(session, prefix, count) if count else 0
    return [f"{prefix}-{first + place:04d}" for place in range(count)]
