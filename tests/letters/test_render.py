"""From HTML to PDF: the same each time, within limits, with nothing from outside."""

import http.server
import signal
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import page
import pytest

from app.letters.errors import LetterError, LimitReached, RenderFailed
from app.letters.manuscript import Attachment, Manuscript
from app.letters.render import LIMITS, LONGEST_HTML, Rendered, _order, render
from app.letters.workshop import Limits, Workshop
from tests.letters import samples
from tests.letters.conftest import Tool

BODY = "<!doctype html><html lang=en><title>T</title><body>{}</body></html>"


def with_body(body: str) -> Manuscript:
    return replace(samples.manuscript(), html=BODY.format(body))


def test_the_same_manuscript_gives_the_same_bytes_in_another_process(rendered: Rendered) -> None:
    other = Workshop("render", LIMITS)
    manuscript = samples.manuscript()
    _answer, pdf = other.do(_order(manuscript), b"".join(a.data for a in manuscript.attachments))
    other.close()
    assert pdf == rendered.pdf


def test_a_letter_for_one_dataset_has_one_page_and_one_of_evidence(rendered: Rendered) -> None:
    assert rendered.pages == 2
    assert rendered.spelled_out == ()


def test_a_long_letter_goes_on_overleaf_and_still_conforms(tool: Tool, tmp_path: Path) -> None:
    long = render(samples.manuscript(samples.longer(6)))
    assert long.pages > 2
    path = tmp_path / "long.pdf"
    path.write_bytes(long.pdf)
    for profile in ("3a", "ua1"):
        assert page.validate_pdf(str(path), profile=profile).is_compliant
    assert tool("pdftotext", path, "-").count("Scan to verify") == 1


def test_characters_that_no_font_has_are_written_as_their_code(tool: Tool, tmp_path: Path) -> None:
    made = render(with_body("<p>Plain \U0001093f words</p>"))
    assert made.spelled_out == ("\U0001093f",)
    path = tmp_path / "spelled.pdf"
    path.write_bytes(made.pdf)
    assert "[U+1093F]" in tool("pdftotext", path, "-")
    report = page.validate_pdf(str(path), profile="3a")
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]


def test_a_stream_whose_packed_bytes_end_like_a_line_is_still_counted_right(tool: Tool, tmp_path: Path) -> None:
    # zlib ends with the Adler-32 sum: look for data whose sum ends with a carriage return.
    data = next(d for d in (b"a" * n for n in range(1, 1000)) if zlib.adler32(d) & 0xFF == ord("\r"))
    made = render(replace(samples.manuscript(), attachments=(Attachment("policy.jsonld", data, "Policy"),)))
    path = tmp_path / "made.pdf"
    path.write_bytes(made.pdf)
    report = page.validate_pdf(str(path), profile="3a")
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    tool("pdfdetach", "-save", "1", "-o", tmp_path / "policy", path)
    assert (tmp_path / "policy").read_bytes() == data


BOMBS = {
    "a cell over a hundred thousand columns": "<table><tr><td colspan=100000>a</td><td>b</td></tr></table>",
    "three thousand nested boxes": "<div>" * 3000 + "x" + "</div>" * 3000,
    "half a million characters of text": "<p>" + "lorem ipsum dolor " * 30_000 + "</p>",
    "a table of ten thousand rows": "<table>" + "<tr><td>a<td>b<td>c</tr>" * 10_000 + "</table>",
    "an endless word": "<p>" + "a" * 400_000 + "</p>",
    "columns without end": "<div style='columns: 100000; column-gap: 0'>" + "a " * 20_000 + "</div>",
    "a page of a million points": "<div style='width: 1e9px; height: 1e9px; overflow: auto'>x</div>",
    "a gradient of ten thousand stops": "<div style='height:9cm;background:linear-gradient("
    + ",".join(["red", "blue"] * 5000)
    + ")'></div>",
}


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_layout_made_to_burn_time_ends_within_its_limits(bomb: str) -> None:
    quick = Workshop("render", Limits(cpu_seconds=4, memory_bytes=1024**3, wall_seconds=25))
    start = time.monotonic()
    reason, pdf = "", b""
    try:
        _answer, pdf = quick.do(_order(replace(with_body(bomb), attachments=())))
    except LetterError as error:
        reason = error.reason
    assert pdf.startswith(b"%PDF") or reason
    assert time.monotonic() - start < 30
    assert quick.do(_order(replace(with_body("fine"), attachments=())))[1].startswith(b"%PDF")
    quick.close()


