"""Acts that begin at the same moment, each in a transaction of its own, on a database that lets them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.foundation.database import begin_writing
from app.foundation.errors import DomainError

Act = Callable[[Session], object]


def race(engine: Engine, acts: Sequence[Act]) -> list[str]:
    """What became of each, sorted: "done", or the name of what refused it."""
    barrier = Barrier(len(acts))

    def run(act: Act) -> str:
        with Session(engine) as session:
            if engine.dialect.name == "postgresql":
                session.connection()  # so that opening one puts nobody behind
            barrier.wait(timeout=60)
            begin_writing(session)
            try:
                act(session)
                session.commit()
            except (DomainError, IntegrityError, StaleDataError) as error:
                session.rollback()
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))
