"""The pages on which a sample is brought and a dictionary is written: what is kept, what is lost, what is said."""

import io
import json
from time import process_time

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.catalog.models import Dataset
from app.catalog.profiles import persons_in, persons_kept
from app.organizations.models import Organization
from app.rules.roles import Kind, Role
from app.rules.workflow import ListingState
from tests.catalog.desk import one, signed_in
from tests.catalog.people import organization, partner, person
from tests.factories.catalog import make_dataset
from tests.factories.uploads import workbook
from tests.support.application import Client

TABLE = b"hour,mode,name\n" + b"".join(
    b"%d,%s,Person %d\n" % (n % 24, [b"walk", b"road"][n % 2], n) for n in range(200)
)


@pytest.fixture
def draft(session: Session, acme: Organization) -> Dataset:
    row = make_dataset(session, acme, state=ListingState.DRAFT)
    session.commit()
    return row


def upload(desk: Client, row: Dataset, content: bytes, **more: str) -> TestResponse:
    return desk.post(f"/desk/listings/{row.reference}/sample", data={"file": (io.BytesIO(content), "s.csv"), **more})


def dictionary(row: Dataset) -> list[str]:
    return [str(column["name"]) for column in row.dictionary]


# ---- the sample


def test_made_up_rows_stand_in_for_those_of_the_file(desk: Client, session: Session, draft: Dataset) -> None:
    assert upload(desk, draft, TABLE, shown="made_up").status_code == 303
    row = one(session)
    assert row.sample is not None
    assert row.sample["is_synthetic"] is True
    assert "Person" not in json.dumps([row.sample, row.profile])
    assert row.profile is not None
    assert row.profile["rows"] == 200


def test_a_workbook_is_a_sample_too(desk: Client, session: Session, draft: Dataset) -> None:
    data = workbook(("Trips", [["hour", "mode"], *([n % 24, "walk"] for n in range(40))]))
    assert upload(desk, draft, data, shown="first").status_code == 303
    kept = one(session).sample
    assert kept is not None
    assert (kept["heads"], kept["rows"][1]) == (["hour", "mode"], ["1", "walk"])  # type: ignore[index]


def test_the_first_rows_can_be_shown_as_they_are_and_be_made_up_later(
    desk: Client, session: Session, draft: Dataset
) -> None:
    upload(desk, draft, TABLE, shown="first")
    kept = one(session).sample
    assert kept is not None
    assert kept["rows"][0] == ["0", "walk", "Person 0"]  # type: ignore[index]
    assert len(kept["rows"]) == 20  # type: ignore[arg-type]
    desk.post(f"/desk/listings/{draft.reference}/sample", data={"act": "make_up"})
    assert "Person" not in json.dumps(one(session).sample)


PEOPLE = b"name,email,phone,hour,start,station\n" + b"".join(
    b"Jane Doe,jane%d@example.org,+51 999 888 7%02d,%d,2020-01-%02d,Lima Norte\n" % (n, n, n, n + 1) for n in range(20)
)
OF_PERSONS = "These columns look as if they named persons: name, email, phone."


@pytest.mark.parametrize("more", [{}, {"is_synthetic": "y"}, {"no_persons": "These are names of stations."}])
def test_a_listed_dataset_shows_no_rows_that_name_persons(
    app: Flask, desk: Client, session: Session, acme: Organization, more: dict[str, str]
) -> None:
    row = make_dataset(session, acme)
    session.commit()
    answer = upload(desk, row, PEOPLE, shown="first", **more)
    assert (answer.status_code, OF_PERSONS in answer.text) == (422, True)
    assert one(session).sample is None
    assert "jane1@example.org" not in app.test_client().get(f"/datasets/{row.reference}/sample").text


def test_columns_that_name_persons_are_left_out_of_rows_and_shape(
    desk: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme)
    session.commit()
    assert upload(desk, row, PEOPLE, shown="first", leaves_persons_out="y").status_code == 303
    kept = one(session)
    assert kept.sample is not None
    assert (kept.sample["heads"], kept.sample["rows"][0]) == (  # type: ignore[index]
        ["hour", "start", "station"], ["0", "2020-01-01", "Lima Norte"],
    )  # fmt: skip
    assert "Jane" not in json.dumps([kept.sample, kept.profile])


