"""A mail that came in is read without trust, and whatever it is made of, it is read."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.correspondence.incoming import read_mail

SENDER, ADDRESS = "Rosa.Lindqvist@coastal.example", "reply+abc@onepact.example"


def letter(text: str = "Block centers are enough.\n", **headers: str) -> EmailMessage:
    """A mail as somebody's program would send it."""
    mail = EmailMessage()
    values = {"From": f"Rosa Lindqvist <{SENDER}>", "To": f"Conversation <{ADDRESS}>", "Subject": "Re: Decide"}
    for name, value in {**values, "Message_ID": "<1@coastal.example>", **headers}.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def test_who_wrote_to_which_address_and_what_is_read() -> None:
    found = read_mail(letter().as_bytes())
    assert (found.sender, found.recipients, found.text) == (SENDER.lower(), (ADDRESS,), "Block centers are enough.")
    assert (found.is_automatic, found.attachments) == (False, 0)


def test_the_address_is_found_wherever_a_server_wrote_it() -> None:
    mail = letter(To="someone@elsewhere.example", Delivered_To=ADDRESS)
    assert ADDRESS in read_mail(mail.as_bytes()).recipients


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=y"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"List_Id": "<a.b>"},
        {"From": "MAILER-DAEMON@coastal.example"},
    ],
)
def test_what_a_program_sent_is_known_as_such(headers: dict[str, str]) -> None:
    assert read_mail(letter(**headers).as_bytes()).is_automatic
    assert not read_mail(letter(Auto_Submitted="no").as_bytes()).is_automatic


def test_a_mail_in_html_alone_is_read() -> None:
    mail = letter()
    mail.set_content("<p>Block <b>centers</b> are enough.</p><blockquote>Decide</blockquote>", subtype="html")
    assert read_mail(mail.as_bytes()).text == "Block centers are enough."


def test_attachments_and_pictures_are_counted_and_left_out() -> None:
    mail = letter()
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan.pdf")
    mail.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="sig.gif")
    found = read_mail(mail.as_bytes())
    assert (found.text, found.attachments) == ("Block centers are enough.", 2)


@pytest.mark.parametrize("charset", ["x-unknown", "utf-8", "iso-8859-15", "undefined", "'"])
def test_an_unknown_charset_is_read_as_far_as_it_can_be(charset: str) -> None:
    raw = b"From: a@b.example\nTo: c@d.example\nContent-Type: text/plain; charset=" + charset.encode()
    text = read_mail(raw + b"\nContent-Transfer-Encoding: 8bit\n\nCaf\xe9 now").text
    assert text.startswith("Caf")
    assert text.endswith("now")


def test_one_mail_has_one_digest_however_often_it_is_delivered() -> None:
    first, second = letter(), letter()
    second["Received"] = "by another server"
    assert read_mail(first.as_bytes()).digest == read_mail(second.as_bytes()).digest
    assert read_mail(first.as_bytes()).digest != read_mail(letter(Message_ID="<2@x>").as_bytes()).digest


def test_letters_that_reverse_a_line_or_show_nothing_are_taken_out() -> None:
    assert read_mail(letter("Yes\u202e\u0000 now\n").as_bytes()).text == "Yes now"


HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [b"From", b"To", b"Cc", b"Content-Type", b"Message-ID", b"Content-Transfer-Encoding", b"Precedence"]
        ),
        st.binary(max_size=60),
    ),
    max_size=8,
)


@given(HEADERS, st.binary(max_size=200))
def test_no_mail_breaks_the_reading(headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    raw = b"".join(name + b": " + value.replace(b"\n", b" ") + b"\n" for name, value in headers) + b"\n" + body
    found = read_mail(raw)
    assert len(found.digest) == 64
    assert "\x00" not in found.text


@given(st.binary(max_size=400))
def test_no_heap_of_bytes_breaks_the_reading(raw: bytes) -> None:
    read_mail(raw)
    read_mail(b"Content-Type: multipart/report; boundary=a\n\n--a\n" + raw)
    read_mail(b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" + raw + b"\n--a--")
