"""Text that people type: made safe to store, short for addresses, folded for search."""

import re
import unicodedata

# What no honest writer types: control characters but tab and line ends, characters that reorder or hide what a reader sees
# (Unicode TR36 §2.4), the byte-order mark, lone surrogates.
_NEVER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_NO_WORD = re.compile(r"[^\w]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def clean(text: str) -> str:
    """The text in Unicode's composed form, without what no honest writer types.

    Removes NUL and other control characters, direction overrides and lone surrogates; line ends become LF.
    """
    if text.isascii() and text.isprintable():  # what most texts are; nothing of it would be touched
        return text.strip()
    kept = _NEVER.sub("", text)
    return unicodedata.normalize("NFC", kept.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_line(text: str) -> str:
    """`clean`, on a single line."""
    return " ".join(clean(text).split())


def whole_number(text: str | None, most_digits: int = 18) -> int:
    """The number that somebody typed or put into an address; 0 where it is none, or longer than any key or page."""
    said = text or ""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= most_digits else 0


def fold(text: str) -> str:
    """The form in which words are compared: lower case, without accents, single spaces."""
    bare = clean(text).casefold()
    if not bare.isascii():  # most words are, and need no look at each character
        bare = _NOT_ASCII.sub(_unaccented, bare)
    return _NO_WORD.sub(" ", bare).strip()


def _unaccented(found: re.Match[str]) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", found[0]) if not unicodedata.combining(c))


def slugify(text: str, longest: int = 60) -> str:
    """Words for an address: ASCII letters and digits joined by hyphens."""
    plain = fold(text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].rstrip("-")


def word_count(text: str) -> int:
    """How many words a person would count."""
    return len(text.split())