def test_a_draft_says_why_such_columns_name_nobody_and_the_check_names_them(
    app: Flask, desk: Client, session: Session, draft: Dataset
) -> None:
    answer = upload(desk, draft, PEOPLE, shown="first")
    assert (answer.status_code, OF_PERSONS in answer.text) == (422, True)
    assert one(session).sample is None
    assert upload(desk, draft, PEOPLE, shown="first", no_persons="They are made up.").status_code == 303
    kept = one(session)
    kept.state = ListingState.IN_CHECK
    session.commit()
    officer = signed_in(app, session, person(session, organization(session, Kind.SECRETARIAT), Role.OFFICER))
    html = officer.get(f"/desk/checks/{draft.reference}").text
    assert "look like it: name, email, phone" in html
    assert "The steward says: They are made up." in html
    assert "said to be made up" not in html
    kept.sample = {**(kept.sample or {}), "is_synthetic": True}
    session.commit()
    html = officer.get(f"/desk/checks/{draft.reference}").text
    assert "look like it: name, email, phone. Its rows are said to be made up." in html


STATIONS = b"contact name,phone,hour\n" + b"".join(
    b"%s,%s,%d\n" % ([b"Jane Doe", b"Ana Ruiz"][n % 2], b"+51 999 888 77%d" % (n % 2), n % 24) for n in range(200)
)


@pytest.mark.parametrize("shown", ["made_up", "none"])
@pytest.mark.parametrize("state", [ListingState.DRAFT, ListingState.LISTED])
def test_of_columns_of_persons_the_shape_has_no_values(
    desk: Client, session: Session, acme: Organization, shown: str, state: ListingState
) -> None:
    row = make_dataset(session, acme, state=state)
    session.commit()
    assert upload(desk, row, STATIONS, shown=shown).status_code == 303
    kept = one(session)
    assert not [real for real in ("Jane", "Ana", "+51") if real in json.dumps([kept.sample, kept.profile])]
    assert kept.profile is not None
    assert [column["kind"] for column in kept.profile["columns"]] == ["text", "text", "whole"]  # type: ignore[attr-defined]
    assert persons_kept(kept.sample, kept.profile) == ()


@pytest.mark.parametrize(("state", "is_kept"), [(ListingState.DRAFT, True), (ListingState.LISTED, False)])
def test_with_a_reason_the_shape_has_its_values_until_the_check(
    desk: Client, session: Session, acme: Organization, state: ListingState, *, is_kept: bool
) -> None:
    row = make_dataset(session, acme, state=state)
    session.commit()
    assert upload(desk, row, STATIONS, shown="none", no_persons="These are stations.").status_code == 303
    kept = one(session)
    assert ("Jane Doe" in json.dumps(kept.profile)) is is_kept
    assert persons_kept(kept.sample, kept.profile) == (("contact name", "phone") if is_kept else ())


def test_a_file_of_nothing_but_persons_has_no_rows_to_show(desk: Client, draft: Dataset) -> None:
    answer = upload(desk, draft, b"email\na@example.org\n", shown="first", leaves_persons_out="y")
    assert (answer.status_code, "Every column looks" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("head", "cell", "is_of_person"),
    [
        ("name", "Lima", False), ("hotel", "Hilton Lima", False), ("day", "2020-01-01", False), ("lat", "-12.0464", False),
        ("trips", "12 345 678", False), ("code", "12345678", False), ("passport_no", "X1", True), ("firstName", "Ana", True),
        ("note", "ask ana@example.org", True), ("w", "(202) 555-0101", True), ("w", "123-45-6789", True),
        ("note", "<a.b@mail.example.org>, x", True), ("note", "3 @ 4.50", False), ("note", "@handle.org", False),
        ("name", "Jane M. O’Hara", True), ("name", "Doe, Jane", True), ("name", "Line 4 North", False),
        ("phone", "phone-001", False), ("email", "ema00012", False), ("passport", "pa1234567", True),
    ],
)  # fmt: skip
def test_columns_are_taken_for_persons_by_name_and_content(head: str, cell: str, *, is_of_person: bool) -> None:
    assert persons_in([head], [[cell]] * 3) == ((head,) if is_of_person else ())


@pytest.mark.parametrize(
    ("head", "hard", "easy"),
    [
        ("note", "0a" * 100_000, "0 " * 100_000),
        ("note", "@." * 100_000, "0 " * 100_000),
        ("name", " ".join(["a" * 49] * 4) + "1", "Lima 1"),
        ("phone x", "(" + "1 " * 100_000, "0 " * 100_000),
    ],
)
def test_no_cell_is_hard_to_look_at(head: str, hard: str, easy: str) -> None:
    def cost(cell: str) -> float:
        begun = process_time()
        persons_in([head], [[cell]] * 500)
        return process_time() - begun

    assert cost(hard) < 100 * max(cost(easy), 0.001)