def test_a_bomb_that_ran_out_of_time_says_so() -> None:
    strict = Workshop("render", Limits(cpu_seconds=1, memory_bytes=1024**3, wall_seconds=25))
    with pytest.raises(LimitReached, match="1 seconds of computing"):
        strict.do(_order(replace(with_body(BOMBS["half a million characters of text"]), attachments=())))
    strict.close()


def test_a_letter_that_a_held_machine_booked_too_much_time_on_is_made_all_the_same() -> None:
    workshop = Workshop("render", Limits(cpu_seconds=15, memory_bytes=1024**3, wall_seconds=60))
    order = _order(replace(with_body("fine"), attachments=()))
    workshop.do(order)
    child = workshop._idle[0]._process
    child.send_signal(signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(workshop.do, order)
        time.sleep(0.5)
        child.send_signal(signal.SIGXCPU)
        child.send_signal(signal.SIGCONT)
        assert making.result()[1].startswith(b"%PDF")
    assert child.returncode == -signal.SIGXCPU
    workshop.close()


def test_too_long_a_text_is_refused_before_it_is_laid_out() -> None:
    with pytest.raises(LimitReached, match="Shorten it"):
        render(with_body("x" * (LONGEST_HTML + 1)))


def test_an_unknown_stylesheet_is_a_named_error() -> None:
    with pytest.raises(RenderFailed, match="not a bundled stylesheet"):
        render(replace(samples.manuscript(), stylesheet="../../etc/passwd"))


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A web server that notes every request."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"CANARY")

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink"'
SINKS = (
    '<img src="{}" alt="x">',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<a rel="attachment" href="{}">x</a>',
    '<style>@import url("{}");</style>',
    '<style>@font-face {{ font-family: Z; src: url("{}") }} p {{ font-family: Z }}</style><p>x</p>',
    '<p style="background: url({})">x</p>',
    '<p style="border-image: url({}) 30">x</p>',
    '<ul style="list-style-image: url({})"><li>x</li></ul>',
    '<style>p::before {{ content: url("{}") }}</style><p>x</p>',
    '<object data="{}">x</object>',
    '<embed src="{}">',
    f'<svg {SVG}><image l:href="{{}}" width="9" height="9"/></svg>',
    f'<svg {SVG}><use l:href="{{}}#a"/></svg>',
    '<base href="{}"><img src="x" alt="x">',
    '<iframe src="{}"></iframe>',
)


@pytest.mark.parametrize("sink", SINKS)
def test_nothing_from_outside_is_fetched(sink: str, canary: tuple[str, list[str]], tmp_path: Path) -> None:
    address, seen = canary
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY")
    made = render(with_body("".join(sink.format(url) for url in (f"{address}/hit", secret.as_uri(), str(secret)))))
    assert seen == []
    raw = tmp_path / "made.pdf"
    raw.write_bytes(made.pdf)
    assert b"CANARY" not in unpacked(raw)
    assert b"secret.txt" not in unpacked(raw).replace(b"URI (file", b"")


def unpacked(path: Path) -> bytes:
    """Every stream of the file, decompressed, attachments included."""
    return subprocess.run(
        ["qpdf", "--qdf", "--object-streams=disable", path, "-"], capture_output=True, check=True
    ).stdout
