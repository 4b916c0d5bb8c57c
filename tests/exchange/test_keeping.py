"""What was carried along beside the fields comes back out, and only where the field was not changed since."""

from app.exchange.foreign.keeping import Fuller, Kept

HELD = Kept(
    "dcat",
    {"dct": "http://purl.org/dc/terms/"},
    {"dct:issued": "2020"},
    {"publisher": Fuller("dct:publisher", {"@id": "https://acme.example", "foaf:name": "Acme"}, "Acme")},
)


def test_what_is_written_is_read_again() -> None:
    assert Kept.of(HELD.to_json()) == HELD
    assert Kept.of({}) == Kept()


def test_what_has_no_field_goes_back_as_it_came() -> None:
    assert HELD.put_back({})["dct:issued"] == "2020"


def test_a_fuller_value_goes_back_only_while_its_field_is_as_it_was_read() -> None:
    assert HELD.put_back({"publisher": "Acme"})["dct:publisher"] == {"@id": "https://acme.example", "foaf:name": "Acme"}
    assert "dct:publisher" not in HELD.put_back({"publisher": "Acme Mobility"})


def test_listings_from_before_have_their_properties_alone() -> None:
    assert Kept.of({"issued": "2020", "distribution": []}).put_back({}) == {"issued": "2020", "distribution": []}
