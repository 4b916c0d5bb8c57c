"""Requests that leave: nothing connects to what is not open to everybody, however it is written; caps hold."""

import gzip
import json
import re
import ssl
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.foundation.outgoing import Caps, Fetcher, Known, NotFetched, address_of, allowed_networks, system_resolver
from app.foundation.outgoing.addresses import is_public
from tests.support.sites import LOOPBACK, Site, reply, serve

# Where each leads if it is believed: loopback, private networks, link-local and metadata services, carriers' networks,
# numbers in disguise, other protocols, readers that disagree. {port} is that of a real server.
NOWHERE = [json.loads(line) for line in (Path(__file__).parent / "nowhere.jsonl").read_text().splitlines()]
NUMBERS = [each for each in NOWHERE if re.match(r"http://(\[|[0-9])[^@]*$", each)]
SHORT = Caps(connect_seconds=1, read_seconds=1, total_seconds=2, largest=200_000, largest_unpacked=400_000)


def at_home(**more: object) -> Fetcher:
    """A fetcher whose operator allows loopback."""
    return Fetcher(allowed_networks(LOOPBACK), **{"caps": SHORT, **more})  # type: ignore[arg-type]


def loops(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def test_the_table_is_large_enough() -> None:
    assert len(set(NOWHERE)) >= 150


@pytest.mark.parametrize("address", NOWHERE)
def test_no_connection_is_made_to_what_is_not_open_to_everybody(
    address: str, site: Site, connections: list[object]
) -> None:
    with pytest.raises(NotFetched):
        Fetcher(caps=SHORT).fetch(address.replace("{port}", str(site.port)))
    assert (connections, site.accepted) == ([], 0)


@pytest.mark.parametrize("address", NUMBERS)
def test_a_number_that_is_not_public_stays_refused_where_loopback_is_allowed(
    address: str, site: Site, connections: list[object]
) -> None:
    try:
        at_home().fetch(address.replace("{port}", str(site.port)))
    except NotFetched:
        pass
    assert all(str(each[0]).startswith("127.") for each in connections if isinstance(each, tuple))


@pytest.mark.parametrize("number", ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::1"])
def test_a_public_number_is_public(number: str) -> None:
    assert is_public(ip_address(number))


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("https://Data.Example.ORG/a?b=c#d", "https://data.example.org/a?b=c"),
        ("http://data.example.org.:80", "http://data.example.org/"),
        ("https://müller.example/x", "https://xn--mller-kva.example/x"),
        ("https://data.example.org:8443/x", "https://data.example.org:8443/x"),
        ("http://[2606:4700:0::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_an_address_is_kept_in_its_plainest_spelling(written: str, plain: str) -> None:
    assert address_of(written).text == plain


def test_a_file_comes_with_what_tells_whether_it_changed(site: Site) -> None:
    site.gives(b"title\nTrips\n", ETag='"1"', Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT")
    found = at_home().fetch(site.url())
    assert found.data == b"title\nTrips\n"
    assert found.known == Known('"1"', "Mon, 02 Nov 2026 10:00:00 GMT")


def test_what_was_known_is_told_to_the_server_and_an_unchanged_file_does_not_come(site: Site) -> None:
    site.gives(b"", 304)
    assert at_home().fetch(site.url(), Known('"1"', "Mon, 02 Nov 2026 10:00:00 GMT")).data is None
    [(path, headers)] = site.asked
    assert path == "/catalog"
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"1"', "Mon, 02 Nov 2026 10:00:00 GMT")


def test_the_server_reads_the_name_that_was_typed_though_the_number_was_looked_up_before(site: Site) -> None:
    site.gives(b"x")
    at_home(resolve=loops).fetch(site.url(host="data.example.org"))
    assert site.asked[0][1]["host"] == f"data.example.org:{site.port}"
    assert not {"cookie", "authorization"} & site.asked[0][1].keys()


def test_a_name_is_looked_up_once_so_that_a_second_answer_leads_nowhere(site: Site, connections: list[object]) -> None:
    answers = [["203.0.113.9"], ["127.0.0.1"]]
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), 2) - 1]

    with pytest.raises(NotFetched):
        Fetcher(allowed_networks("203.0.113.0/24"), rebinding, SHORT).fetch(site.url(host="data.example.org"))
    assert asked == ["data.example.org"]
    assert site.accepted == 0
    assert all(each[0] == "203.0.113.9" for each in connections if isinstance(each, tuple))


def test_a_first_public_answer_does_not_let_the_next_one_in(site: Site) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    fetcher = Fetcher(resolve=lambda *_: next(answers), caps=SHORT)
    for _ in range(2):
        with pytest.raises(NotFetched):
            fetcher.fetch(site.url(host="data.example.org"))
    assert site.accepted == 0


def test_one_private_number_among_public_ones_refuses_the_name(site: Site, connections: list[object]) -> None:
    with pytest.raises(NotFetched, match="not open to everybody"):
        Fetcher(resolve=lambda *_: ["93.184.216.34", "127.0.0.1"], caps=SHORT).fetch(site.url(host="data.example.org"))
    assert (connections, site.accepted) == ([], 0)


def test_a_redirect_is_followed_three_times_and_then_no_more(site: Site) -> None:
    def lead(handler: BaseHTTPRequestHandler) -> None:
        left = int(handler.path.rsplit("/", 1)[-1])
        reply(handler, b"there") if left == 0 else reply(handler, b"", 302, Location=f"/{left - 1}")

    site.answer = lead
    assert at_home().fetch(site.url("/3")).data == b"there"
    with pytest.raises(NotFetched, match="leads on and on"):
        at_home().fetch(site.url("/4"))


@pytest.mark.parametrize(
    "there",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "file:///etc/hosts",
        "//[::1]:{port}/",
        "http://2130706433:{port}/",
    ],
)
def test_each_redirect_is_checked_anew(there: str, site: Site) -> None:
    inner = Site()
    server = serve(inner, "127.0.0.9")
    try:
        site.answer = lambda handler: reply(handler, b"", 302, Location=there.replace("{port}", str(inner.port)))
        with pytest.raises(NotFetched):
            Fetcher(allowed_networks("127.0.0.1/32"), loops_first, SHORT).fetch(site.url(host="data.example.org"))
        assert inner.accepted == 0
    finally:
        server.shutdown()
        server.server_close()


