"""What was said of a table's columns, and what is kept of earlier tables, hold together."""

from app.exchange.foreign import Described, described
from app.exchange.foreign.opening import opened

TABLE = b"Tema,Notas,title\nTrips,By hour,Other\n"


def row(columns: dict[str, str], kept: dict[str, str], table: bytes = TABLE) -> Described:
    (found,) = described(opened(table, columns, kept).entries)
    assert isinstance(found, Described)
    return found


def test_a_column_that_is_a_second_field_too_leaves_what_is_kept_of_that_field() -> None:
    found = row({"Tema": "title,description"}, {"Notas": "description"})
    assert (found.title, found.description) == ("Trips", "By hour")


def test_of_a_kept_column_its_first_field_stays_where_another_is_said_to_be_its_second() -> None:
    found = row({"Notas": "description"}, {"Tema": "title,description"}, b"Tema,Notas\nTrips,By hour\n")
    assert (found.title, found.description) == ("Trips", "By hour")


def test_a_kept_column_gives_way_to_one_that_is_said_to_be_its_field() -> None:
    found = row({"Notas": "title"}, {"Tema": "title"})
    assert found.title == "By hour"