def test_no_row_need_be_shown_and_everything_can_go(desk: Client, session: Session, draft: Dataset) -> None:
    upload(desk, draft, TABLE, shown="none")
    assert (one(session).sample, one(session).profile is None) == (None, False)
    desk.post(f"/desk/listings/{draft.reference}/sample", data={"act": "remove"})
    assert one(session).profile is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF\x00", "This is a PDF."),
        (b"hour\n\x00", "no text"),
        (b"hour\n", "no row"),
        (b"", "no row"),
        (b"x" * (2 * 1024 * 1024 + 1), "2 MB"),
        (b",".join(b"c%d" % n for n in range(501)) + b"\n1\n", "500 columns"),
        (b"hour\n1\n2\n", "at least 20 rows"),
    ],
)
def test_a_file_that_is_no_sample_is_answered_with_a_remedy(
    desk: Client, session: Session, draft: Dataset, content: bytes, words: str
) -> None:
    answer = upload(desk, draft, content, shown="made_up")
    assert answer.status_code == 422
    assert words in answer.text
    assert one(session).sample is None


def test_the_page_shows_how_full_each_column_is_and_its_shape_with_words(desk: Client, draft: Dataset) -> None:
    upload(desk, draft, TABLE)
    html = desk.get(f"/datasets/{draft.reference}/dictionary").text
    for words in ("Shape in the sample", 'role="img" aria-label="walk 50 %, road 50 %"', "100 %", "fewer than 10 rows"):
        assert words in html, words


def test_thousands_that_are_set_apart_are_read_and_those_of_which_nobody_can_say_are_told(
    desk: Client, draft: Dataset
) -> None:
    lines = [f'"{number},000,500","{number},250"' for number in range(1, 10)] * 10
    answer = upload(desk, draft, "\n".join(["boardings,weight", *lines]).encode())
    html = desk.get(answer.location).text
    assert "Numbers with their thousands set apart: boardings." in html
    assert "may set thousands apart or begin decimals: weight. Write 1234 or 1.234 instead." in html
    html = desk.get(f"/datasets/{draft.reference}/dictionary", follow_redirects=True).text
    assert "in the sample 1000500 to 9000500" in html
    assert "Thousands are set apart, as in 1,234." in html
    assert "Read as text: a comma may set thousands apart or begin the decimals." in html


def test_only_those_who_write_the_listing_bring_a_sample(app: Flask, session: Session, draft: Dataset) -> None:
    other = signed_in(app, session, person(session, partner(session), Role.STEWARD))
    assert upload(other, draft, TABLE).status_code == 404
    assert other.get(f"/desk/listings/{draft.reference}/dictionary").status_code == 404


# ---- the dictionary


def rows(*columns: tuple[str, str], **more: str) -> dict[str, object]:
    """What the page sends for these columns, name and meaning."""
    blank = [""] * len(columns)
    return {
        "name": [name for name, _meaning in columns],
        "meaning": [meaning for _name, meaning in columns],
        **dict.fromkeys(("type", "unit", "values", "missing"), blank),
        **more,
    }


def save(desk: Client, row: Dataset, data: dict[str, object]) -> TestResponse:
    return desk.post(f"/desk/listings/{row.reference}/dictionary", data=data)


def test_rows_are_typed_moved_and_removed_by_buttons(desk: Client, session: Session, draft: Dataset) -> None:
    save(desk, draft, rows(("hour", "Local hour"), ("trips", ""), ("mode", "")))
    assert dictionary(one(session)) == ["hour", "trips", "mode"]
    save(desk, draft, rows(("hour", "Local hour"), ("trips", "Trips"), ("mode", ""), act="up-2"))
    assert dictionary(one(session)) == ["hour", "mode", "trips"]
    assert one(session).dictionary[2]["meaning"] == "Trips"
    save(desk, draft, rows(("hour", "Local hour"), ("mode", ""), ("trips", "Trips"), act="remove-0"))
    assert dictionary(one(session)) == ["mode", "trips"]