def loops_first(host: str, port: int) -> list[str]:
    """The outer name leads to the one number that is allowed; everything else where the machine says."""
    return ["127.0.0.1"] if host == "data.example.org" else [str(n) for n in system_resolver(host, port)]


def test_a_large_file_is_broken_off(site: Site) -> None:
    site.gives(b"a" * (SHORT.largest + 1))
    with pytest.raises(NotFetched, match="larger than 20 MB"):
        at_home().fetch(site.url())


def test_a_file_without_end_is_broken_off(site: Site) -> None:
    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            handler.wfile.write(b"a" * 65536)

    site.answer = pour
    with pytest.raises(NotFetched, match="larger than 20 MB"):
        at_home().fetch(site.url())


@pytest.mark.parametrize("packing", ["gzip", "x-gzip", "deflate"])
def test_a_small_file_that_unpacks_to_a_large_one_is_broken_off(packing: str, site: Site) -> None:
    bomb = b"\0" * (8 * 1024 * 1024)
    site.gives(zlib.compress(bomb) if packing == "deflate" else gzip.compress(bomb), Content_Encoding=packing)
    with pytest.raises(NotFetched, match="once unpacked"):
        at_home().fetch(site.url())


def test_a_packed_answer_is_unpacked(site: Site) -> None:
    site.gives(gzip.compress(b"title\nTrips\n"), Content_Encoding="gzip")
    assert at_home().fetch(site.url()).data == b"title\nTrips\n"


def test_a_packed_answer_that_is_cut_off_is_no_file(site: Site) -> None:
    site.gives(gzip.compress(b"title\nTrips\n")[:-6], Content_Encoding="gzip")
    with pytest.raises(NotFetched, match="broke off"):
        at_home().fetch(site.url())


def test_a_packing_that_nobody_asked_for_is_refused(site: Site) -> None:
    site.gives(b"x", Content_Encoding="br")
    with pytest.raises(NotFetched, match="nobody asked for"):
        at_home().fetch(site.url())


@pytest.mark.parametrize("where", ["before the answer", "in its head", "in its body"])
def test_a_slow_server_is_cut_in_time(where: str, site: Site) -> None:
    over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        start = {
            "before the answer": b"",
            "in its head": b"HTTP/1.1 200 OK\r\nX: ",
            "in its body": b"HTTP/1.1 200 OK\r\n\r\n",
        }
        handler.wfile.write(start[where])
        while not over.wait(0.2):
            handler.wfile.write(b"" if where == "before the answer" else b"a")

    site.answer = drip
    began = time.monotonic()
    with pytest.raises(NotFetched, match="too long"):
        at_home().fetch(site.url())
    over.set()
    assert time.monotonic() - began < SHORT.total_seconds + 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "nothing at this address"),
        (410, "nothing at"),
        (401, "name and password"),
        (403, "name and"),
        (429, "too often"),
        (500, "its side"),
        (204, "its side"),
    ],
)
def test_another_answer_is_told_in_words(status: int, words: str, site: Site) -> None:
    site.gives(b"", status)
    with pytest.raises(NotFetched, match=words):
        at_home().fetch(site.url())


def test_nobody_at_the_door_is_told_in_words() -> None:
    quiet = Site()
    server = serve(quiet)
    server.shutdown()
    server.server_close()
    with pytest.raises(NotFetched, match="does not answer"):
        at_home().fetch(quiet.url())


def test_a_proxy_of_the_environment_is_not_taken(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.gives(b"x")
    assert at_home().fetch(site.url()).data == b"x"


def test_the_certificate_is_that_of_the_name_and_one_that_nobody_vouches_for_is_refused(
    tmp_path: Path,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "data.example.org")])
    day = datetime(2026, 1, 1, tzinfo=UTC)
    signed = x509.CertificateBuilder(name, name, key.public_key(), 1, day, day + timedelta(days=9000))
    pem = signed.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    (tmp_path / "both.pem").write_bytes(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    asked: list[str | None] = []
    context.sni_callback = lambda _line, wanted, _context: asked.append(wanted)
    secure = Site()
    server = serve(secure)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    try:
        with pytest.raises(NotFetched, match="certificate"):
            at_home(resolve=loops).fetch(f"https://data.example.org:{secure.port}/")
    finally:
        server.shutdown()
        server.server_close()
    assert asked == ["data.example.org"]
    assert secure.asked == []
