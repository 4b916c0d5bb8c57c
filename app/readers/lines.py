"""Reads JSON lines: one dataset per line. A line that is broken is refused alone."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, NoReturn

from app.readers.entries import Entry, Names
from app.readers.trees import entry_of

_LONGEST_LINE = 16 * 1024 * 1024


def is_lines(file: IO[bytes]) -> bool:
    """Whether the first line is an object of its own and another one follows."""
    file.seek(0)
    first = file.readline(_LONGEST_LINE)
    while first and not first.strip():
        first = file.readline(_LONGEST_LINE)
    following = file.readline(_LONGEST_LINE)
    while following and not following.strip():
        following = file.readline(_LONGEST_LINE)
    file.seek(0)
    return following.lstrip()[:1] == b"{" and isinstance(_parsed(first), dict)


def read_lines(file: IO[bytes]) -> Iterator[Entry]:
    """One entry per line, numbered as an editor numbers them."""
    names = Names()
    for row, line in enumerate(file, 1):
        if not line.strip():
            continue
        item = _parsed(line)
        if isinstance(item, Mapping):
            yield entry_of(row, item, names)
        else:
            yield Entry(row, None, item if isinstance(item, str) else "is no object between braces")


def _parsed(line: bytes) -> object:
    """The object of a line; a sentence when the line is no JSON."""
    try:
        found = json.loads(line, parse_constant=_refuse)
    except RecursionError:
        return "is nested too deeply"
    except ValueError:
        return "is no JSON"
    return found if isinstance(found, dict) else None


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
