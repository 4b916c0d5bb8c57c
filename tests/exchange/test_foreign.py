"""What a listing takes from an entry of a foreign catalog, and what it refuses."""

import io
import json
from datetime import date

import pytest

from app.exchange.foreign import Described, Refused, described
from app.exchange.foreign.keeping import mark
from app.exchange.foreign.periods import DOUBTFUL, MIXED, REVERSED, UNREAD_DAY, Period, period_of, rhythm_of
from app.exchange.foreign.places import countries_of, no_countries
from app.exchange.foreign.texts import first_sentence, one_text, without_markup
from app.exchange.foreign.themes import guessed_themes
from app.readers import Entry, Format, read_catalog
from app.readers.entries import Columns
from app.rules.vocabulary import Frequency


def read(**data: object) -> Described | Refused:
    (found,) = described([Entry(1, data)])
    return found


def taken(**data: object) -> Described:
    found = read(**{"title": "Trips", **data})
    assert isinstance(found, Described)
    return found


def refused(**data: object) -> Refused:
    found = read(**data)
    assert isinstance(found, Refused)
    assert found.remedy
    return found


def test_what_has_no_field_is_carried_along_as_it_came() -> None:
    found = taken(description="By <b>hour</b>.", distribution=[{"format": "CSV"}], keyword=["bus"], issued="2020")
    assert found.description == "By hour."
    assert found.foreign == {
        "format": "dcat",
        "kept": {"distribution": [{"format": "CSV"}], "issued": "2020"},
        "fuller": {"description": {"name": "description", "value": "By <b>hour</b>.", "read": "By hour."}},
        "said": {"description": mark("By hour."), "keywords": mark(["bus"])},
    }


def test_a_title_is_taken_as_long_as_the_form_of_a_listing_takes_it() -> None:
    assert len(taken(title="x" * 500).title) == 500
    assert refused(title="x" * 501).problem == "the title has 501 characters"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "\x00\u202e "}, "title"),
        ({"title": 7}, "title"),
        ({"title": ["", {}]}, "title"),
        ({"title": "A", "description": {"no": {"text": 1}}}, "description"),
        ({"title": "A", "description": 5}, "description"),
        ({"title": "A", "identifier": "x" * 501}, "identifier"),
    ],
)
def test_a_row_without_a_usable_text_is_refused_naming_the_field(data: dict[str, object], field: str) -> None:
    assert refused(**data).field == field


def test_the_same_identifier_twice_is_refused_naming_the_first_row() -> None:
    rows = [Entry(1, {"identifier": "a", "title": "A"}), Entry(2, {"identifier": "a", "title": "B"})]
    first, second = described(rows)
    assert isinstance(first, Described)
    assert isinstance(second, Refused)
    assert "row 1" in second.problem


def test_without_identifier_the_address_counts_and_then_the_title() -> None:
    assert taken(identifier=12).identifier == "12"
    assert taken(identifier=["a", "b"]).identifier == "a"
    assert taken(**{"@id": "https://example.org/a"}).identifier == "https://example.org/a"
    assert taken(**{"@id": "_:b0"}).identifier == "title:trips"


def test_texts_in_several_languages() -> None:
    assert one_text({"es": "Viajes", "en": "Trips"}) == "Trips"
    assert one_text([{"@value": "Viajes", "@language": "es"}, {"@value": "Trips", "@language": "en-GB"}]) == "Trips"
    assert one_text([{"@value": "Поездки", "@language": "ru"}]) == "Поездки"
    assert one_text({"name": "Acme", "mbox": "a@b.c"}) == "Acme"
    assert one_text([1, {}, None]) is None


def test_markup_becomes_paragraphs_and_scripts_vanish() -> None:
    assert without_markup("<p>One</p><ul><li>two</li></ul><script>alert(1)</script>") == "One\n\n- two"
    assert without_markup("a < b and c > d") == "a < b and c > d"


