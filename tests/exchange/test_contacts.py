"""Whom to write to, in every shape in which catalogs say it."""

import pytest

from app.exchange.foreign import Described, described
from app.readers import Entry


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ({"fn": "Bob", "hasEmail": {"@id": "mailto:b@acme.example"}}, "Bob <b@acme.example>"),
        ({"@id": "https://acme.example/#c", "fn": "Bob", "hasEmail": "b@acme.example"}, "Bob <b@acme.example>"),
        ({"mbox": [{"@id": "mailto:b@acme.example"}]}, "b@acme.example"),
        ({"fn": "Bob", "hasEmail": {"hasValue": {"@id": "mailto:b%2B1@acme.example?subject=x"}}}, "Bob <b+1@acme.example>"),
        ([{"hasTelephone": "1"}, {"fn": "Bob"}, {"fn": "Eve"}], "Bob"),
        ({"@id": "https://acme.example/contact"}, "https://acme.example/contact"),
        ("mailto:b@acme.example", "b@acme.example"),
    ],
)  # fmt: skip
def test_a_mail_address_is_read_as_a_text_and_as_an_address_of_its_own(said: object, stored: str) -> None:
    (found,) = described([Entry(1, {"title": "Trips", "contactPoint": said})])
    assert isinstance(found, Described)
    assert (found.contact, found.remarks) == (stored, ())
