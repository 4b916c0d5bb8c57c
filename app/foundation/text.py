"""Text that people type: made safe to store, short for addresses, folded for search."""

import re
import unicodedata

# Characters that reorder or hide what a reader sees (Unicode TR36 §2.4), and the byte-order mark.
_DECEPTIVE = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF])
_CONTROLS = dict.fromkeys(c for c in [*range(0x20), *range(0x7F, 0xA0)] if c not in (0x09, 0x0A, 0x0D))
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text in Unicode's composed form, without what no honest writer types.

    Removes NUL and other control characters, direction overrides and lone surrogates; line ends become LF.
    """
    kept = _SURROGATES.sub("", text).translate(_CONTROLS).translate(_DECEPTIVE)
    return unicodedata.normalize("NFC", kept.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_line(text: str) -> str:
    """`clean`, on a single line."""
    return re.sub(r"\s+", " ", clean(text))


def fold(text: str) -> str:
    """The form in which words are compared: lower case, without accents, single spaces."""
    bare = unicodedata.normalize("NFKD", clean(text).casefold())
    return re.sub(r"[^\w]+", " ", "".join(c for c in bare if not unicodedata.combining(c))).strip()


def slugify(text: str, longest: int = 60) -> str:
    """Words for an address: ASCII letters and digits joined by hyphens."""
    plain = fold(text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].rstrip("-")


def word_count(text: str) -> int:
    """How many words a person would count."""
    return len(text.split())