def test_the_first_sentence_is_cut_between_words() -> None:
    assert first_sentence("Trips by hour and stop. More.", 80) == "Trips by hour and stop."
    assert (
        first_sentence("See [the page](https://x.y) of *all* trips there are. B", 80)
        == "See the page of all trips there are."
    )
    assert first_sentence("word " * 50, 22) == "word word word word…"


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("Colombia", ("CO",)),
        ("COL", ("CO",)),
        ("co", ("CO",)),
        (["Perú", "Brasil"], ("PE", "BR")),
        ("Peru, Chile and Bolivia", ("PE", "CL", "BO")),
        ("Bolivia (Plurinational State of)", ("BO",)),
        ("Congo, Dem. Rep.", ("CD",)),
        ("Congo, Rep.", ("CG",)),
        ("Korea, Dem. People's Rep.", ("KP",)),
        ("Korea, Rep.", ("KR",)),
        ("Taiwan, China", ("TW",)),
        ("Kyrgyz Republic", ("KG",)),
        ("Slovak Republic", ("SK",)),
        ("Virgin Islands (U.S.)", ("VI",)),
        ("EE.UU.", ("US",)),
        ("RDC", ("CD",)),
        ("Trinidad and Tobago", ("TT",)),
        ("Congo, Upper Basin", ()),
        ("Iran (Islamic Republic of); Iraq", ("IR", "IQ")),
        ("Venezuela (Bolivarian Republic of); Bolivia (Plurinational State of)", ("VE", "BO")),
        ("Iran (Islamic Republic of), Iraq", ("IR", "IQ")),
        ("Bogotá, Colombia", ("CO",)),
        ("Lima, Peru", ("PE",)),
        ("California, United States", ("US",)),
        ("San Francisco, CA, USA", ("US",)),
        ("Peru, Bolivia, Trinidad and Tobago", ("PE", "BO", "TT")),
        ("Bosnia and Herzegovina, Serbia", ("BA", "RS")),
        ("Peru, Chile, and Bolivia", ("PE", "CL", "BO")),
        ("Denver, CO", ()),
        ("Atlanta, Georgia", ()),
        ("Kinshasa, Congo", ()),
        ("Peru, Atlantis, Chile", ()),
        ("; ".join(["Democratic Republic of the Congo"] * 20 + ["Kenya"]), ("CD", "KE")),
        ("Peru; Congo, Dem. Rep.|Chile", ("PE", "CD", "CL")),
        ("Honduras & Guatemala", ("HN", "GT")),
        ("Brasil e Perú", ("BR", "PE")),
        ("Côte d'Ivoire", ("CI",)),
        ("World", ("001",)),
        ("Mundial", ("001",)),
        ({"@id": "http://publications.europa.eu/resource/authority/country/ESP"}, ("ES",)),
        ("Atlantis", ()),
        ("POLYGON((0 0))", ()),
        (None, ()),
        (7, ()),
    ],
)
def test_countries_by_code_and_name(value: object, codes: tuple[str, ...]) -> None:
    assert countries_of(value) == codes


@pytest.mark.parametrize(
    ("value", "unread"),
    [
        ("Atlantis", ["Atlantis"]),
        (["Peru", "Lima Norte"], ["Lima Norte"]),
        ("Peru; Atlantis", ["Atlantis"]),
        ("Congo, Upper Basin", ["Congo, Upper Basin"]),
        ({"@id": "https://places.example/3017382/"}, ["https://places.example/3017382/"]),
        ("Peru, Chile", []),
        ("Lima, Peru", []),
        ("Peru (Lima), Chile", ["Peru (Lima), Chile"]),
        ("Россия", ["Россия"]),
        ("x" * 600, ["x" * 600]),
        ("point" + " " * 200_000, ["point"]),
        ("MULTIPOLYGON ZM (((0 0)))", []),
        ("POLYGON((0 0))", []),
        ('{"type": "Polygon", "coordinates": []}', []),
        ("-81.3, -18.4, -68.7, 0.1", []),
        ("northlimit=5; southlimit=-5", []),
        ("", []),
        (None, []),
        (7, []),
    ],
)
def test_a_place_that_is_no_country_is_told_and_a_shape_is_not(value: object, unread: list[str]) -> None:
    assert no_countries(value) == unread


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("dct:spatial", ["Atlantis"]),
        ("schema:spatialCoverage", ["Atlantis"]),
        ("Spatial coverage", ["Atlantis"]),
        ("coverage", []),
        ("dc:coverage", []),
    ],
)
def test_a_place_without_a_country_is_told_unless_other_things_may_stand_there(name: str, told: list[str]) -> None:
    text = (
        f"title,{name}\nLakes,Atlantis\n"
        if " " in name
        else json.dumps({"dataset": [{"title": "A", name: "Atlantis"}]})
    )
    (row,) = described(read_catalog(io.BytesIO(text.encode())).entries)
    assert isinstance(row, Described)
    assert [one.value for one in row.remarks if one.field == "countries"] == told


