"""What people said about a catalog: about the file that they look at, and what is kept for every one of a data partner."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.exchange.models import ImportChoice, KeptChoice
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.rules.publishers import Answer

_LAST_ROW = 10_000


@dataclass(frozen=True)
class Choices:
    """Of one file terms by column, a sheet and the row of its header; terms by column that hold wherever there is one; answers
    by publisher."""

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)
    publishers: Mapping[str, Answer] = field(default_factory=dict)
    header: int = 0

    def to_json(self) -> JSONObject:
        """As it is kept with a run, which goes on as it began whatever is said meanwhile."""
        return {
            "columns": dict(self.columns),
            "sheet": self.sheet,
            "kept": dict(self.kept),
            "publishers": {name: answer.value for name, answer in self.publishers.items()},
            "header": self.header,
        }


def choices_in(said: JSONObject) -> Choices:
    """What a run began with."""

    def mapping(name: str) -> Mapping[str, object]:
        found = said.get(name)
        return found if isinstance(found, Mapping) else {}

    header = said.get("header")
    return Choices(
        _texts(mapping("columns")), str(said.get("sheet", "")), _texts(mapping("kept")), _answers(mapping("publishers")),
        header if isinstance(header, int) else 0,
    )  # fmt: skip


def choices_of(session: Session, organization_id: int, file_id: int | None = None) -> Choices:
    """What holds for a catalog of this data partner; what was said of the file itself comes first."""
    kept, said = session.get(KeptChoice, organization_id), None
    if file_id is not None:
        said = session.get(ImportChoice, file_id)
    return Choices(
        _texts(said.columns) if said else {},
        said.sheet if said else "",
        _texts(kept.columns) if kept else {},
        (_answers(kept.publishers) if kept else {}) | (_answers(said.publishers) if said else {}),
        said.header if said else 0,
    )


def asked_choices(columns: Iterable[str], publishers: Iterable[str], sheet: str = "", header: str = "") -> Choices:
    """What a program or an operator says of a catalog in words: NAME:FIELD, or NAME=FIELD, and the same of publishers.

    A column that is named more than once, or with several fields between commas, is each of them.

    Raises:
        Invalid: one of them is no such pair, no answer about a publisher, or no number of a row.
    """
    answers = _pairs(publishers, "publisher")
    if not set(answers.values()) <= set(Answer):
        raise Invalid(N_("Say of a publisher NAME:ours, NAME:take or NAME:leave."), "publisher")
    named = {name: Answer(word) for name, word in answers.items()}
    return Choices(_pairs(columns, "map"), sheet, publishers=named, header=asked_header(header))


def asked_header(said: str) -> int:
    """The row of the header that somebody names; 0 where nothing is said. Raises Invalid."""
    if said and not (said.isdecimal() and len(said) <= len(str(_LAST_ROW)) and 0 < int(said) <= _LAST_ROW):
        raise Invalid(N_("Give the row of the header as its number in the file, such as 4."), "header")
    return int(said or 0)


def _pairs(given: Iterable[str], field: str) -> dict[str, str]:
    found = [re.fullmatch(r"(.+)[:=]([^:=]*)", one, re.DOTALL) for one in given]
    if None in found:
        raise Invalid(N_("Write a name, a colon, and what it stands for, such as Thema:title."), field)
    said: dict[str, str] = {}
    for one in found:
        if one:
            said[one[1]] = f"{said[one[1]]},{one[2]}" if field == "map" and said.get(one[1]) else one[2]
    return said


def _texts(columns: Mapping[str, object]) -> dict[str, str]:
    return {name: str(term) for name, term in columns.items()}


def _answers(publishers: Mapping[str, object]) -> dict[str, Answer]:
    return {name: Answer(str(answer)) for name, answer in publishers.items()}
