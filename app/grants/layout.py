"""What a grant letter shows, in reading order, and the HTML that shows it. Knows no table: `letter` fills it from the record."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

_TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"


@dataclass(frozen=True)
class Row:
    """A label and its text."""

    label: str
    text: str
    is_strong: bool = False
    is_digest: bool = False
    clause: str = ""
    source: str = ""


@dataclass(frozen=True)
class Promise:
    """What the member does, when, and the clause that says so."""

    words: str
    when: str
    clause: str


@dataclass(frozen=True)
class Signature:
    """Who agreed, in what capacity, when and how it was made sure that it was they."""

    name: str
    capacity: str
    moment: str


@dataclass(frozen=True)
class Part:
    """A heading and the rows under it."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Changed:
    """One thing that is not as it was in the letter before."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Letter:
    """A grant letter, ready to be set."""

    language: str
    number: str
    title: str
    consortium: str
    issued_on: str
    lead: str
    rows: tuple[Row, ...]
    promises_heading: str
    promises: tuple[Promise, ...]
    signatures: tuple[Signature, ...]
    qr_code: Markup
    code: str
    record_mark: str
    evidence_note: str
    evidence: tuple[Part, ...]
    annex: tuple[Part, ...]
    verify_page: str
    heading: str = "Grant of use"
    changes_heading: str = ""
    changes: tuple[Changed, ...] = ()


def to_html(letter: Letter) -> str:
    """The letter as one HTML document; everything in it is escaped but the QR code, which is ours."""
    return environment().get_template("grant_letter.html").render(letter=letter)


@cache
def environment() -> Environment:
    """The templates of letters."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    # Letters are written in the language of the agreement, not in that of who happens to read the page.
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return made
