"""References are given out once, in order, also to many at a time."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.foundation.database import begin_writing, make_engine
from app.foundation.numbers import next_number, plain_reference, yearly_reference


def test_references_count_up_within_their_series(session: Session) -> None:
    assert [yearly_reference(session, "GR", 2026) for _ in range(2)] == ["GR-2026-0001", "GR-2026-0002"]
    assert yearly_reference(session, "GR", 2027) == "GR-2027-0001"
    assert plain_reference(session, "DS") == "DS-0001"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_number_is_given_out_twice_under_load(kind: str, make_database: Callable[[str], str]) -> None:
    engine = make_engine(make_database(kind))
    taken: list[int] = []
    with Session(engine) as first:
        next_number(first, "GR-2026")
        first.commit()

    def take() -> None:
        for _ in range(10):
            with Session(engine) as session:
                begin_writing(session)
                number = next_number(session, "GR-2026")
                session.commit()
                taken.append(number)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert sorted(taken) == list(range(2, 82))


def test_two_first_takers_of_a_series_cannot_both_have_number_one(make_database: Callable[[str], str]) -> None:
    engine = make_engine(make_database("postgresql"))
    results: list[object] = []
    gate = threading.Barrier(2)

    def take() -> None:
        with Session(engine) as session:
            gate.wait()
            try:
                results.append(next_number(session, "XX-2026"))
                session.commit()
            except IntegrityError as error:
                results.append(type(error))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert results.count(1) == 1
