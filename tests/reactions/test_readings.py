"""A catalog is read on from where it was left, and from its beginning only where nobody has it open there."""

from collections.abc import Iterator

import pytest

from app.exchange.foreign import Described, Refused, described
from app.reactions.readings import Readings
from app.readers import Entry, Unreadable


class Shelf:
    """A catalog of ten datasets that counts how often it is opened and how many rows were read of it."""

    def __init__(self) -> None:
        self.opened = self.read = 0

    def begin(self) -> Iterator[Described | Refused]:
        self.opened += 1
        for row in described(Entry(2 * n, {"identifier": str(n), "title": f"T{n}"}) for n in range(1, 11)):
            self.read += 1
            yield row


def numbers(rows: list[Described | Refused]) -> list[int]:
    return [row.row for row in rows]


def test_parts_that_follow_each_other_read_the_file_once() -> None:
    shelf, readings = Shelf(), Readings()
    parts = [numbers(readings.part("k", shelf.begin, before, 4)) for before in (0, 4, 8)]
    assert parts == [[2, 4, 6, 8], [10, 12, 14, 16], [18, 20]]
    assert (shelf.opened, shelf.read) == (1, 10)


def test_a_part_that_is_asked_for_again_is_the_same() -> None:
    shelf, readings = Shelf(), Readings()
    readings.part("k", shelf.begin, 0, 4)
    assert numbers(readings.part("k", shelf.begin, 0, 4)) == [2, 4, 6, 8]
    assert numbers(readings.part("k", shelf.begin, 4, 4)) == [10, 12, 14, 16]
    assert shelf.opened == 2


def test_whoever_comes_in_the_midst_reads_up_to_there() -> None:
    shelf = Shelf()
    assert numbers(Readings().part("k", shelf.begin, 4, 4)) == [10, 12, 14, 16]


def test_another_worker_that_did_some_parts_is_caught_up_with() -> None:
    shelf, readings = Shelf(), Readings()
    readings.part("k", shelf.begin, 0, 2)
    assert numbers(readings.part("k", shelf.begin, 6, 2)) == [14, 16]
    assert shelf.opened == 1


def test_rows_by_their_number_are_read_on_too() -> None:
    shelf, readings = Shelf(), Readings()
    assert sorted(readings.those("k", shelf.begin, {2, 6})) == [2, 6]
    assert sorted(readings.those("k", shelf.begin, {8, 9, 20})) == [8, 20]
    assert shelf.opened == 1
    assert sorted(readings.those("k", shelf.begin, {4})) == [4]
    assert shelf.opened == 2


def test_only_a_few_catalogs_stay_open() -> None:
    shelf, readings = Shelf(), Readings()
    for key in range(6):
        readings.part(key, shelf.begin, 0, 4)
    readings.part(0, shelf.begin, 4, 4)
    assert shelf.opened == 7


def test_a_catalog_that_breaks_off_is_not_kept() -> None:
    def broken() -> Iterator[Described | Refused]:
        yield from described([Entry(1, {"title": "A"})])
        raise Unreadable("It breaks off.", "Send it again.")

    readings = Readings()
    with pytest.raises(Unreadable):
        readings.part("k", broken, 0, 4)
    assert numbers(readings.part("k", Shelf().begin, 0, 2)) == [2, 4]
