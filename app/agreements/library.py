"""The published versions of the common agreement, read from `agreements/` and checked against its LEDGER.

A version whose text differs from its line in LEDGER is refused, whoever asks for it. Versions never change, so that each is
read once per process.
"""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

from app.agreements.text import BadText, Clause, read_clauses
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.rules.terms import AgreementTerms, BadSchedule, read_schedule

FOLDER = Path(__file__).resolve().parents[2] / "agreements"
_LINE = re.compile(r"(?P<id>[a-z0-9][a-z0-9.-]{0,39})  (?P<day>\d{4}-\d{2}-\d{2})  (?P<sha256>[0-9a-f]{64})")


class BrokenAgreement(SystemExit):
    """The folder `agreements/` cannot be trusted or read; the message says what differs and how to mend it.

    Ends the program when it starts: an agreement that may have been altered is neither shown nor signed.
    """


class VersionKind(StrEnum):
    """How a version came about (clause 22)."""

    ORDINARY = "ordinary"
    URGENT = "urgent"
    EDITORIAL = "editorial"


@dataclass(frozen=True)
class Entry:
    """One line of LEDGER."""

    id: str
    published_on: date
    sha256: str


@dataclass(frozen=True)
class Group:
    """Clauses that answer one question: why, what, who, how, when, where."""

    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Version:
    """One published version, as it is read and signed. `text_hash` is what a signature binds, besides `id`."""

    id: str
    title: str
    short_title: str
    kind: VersionKind
    status: str
    note: str
    published_on: date
    adopted_on: date
    in_force_on: date
    supersedes: str | None
    authoritative_language: str
    languages: tuple[str, ...]
    reading_minutes: int
    text_hash: str
    clauses: tuple[Clause, ...] = field(repr=False)
    terms: AgreementTerms = field(repr=False)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The clauses under their groups, in order."""
        titles = dict.fromkeys(clause.group for clause in self.clauses)
        return tuple(Group(title, tuple(c for c in self.clauses if c.group == title)) for title in titles)

    @property
    def is_model(self) -> bool:
        """Whether it is a template that counsel must review, and no consortium's own text."""
        return self.status == "model"

    @property
    def document(self) -> str:
        """Its name among the documents that terms come from."""
        return self.terms.layer.document

    def clause(self, slug: str) -> Clause:
        """The clause of that slug.

        Raises:
            NotFound: this version has no such clause.
        """
        for clause in self.clauses:
            if clause.slug == slug:
                return clause
        raise NotFound(N_("This version of the agreement has no such clause."))


