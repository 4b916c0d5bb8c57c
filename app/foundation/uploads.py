"""Files that people bring: only kinds on a list, known by their first bytes and not by their name."""

import re
from dataclasses import dataclass

from app.foundation.errors import Invalid
from app.foundation.text import clean_line
from app.foundation.words import N_

LARGEST_UPLOAD = 20 * 1024 * 1024
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.csv,.txt"
TEXTS = frozenset({"text/csv", "text/plain"})
_LONGEST_NAME = 120
_MAGIC = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
)
# What a browser or a spreadsheet would run, however the file is named.
_ACTIVE = re.compile(rb"<\s*(script|html|svg|!doctype|\?xml)", re.IGNORECASE)


@dataclass(frozen=True)
class Upload:
    """A file that was accepted: its bytes, what they are, and a name that fits them."""

    data: bytes
    media_type: str
    filename: str


def recognized(data: bytes, filename: str, field: str = "file") -> Upload:
    """The file as it may be kept; its name gets the ending that its bytes have.

    Raises:
        Invalid: it is empty, too large, or of no kind on the list.
    """
    if not data:
        raise Invalid(N_("This file is empty. Choose another one."), field=field)
    if len(data) > LARGEST_UPLOAD:
        raise Invalid(N_("This file is larger than 20 MB. Choose a smaller one, or give its address."), field=field)
    for magic, media_type, ending in _MAGIC:
        if data.startswith(magic):
            return Upload(data, media_type, _named(filename, ending))
    if _is_plain_text(data):
        is_table = filename.lower().endswith(".csv")
        return Upload(data, "text/csv" if is_table else "text/plain", _named(filename, ".csv" if is_table else ".txt"))
    raise Invalid(N_("Choose a PDF, a PNG or JPEG picture, a CSV table or a plain text."), field=field)


def _is_plain_text(data: bytes) -> bool:
    if b"\x00" in data or _ACTIVE.search(data[:4096]):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _named(filename: str, ending: str) -> str:
    stem = re.sub(r"[^\w .()-]+", "-", clean_line(filename.replace("\\", "/").rsplit("/", maxsplit=1)[-1]))
    stem = re.sub(r"\.\w{1,5}$", "", stem).strip(" .-")[:_LONGEST_NAME]
    return f"{stem or 'file'}{ending}"
