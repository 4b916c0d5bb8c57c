"""How SQLite goes about the statements that a test makes it run."""

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session


def plans_of(session: Session, table: str, act: Callable[[], object]) -> list[list[str]]:
    """The steps of each statement that reads from a table first while `act` runs; for SQLite alone."""
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(*given: object) -> None:
        asked.append((given[2], given[3]))  # type: ignore[arg-type] # as the event gives them: statement, values

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
    return [
        [step.detail for step in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        for statement, values in asked
        if f"FROM {table} " in statement.replace("\n", " ")
    ]