class Library:
    """The versions in one folder. Everybody but a test uses the one that the functions below share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Version] = {}

    @cached_property
    def ledger(self) -> tuple[Entry, ...]:
        """The lines of LEDGER, oldest first.

        Raises:
            BrokenAgreement: it is missing, a line is malformed, or an id stands in it twice.
        """
        try:
            lines = (self._folder / "LEDGER").read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BrokenAgreement(
                f"The list of published versions, {self._folder / 'LEDGER'}, cannot be read: {error}."
            ) from error
        entries = tuple(_entry(line) for line in lines if line.strip() and not line.startswith("#"))
        if len({entry.id for entry in entries}) < len(entries):
            raise BrokenAgreement(
                "LEDGER names a version twice. Each version is published once; take the later line out."
            )
        return entries

    def version(self, version_id: str) -> Version:
        """A published version, verified.

        Raises:
            NotFound: no version of that id was published.
            BrokenAgreement: its text differs from LEDGER, or cannot be read.
        """
        if version_id not in self._read:
            entry = next((entry for entry in self.ledger if entry.id == version_id), None)
            if entry is None:
                raise NotFound(
                    N_(
                        "No version of the agreement has this number. The agreement's page lists those that were published."
                    )
                )
            self._read[version_id] = _read_version(self._folder / "common" / entry.id, entry)
        return self._read[version_id]

    def versions(self) -> tuple[Version, ...]:
        """All published versions, newest first."""
        return tuple(self.version(entry.id) for entry in reversed(self.ledger))

    def current(self) -> Version:
        """The version that is signed now: the last one published.

        Raises:
            NotFound: none was published yet.
        """
        if not self.ledger:
            raise NotFound(
                N_("No version of the agreement has been published yet. The secretariat publishes the first one.")
            )
        return self.version(self.ledger[-1].id)


@lru_cache(maxsize=1)
def library() -> Library:
    """The versions that this installation serves."""
    return Library(FOLDER)


def current_version() -> Version:
    """The version that is signed now."""
    return library().current()


def version(version_id: str) -> Version:
    """A published version by its id, such as `2026-1`.

    Raises:
        NotFound: no version of that id was published.
        BrokenAgreement: its text differs from LEDGER.
    """
    return library().version(version_id)


def versions() -> tuple[Version, ...]:
    """All published versions, newest first."""
    return library().versions()


def terms_of(of: Version) -> AgreementTerms:
    """The parameters of a version, and the layer of values that it gives them: the first argument of `merge`."""
    return of.terms


def signed_files(language: str) -> tuple[str, ...]:
    """The files that the text hash covers, in the order in which it does."""
    return (f"{language}.md", "meta.toml", f"plain.{language}.toml", "terms.toml")


def text_hash(contents: Mapping[str, bytes]) -> str:
    """SHA-256 over the lines that `sha256sum` prints for the signed files: two programs that everyone has can make it again."""
    lines = [f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in sorted(contents)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _entry(line: str) -> Entry:
    match = _LINE.fullmatch(line)
    if match is None:
        raise BrokenAgreement(
            f"LEDGER: “{line[:80]}” is no line of the form “id  date  hash”, two spaces between. Restore it."
        )
    return Entry(match["id"], date.fromisoformat(match["day"]), match["sha256"])


def _read_version(folder: Path, entry: Entry) -> Version:
    try:
        language = str(tomllib.loads(_canonical(folder / "meta.toml").decode())["authoritative_language"])
        contents = {name: _canonical(folder / name) for name in signed_files(language)}
    except (KeyError, tomllib.TOMLDecodeError) as error:
        raise BrokenAgreement(f"{folder / 'meta.toml'} cannot be read: {error}. {_restore(folder)}") from error
    found = text_hash(contents)
    if found != entry.sha256:
        raise BrokenAgreement(
            f"The text of version {entry.id} is not the one that was published: its hash is {found}, LEDGER says {entry.sha256}. "
            f"{_restore(folder)} A change of the text is published as a new version."
        )
    try:
        return _assemble(folder, entry, language, {name: data.decode() for name, data in contents.items()})
    except (KeyError, ValueError, TypeError, BadText, BadSchedule) as error:
        raise BrokenAgreement(f"Version {entry.id} cannot be read: {error}") from error


def _restore(folder: Path) -> str:
    return f"Restore {folder} from the release that was published."


def _canonical(path: Path) -> bytes:
    """The file's bytes, refused unless they are the one form in which this text can be written."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenAgreement(f"{path} cannot be read: {error}. {_restore(path.parent)}") from error
    if (
        "\r" in text
        or text.startswith("\ufeff")
        or not text.endswith("\n")
        or unicodedata.normalize("NFC", text) != text
    ):
        raise BrokenAgreement(
            f"{path} must be UTF-8 in composed form, without byte-order mark, with LF line ends. {_restore(path.parent)}"
        )
    return data


def _assemble(folder: Path, entry: Entry, language: str, texts: Mapping[str, str]) -> Version:
    meta = tomllib.loads(texts["meta.toml"])
    if meta["id"] != entry.id:
        raise ValueError(f"meta.toml says {meta['id']}")
    terms = read_schedule(tomllib.loads(texts["terms.toml"]), f"agreement@{entry.id}", entry.id, entry.sha256)
    return Version(
        id=entry.id,
        title=str(meta["title"]),
        short_title=str(meta["short_title"]),
        kind=VersionKind(meta["kind"]),
        status=str(meta["status"]),
        note=str(meta["note"]),
        published_on=entry.published_on,
        adopted_on=meta["adopted_on"],
        in_force_on=meta["in_force_on"],
        supersedes=meta.get("supersedes"),
        authoritative_language=language,
        languages=tuple(sorted(path.stem for path in folder.glob("??.md"))),
        reading_minutes=int(meta["reading_minutes"]),
        text_hash=entry.sha256,
        clauses=_with_plain_words(texts[f"{language}.md"], tomllib.loads(texts[f"plain.{language}.toml"]), terms),
        terms=terms,
    )


def _with_plain_words(markdown: str, plain: Mapping[str, str], terms: AgreementTerms) -> tuple[Clause, ...]:
    clauses = read_clauses(markdown)
    slugs = {clause.slug for clause in clauses}
    if slugs != set(plain):
        raise ValueError(f"plain words are missing or too many: {', '.join(sorted(slugs ^ set(plain)))}")
    points = {clause.slug: {point.number for point in clause.points} for clause in clauses}
    for spec in terms.specs.by_name.values():
        if spec.point not in points.get(spec.clause, ()):
            raise ValueError(f"parameter {spec.name} points at {spec.clause} {spec.point}, which does not exist")
    return tuple(replace(clause, plain=str(plain[clause.slug])) for clause in clauses)