@pytest.mark.parametrize(
    ("value", "period"),
    [
        ("2015-01-01/2015-12-31", (date(2015, 1, 1), date(2015, 12, 31))),
        ({"startDate": "2019", "endDate": "2021-02"}, (date(2019, 1, 1), date(2021, 2, 28))),
        ({"startDate": {"@value": "2019-05-01T00:00:00Z"}}, (date(2019, 5, 1), None)),
        ("1998-01-01 to Ongoing", (date(1998, 1, 1), None)),
        ("2020", (date(2020, 1, 1), date(2020, 12, 31))),
        ("2019-2021", (date(2019, 1, 1), date(2021, 12, 31))),
        ("2019, 2020, 2021", (date(2019, 1, 1), date(2021, 12, 31))),
        ("2019-20", (date(2019, 1, 1), date(2020, 12, 31))),
        ("2011-12", (date(2011, 12, 1), date(2011, 12, 31))),
        ("2019-12-31-2020-01-31", (date(2019, 12, 31), date(2020, 1, 31))),
        ("the 1990s", (date(1990, 1, 1), date(1999, 12, 31))),
        ("March 2015", (date(2015, 3, 1), date(2015, 3, 31))),
        ("15 de marzo de 2015 - Apr 3, 2016", (date(2015, 3, 15), date(2016, 4, 3))),
        ("[2020-01-01T00:00:00 TO *]", (date(2020, 1, 1), None)),
        ("since 2015", (date(2015, 1, 1), None)),
        ("until 2015", (None, date(2015, 12, 31))),
        ("02/04/2015 - 30/04/2015", (date(2015, 4, 2), date(2015, 4, 30))),
        ({"startDate": "02/04/2015", "endDate": "04/30/2015"}, (date(2015, 2, 4), date(2015, 4, 30))),
        ({"startDate": 2015}, (date(2015, 1, 1), None)),
        (["2012", "2015-02"], (date(2012, 1, 1), date(2015, 2, 28))),
        ("whenever", (None, None)),
        ("date 2015", (None, None)),
        ("2015 (estimate)", (None, None)),
        ("2005/06", (None, None)),
        ("the 1900s", (None, None)),
        ("31 June 2015", (None, None)),
        ("2015" * 1000, (None, None)),
        (5, (None, None)),
    ],
)
def test_periods(value: object, period: tuple[date | None, date | None]) -> None:
    assert period_of(value) == Period(*period)


@pytest.mark.parametrize(
    ("value", "period"),
    [
        ("2015-13-45/2015-12-31", Period(None, date(2015, 12, 31), UNREAD_DAY)),
        (["2015", "whenever"], Period(date(2015, 1, 1), date(2015, 12, 31), UNREAD_DAY)),
        ("2020/2010", Period(date(2010, 1, 1), date(2020, 12, 31), REVERSED)),
        ({"startDate": "2020", "endDate": "2010"}, Period(date(2010, 1, 1), date(2020, 12, 31), REVERSED)),
        ("01/02/2015", Period(date(2015, 1, 1), date(2015, 12, 31), DOUBTFUL)),
        (
            "2015-01-10/31-12-2015",
            Period(date(2015, 1, 10), date(2015, 12, 31), MIXED.format(first="2015-01-10", last="2015-12-31")),
        ),
    ],
)
def test_what_a_period_leaves_in_doubt_is_said_with_what_was_read(value: object, period: Period) -> None:
    assert period_of(value) == period
    ((remark,),) = [taken(temporal=value).remarks]
    assert (remark.field, remark.problem) == ("coverage", period.problem)


def test_a_day_of_a_table_that_is_no_date_is_named() -> None:
    names = Columns({"title": "title", "from": "startDate", "until": "endDate"})
    rows = [{"title": "Trips", "from": "not a date"}, {"title": "Taps", "from": "2015", "until": "later"}]
    found = list(described(Entry(n, row, "", Format.TABLE, names) for n, row in enumerate(rows, 2)))
    assert [(one.row, one.value, one.problem) for row in found if isinstance(row, Described) for one in row.remarks] == [
        (2, "not a date/", "this is no period"), (3, "2015/later", UNREAD_DAY)
    ]  # fmt: skip