def test_a_button_means_the_row_beside_it_though_one_above_was_cleared(
    desk: Client, session: Session, draft: Dataset
) -> None:
    save(desk, draft, rows(("a", ""), ("b", ""), ("c", "")))
    save(desk, draft, rows(("", ""), ("b", ""), ("c", ""), act="remove-2"))
    assert dictionary(one(session)) == ["b"]


def test_a_pasted_header_adds_columns_and_names_the_wrong_ones(desk: Client, session: Session, draft: Dataset) -> None:
    save(desk, draft, rows(("hour", "Local hour"), act="paste", pasted="hour;trips;mode"))
    assert [tuple(one(session).dictionary[0].values())[:2]] == [("hour", "Local hour")]
    assert dictionary(one(session)) == ["hour", "trips", "mode"]
    answer = save(desk, draft, rows(("hour", "Changed meanwhile"), act="paste", pasted="a,,b,a"))
    assert answer.status_code == 422
    for words in ("Column 2 has no name.", "Columns 1 and 4 are both named “a”.", "Changed meanwhile", "a,,b,a"):
        assert words in answer.text, words


def test_a_pasted_table_fills_in_what_it_says_of_each_column(desk: Client, session: Session, draft: Dataset) -> None:
    pasted = "Column,Description,Type,Unit,Values,Missing code\nhour,Local hour,whole number,,0 to 23,-9\nspeed,Speed,,km/h,,"
    save(desk, draft, rows(act="paste", pasted=pasted))
    first, second = one(session).dictionary
    assert (first["meaning"], first["values"], first["missing"], second["unit"]) == (
        "Local hour",
        "0 to 23",
        "-9",
        "km/h",
    )


def test_the_columns_of_the_sample_can_be_taken(desk: Client, session: Session, draft: Dataset) -> None:
    assert save(desk, draft, rows(act="sample")).status_code == 422
    upload(desk, draft, TABLE)
    save(desk, draft, rows(("mode", "Way of going"), act="sample"))
    row = one(session)
    assert dictionary(row) == ["mode", "hour", "name"]
    assert (row.dictionary[0]["meaning"], row.dictionary[0]["type"]) == ("Way of going", "2 values")


def test_who_saves_over_somebody_else_is_told_and_keeps_what_they_typed(
    desk: Client, session: Session, draft: Dataset
) -> None:
    save(desk, draft, rows(("hour", "")))
    answer = save(desk, draft, rows(("hour", "As I wrote it"), mark="0" * 16))
    assert answer.status_code == 422
    assert "Somebody else saved this dictionary meanwhile" in answer.text
    assert "As I wrote it" in answer.text
    assert one(session).dictionary[0]["meaning"] == ""


def test_several_hundred_columns_are_written_forty_at_a_time(desk: Client, session: Session, draft: Dataset) -> None:
    save(desk, draft, rows(act="paste", pasted=",".join(f"c{n}" for n in range(300))))
    path = f"/desk/listings/{draft.reference}/dictionary"
    html = desk.get(f"{path}?page=2").text
    assert 'value="c40"' in html
    assert 'value="c80"' not in html
    second = rows(*((f"c{n}", f"Meaning {n}") for n in range(40, 80)), page="2", act="next")
    saved = save(desk, draft, second)
    assert "page=3" in saved.location
    row = one(session)
    assert (len(row.dictionary), row.dictionary[40]["meaning"], row.dictionary[39]["meaning"]) == (
        300,
        "Meaning 40",
        "",
    )
    assert save(desk, draft, rows(act="paste", pasted=",".join(f"d{n}" for n in range(300)))).status_code == 422


@pytest.mark.parametrize("odd", ["remove-99999999999", "up--1", "down-x", "\x00", "up-0", "sample-3"])
def test_an_odd_button_loses_nothing(desk: Client, session: Session, draft: Dataset, odd: str) -> None:
    save(desk, draft, rows(("a", ""), ("b", "")))
    save(desk, draft, rows(("a", ""), ("b", ""), act=odd, page="-7"))
    assert dictionary(one(session)) == ["a", "b"]


@pytest.mark.parametrize("beside", ["dictionary", "sample"])
def test_the_way_to_dictionary_and_sample_saves_what_was_typed(
    desk: Client, session: Session, draft: Dataset, beside: str
) -> None:
    edit = f"/desk/listings/{draft.reference}"
    saved = desk.post(f"{edit}/edit/what", data={"title": "Typed before I left", "act": beside})
    assert saved.location == f"{edit}/{beside}"
    assert one(session).title == "Typed before I left"
    assert desk.get(saved.location).status_code == 200
