"""The QR code and the address in it."""

from app.letters import qr


def test_the_address_holds_the_configured_host_the_number_and_the_token() -> None:
    address = qr.verify_address("https://data.meridian.example/", "GR-2026-0031", "7be211f8c3d602aa")
    assert address == "https://data.meridian.example/v/GR-2026-0031?t=7be211f8c3d602aa"


def test_the_picture_has_a_title_that_is_escaped() -> None:
    picture = qr.svg("https://a.example/v/GR-2026-0001?t=1", "Code <for> & you")
    assert "<title>Code &lt;for&gt; &amp; you</title>" in picture
    assert picture.count("<path") == 1
