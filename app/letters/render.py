"""The one door to WeasyPrint: HTML and a bundled stylesheet become a PDF that is PDF/A-3a and PDF/UA-1 at once.

`render` hands the work to a child process; `work` is what the child does. The same manuscript gives the same bytes.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from app.letters.errors import LetterError, LimitReached, RenderFailed
from app.letters.finish import Finisher
from app.letters.manuscript import Attachment, Manuscript, SignatureField
from app.letters.workshop import Limits, Workshop

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

LIMITS = Limits(cpu_seconds=15, memory_bytes=1024**3, wall_seconds=60)
LONGEST_HTML = 600_000
LARGEST_ATTACHMENTS = 10 * 1024 * 1024
_HERE = Path(__file__).parent
_BUNDLED = "bundled:"
_STYLESHEETS = ("letter.css", "agreement.css")
_workshop = Workshop("render", LIMITS)


@dataclass(frozen=True)
class Rendered:
    """The unsigned PDF, its number of pages, and the characters that no font could show and that were written as their code."""

    pdf: bytes
    pages: int
    spelled_out: tuple[str, ...]


def render(manuscript: Manuscript) -> Rendered:
    """Make the PDF in a child process within `LIMITS`.

    Raises:
        LimitReached: the text is too long, or its layout takes too much time or memory.
        RenderFailed: the text could not be laid out.
    """
    size = len(manuscript.html)
    if size > LONGEST_HTML:
        raise LimitReached(f"The text has {size} characters; a document may have {LONGEST_HTML}. Shorten it.")
    if sum(len(attachment.data) for attachment in manuscript.attachments) > LARGEST_ATTACHMENTS:
        raise LimitReached("The attached files are larger than 10 MB together. Attach less.")
    try:
        answer, pdf = _workshop.do(_order(manuscript), b"".join(a.data for a in manuscript.attachments))
    except LimitReached:
        raise
    except LetterError as error:
        raise RenderFailed(f"The document could not be laid out: {error.reason}") from error
    spelled = answer["spelled_out"]
    return Rendered(pdf, int(str(answer["pages"])), tuple(spelled) if isinstance(spelled, list) else ())


def _order(manuscript: Manuscript) -> dict[str, object]:
    made_at = manuscript.made_at.astimezone(UTC).replace(microsecond=0)
    return {
        "html": manuscript.html,
        "identifier": manuscript.identifier,
        "title": manuscript.title,
        "subject": manuscript.subject,
        "author": manuscript.author,
        "made_at": made_at.isoformat(),
        "language": manuscript.language,
        "stylesheet": manuscript.stylesheet,
        "attachments": [
            {"name": a.name, "size": len(a.data), "description": a.description, "relationship": a.relationship}
            for a in manuscript.attachments
        ],
        "fields": [{"name": f.name, "tooltip": f.tooltip} for f in manuscript.signature_fields],
    }


def work(order: Mapping[str, object], body: bytes) -> tuple[dict[str, object], bytes]:
    """What the child does with one order."""
    manuscript = _manuscript(order, body)
    pdf, pages, missing = _lay_out(manuscript, manuscript.html)
    if missing:
        # A glyph that no font has would break PDF/A; its code in brackets says what stood there.
        pdf, pages, _ = _lay_out(manuscript, _spell_out(manuscript.html, missing))
    return {"pages": pages, "spelled_out": sorted(missing)}, pdf


def warm_up() -> None:
    """Load the library, fonts and styles."""
    for stylesheet in _STYLESHEETS:
        _press(stylesheet)


def _manuscript(order: Mapping[str, object], body: bytes) -> Manuscript:
    attachments, start = [], 0
    for entry in _entries(order["attachments"]):
        end = start + int(str(entry["size"]))
        attachments.append(
            Attachment(str(entry["name"]), body[start:end], str(entry["description"]), str(entry["relationship"]))
        )
        start = end
    return Manuscript(
        html=str(order["html"]),
        identifier=str(order["identifier"]),
        title=str(order["title"]),
        subject=str(order["subject"]),
        author=str(order["author"]),
        made_at=datetime.fromisoformat(str(order["made_at"])),
        attachments=tuple(attachments),
        signature_fields=tuple(
            SignatureField(str(entry["name"]), str(entry["tooltip"])) for entry in _entries(order["fields"])
        ),
        language=str(order["language"]),
        stylesheet=str(order["stylesheet"]),
    )


def _entries(value: object) -> Sequence[Mapping[str, object]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _lay_out(manuscript: Manuscript, html: str) -> tuple[bytes, int, frozenset[str]]:
    # The heavy library loads here, in the child only.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint import Attachment as Embedded  # noqa: PLC0415

    fonts, styles, fetcher = _press(manuscript.stylesheet)
    finisher = Finisher(manuscript)
    with _MissingGlyphs() as missing:
        pdf = HTML(string=html, base_url=_BUNDLED, url_fetcher=fetcher).write_pdf(
            stylesheets=[styles],
            font_config=fonts,
            pdf_variant="pdf/a-3a",
            pdf_tags=True,
            pdf_identifier=manuscript.identifier,
            uncompressed_pdf=True,  # the finisher compresses, see there
            attachments=[
                Embedded(
                    string=attachment.data,
                    name=attachment.name,
                    description=attachment.description,
                    relationship=attachment.relationship,
                    created=manuscript.made_at,
                    modified=manuscript.made_at,
                    url_fetcher=fetcher,
                )
                for attachment in manuscript.attachments
            ],
            finisher=finisher,
        )
    return pdf, finisher.pages, frozenset(missing.found)


@cache
def _press(stylesheet: str) -> "tuple[FontConfiguration, CSS, URLFetcher]":
    """Fonts and styles, loaded once per process: they cost more than a letter."""
    from weasyprint import CSS  # noqa: PLC0415 - heavy
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    if stylesheet not in _STYLESHEETS:
        raise ValueError(f"{stylesheet} is not a bundled stylesheet")
    fetcher = _bundled_only()
    fonts = FontConfiguration()
    styles = CSS(string=(_HERE / stylesheet).read_text(), font_config=fonts, url_fetcher=fetcher)
    return fonts, styles, fetcher


def _bundled_only() -> "URLFetcher":
    """A fetcher that serves the bundled fonts and refuses every other address, local files and data URLs included."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - heavy

    fonts = {f"{_BUNDLED}{path.name}": path for path in sorted((_HERE / "fonts").glob("*.ttf"))}

    class BundledOnly(URLFetcher):
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
            if url not in fonts:
                raise ValueError("a document holds nothing from outside")
            return URLFetcherResponse(url, fonts[url].read_bytes(), {"Content-Type": "font/ttf"})

    return BundledOnly(allowed_protocols=(), allow_redirects=False)


def _spell_out(html: str, missing: frozenset[str]) -> str:
    return re.sub("[" + re.escape("".join(sorted(missing))) + "]", lambda match: f"[U+{ord(match.group()):04X}]", html)


class _MissingGlyphs(logging.Handler):
    """Collects the characters that WeasyPrint reports as unsupported by every font."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: set[str] = set()
        self._logger = logging.getLogger("weasyprint")

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
            self.found.add(str(record.args[0]))

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
