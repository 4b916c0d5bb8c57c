"""Reads what web pages tell search engines about datasets: JSON-LD in script tags. Nothing on the page is run or loaded."""

import io
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

from app.foundation.words import N_
from app.readers.entries import Entry, Unreadable
from app.readers.trees import read_tree

_MOST_SCRIPTS = 200


def is_page(head: bytes) -> bool:
    """Whether a file begins like a web page."""
    start = head.lower()
    return b"<!doctype html" in start or b"<html" in start or b"application/ld+json" in start


def read_page(data: bytes) -> Iterator[Entry]:
    """One entry per dataset that the page describes.

    Raises:
        Unreadable: it describes none, or what it says is broken.
    """
    reader = _Scripts()
    reader.feed(data.decode("utf-8", "replace"))
    reader.close()
    found: list[Entry] = []
    problem: Unreadable | None = None
    for script in reader.scripts[:_MOST_SCRIPTS]:
        try:
            found += read_tree(io.BytesIO(script.encode("utf-8", "replace")))
        except Unreadable as error:
            problem = error
    if not found:
        raise Unreadable(
            N_("This is a web page that describes no dataset in JSON-LD."),
            problem.problem if problem else N_("Ask its maker for the catalog as DCAT, CSV or a workbook."),
        )
    return (replace(entry, row=row) for row, entry in enumerate(found, 1))


class _Scripts(HTMLParser):
    """Collects the scripts that hold JSON-LD."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self._pieces: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        kind = next((value for name, value in attributes if name == "type"), "") or ""
        if tag == "script" and kind.split(";")[0].strip().lower() == "application/ld+json":
            self._pieces = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._pieces is not None:
            self.scripts.append("".join(self._pieces))
            self._pieces = None

    def handle_data(self, data: str) -> None:
        if self._pieces is not None:
            self._pieces.append(data)