def test_a_shape_without_a_word_in_it_is_no_value_that_cannot_be_read() -> None:
    data = {"title": "Tiles", "extent": {"temporal": {"interval": [[None, None]]}}}
    (found,) = described([Entry(1, data, "", Format.STAC)])
    assert isinstance(found, Described)
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("value", "rhythm"),
    [
        ("Monthly", Frequency.MONTHLY),
        ("R/P1Y", Frequency.ANNUAL),
        ({"@id": "http://publications.europa.eu/resource/authority/frequency/DAILY"}, Frequency.DAILY),
        ("Not updated", Frequency.ONCE),
        ("As needed", Frequency.IRREGULAR),
        ("Trimestral", Frequency.QUARTERLY),
        ("soon", Frequency.UNKNOWN),
        (None, Frequency.UNKNOWN),
    ],
)
def test_rhythms(value: object, rhythm: Frequency) -> None:
    assert rhythm_of(value) is rhythm


def test_themes_are_guessed_from_codes_keywords_and_title() -> None:
    assert guessed_themes(["http://publications.europa.eu/resource/authority/data-theme/TRAN"], [], "X") == (
        "mobility",
    )
    assert guessed_themes([], ["public transport", "buses"], "Heat") == ("mobility",)
    assert guessed_themes([], [], "Floods in cities") == ("urban", "water")
    assert guessed_themes([], ["xyzzy"], "Plugh") == ()
    assert len(guessed_themes([], ["health", "water", "energy", "jobs", "bank"], "")) == 3


def test_contacts_and_links() -> None:
    found = taken(contactPoint={"fn": "Desk", "hasEmail": "mailto:desk@example.org"}, landingPage="javascript:alert(1)")
    assert found.contact == "Desk <desk@example.org>"
    assert found.landing_page == ""
    assert found.foreign["kept"] == {"landingPage": "javascript:alert(1)"}
    assert [one.field for one in found.remarks] == ["landing_page"]


def test_a_value_that_cannot_be_read_is_named_with_its_remedy_and_the_row_is_taken() -> None:
    found = taken(
        accrualPeriodicity="RP1Y", temporal="whenever", issued="21/7/2020", distribution=[{"accessURL": "our server"}],
        contactPoint={"hasEmail": "a@b.example; c@d.example"},
    )  # fmt: skip
    assert [(one.field, one.value) for one in found.remarks] == [
        ("coverage", "whenever"), ("frequency", "RP1Y"), ("issued", "21/7/2020"),
        ("contact", "a@b.example; c@d.example"), ("accessURL", "our server"),
    ]  # fmt: skip
    assert all(one.remedy for one in found.remarks)


def test_half_a_period_is_named() -> None:
    found = taken(temporal="2015-01-01/soon")
    assert (found.coverage_start, found.coverage_end) == (date(2015, 1, 1), None)
    assert [one.problem for one in found.remarks] == ["one of its days is no date"]
    assert taken(temporal="2015-01-01/..").remarks == ()


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by-sa/3.0/deed.es", "CC-BY-SA-3.0"),
        ("[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)", "CC-BY-4.0"),
        ("Creative Commons Attribution International (CC BY)", "CC-BY-4.0"),
        ("Open Database License (ODC-ODbL)", "ODbL-1.0"),
        ({"@id": "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"}, "CC-BY-4.0"),
        ({"@id": "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"}, "OGL-UK-3.0"),
        ("CC BY", "CC BY"),
        ("Ask the owner.", "Ask the owner."),
        (None, ""),
    ],
)
def test_a_license_that_is_known_has_its_spdx_id_and_other_words_stay(said: object, stored: str) -> None:
    assert taken(license=said).license_text == stored


def test_access_rights_are_no_license_and_stay_with_the_listing() -> None:
    public = {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"}
    file = {"dct:license": {"@id": "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"}}
    found = taken(**{"dct:accessRights": public, "dcat:distribution": [file]})
    assert found.license_text == "CC-BY-4.0"
    assert found.foreign["kept"] == {"dct:accessRights": public, "dcat:distribution": [file]}
    assert taken(accessRights=public).license_text == ""


def test_the_license_of_the_files_comes_before_what_is_said_of_rights() -> None:
    files = [{"license": "https://creativecommons.org/licenses/by/4.0/"}]
    assert taken(rights="Open to all.", distribution=files).license_text == "CC-BY-4.0"
    assert taken(rights="Ask the owner.").license_text == "Ask the owner."
