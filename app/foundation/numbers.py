"""Public references such as GR-2026-0031: given out once, ever."""

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.foundation.base import Base


class NumberSeries(Base):
    """The last number given out of a series such as GR-2026; its row is locked while one is taken."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int]


def next_number(session: Session, series: str) -> int:
    """The next number of a series. Its row stays locked until the transaction ends.

    Two first takers of a new series cannot both succeed: the primary key refuses the second, whose transaction fails.
    """
    row = session.scalar(
        select(NumberSeries)
        .where(NumberSeries.series == series)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        row = NumberSeries(series=series, last=0)
        session.add(row)
    row.last += 1
    session.flush()
    return row.last


def yearly_reference(session: Session, prefix: str, year: int) -> str:
    """A reference with its year, such as PR-2026-0017."""
    return f"{prefix}-{year}-{next_number(session, f'{prefix}-{year}'):04d}"


def plain_reference(session: Session, prefix: str) -> str:
    """A reference without a year, such as DS-0042."""
    return f"{prefix}-{next_number(session, prefix):04d}"
