"""Every row of a database, each table read at most once per change; and a digest of all of them."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Integer, Row, event, select
from sqlalchemy.orm import Session

from app.tables import Base

ROWS = "machine_rows"
_WRITES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)

AnyRow = Row[Any]


class Rows:
    """The rows behind one connection. Tables that nobody has written to since are not read again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables: dict[str, Sequence[AnyRow]] = {}
        self._indexes: dict[tuple[str, str], dict[object, list[AnyRow]]] = {}
        self._digests: dict[str, bytes] = {}
        self._grown: set[str] = set()
        # How many statements have written something.
        self.writes = 0

    @contextmanager
    def listening(self) -> Iterator["Rows"]:
        """Notice what is written while the block runs."""
        event.listen(self._connection, "before_cursor_execute", self._note)
        try:
            yield self
        finally:
            event.remove(self._connection, "before_cursor_execute", self._note)

    def all(self, table: str) -> Sequence[AnyRow]:
        """The rows of a table in the order of its key."""
        found = self._tables.get(table)
        if found is None or table in self._grown:
            found = self._tables[table] = self._read(table, found)
            self._grown.discard(table)
        return found

    def _read(self, table: str, known: Sequence[AnyRow] | None) -> Sequence[AnyRow]:
        """The whole table, or what was added to the rows that are known."""
        wanted = Base.metadata.tables[table]
        statement, key = select(wanted).order_by(*wanted.primary_key), next(iter(wanted.primary_key))
        if not known or len(wanted.primary_key) > 1 or not isinstance(key.type, Integer):
            return self._connection.execute(statement).all()
        return [*known, *self._connection.execute(statement.where(key > getattr(known[-1], key.name))).all()]

    def by(self, table: str, column: str) -> dict[object, list[AnyRow]]:
        """The rows of a table by the value of a column."""
        found = self._indexes.get((table, column))
        if found is None:
            found = {}
            for row in self.all(table):
                found.setdefault(getattr(row, column), []).append(row)
            self._indexes[table, column] = found
        return found

    def of(self, table: str, column: str, value: object) -> list[AnyRow]:
        """The rows with this value in this column."""
        return self.by(table, column).get(value, [])

    def one(self, table: str, key: object) -> AnyRow:
        """The row with this `id`."""
        return self.by(table, "id")[key][0]

    def forget(self) -> None:
        """Read everything anew, because something was rolled back."""
        self._tables.clear()
        self._indexes.clear()
        self._digests.clear()
        self._grown.clear()

    def digest(self, *, afresh: bool = False) -> str:
        """The SHA-256 of every row of every table; `afresh` believes nothing that was noticed."""
        if afresh:
            self._digests.clear()
        whole = hashlib.sha256()
        for table in sorted(Base.metadata.tables):
            if table not in self._digests:
                self._digests[table] = self._digest_of(table)
            whole.update(self._digests[table])
        return whole.hexdigest()

    def _digest_of(self, table: str) -> bytes:
        keys = ", ".join(str(number + 1) for number in range(len(Base.metadata.tables[table].primary_key)))
        found = self._connection.exec_driver_sql(f'SELECT * FROM "{table}" ORDER BY {keys}').all()
        return hashlib.sha256(repr(found).encode()).digest()

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        written = _WRITES.match(statement)
        if written:
            verb, table = written[1].upper(), written[2].lower()
            self.writes += 1
            if verb == "INSERT INTO":
                self._grown.add(table)
            else:
                self._tables.pop(table, None)
            self._digests.pop(table, None)
            for key in [key for key in self._indexes if key[0] == table]:
                del self._indexes[key]


def rows_of(session: Session) -> Rows:
    """The rows that a session sees; shared by all invariants of one step where the machine runs them."""
    known = session.info.get(ROWS)
    return known if isinstance(known, Rows) else Rows(session.connection())
