"""Which columns of a table look as if they told who somebody is: by what they are called, and by what is in them."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from app.catalog.profiles.making import is_made_up_text
from app.catalog.profiles.measuring import looked_at
from app.catalog.profiles.reading import NOTHING, SCALES
from app.catalog.profiles.shapes import profile_of
from app.foundation.text import fold

# Of a cell so much is looked at as may be shown of it. Every test below takes time in proportion to it.
_LOOKED_AT = 200
_CALLED = re.compile(
    r"\b(e ?mails?|mail address|correo( electronico)?|(tele)?phones?|tel|telefonos?|telefone|mobile|celular|msisdn|whatsapp"
    r"|(first|last|family|middle|full|person|respondent|patient|owner|contact) ?name|surname|forename|apellidos?|sobrenome"
    r"|prenom|passport|pasaporte|ssn|social security|national id|id card|dni|cedula|cpf|curp|nid|tax id|date of birth|dob)\b"
)
_NAME = frozenset({"name", "names", "nombre", "nombres", "nome", "nom"})
_NO_MAIL = re.compile(r"[\s<>,;]+")
_HOST = re.compile(r".+\.[^\W\d_]{2}")
_PHONE = re.compile(r"(?=(?:\D*\d){7,15}\D*$)(\+|00|0(?=\d+[ ./-])|\()[\d ()./-]+|\d{3}[-. ]\d{3}[-. ]\d{4}")
_NUMBER_OF_PERSON = re.compile(r"\d{3}-\d{2}-\d{4}|\d{3}\.\d{3}\.\d{3}-\d{2}")
_WORD_OF_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’-])*")
_FEWEST_WORDS, _MOST_WORDS = 2, 4


def persons_in(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The columns that look like mail addresses, telephone numbers, names of persons or their numbers, in their order.

    A column of texts that this product made up names nobody.
    """
    seen = looked_at(heads, rows)
    return tuple(
        head
        for place, head in enumerate(heads)
        if _is_of_persons(head, [row[place][:_LOOKED_AT].strip() for row in seen if place < len(row)])
    )


def persons_kept(sample: Mapping[str, object] | None, profile: Mapping[str, object] | None) -> tuple[str, ...]:
    """The columns that look like it of what a listing keeps: of the rows that are shown, and of the values in the shapes."""
    heads, rows = (sample or {}).get("heads"), (sample or {}).get("rows")
    found: list[str] = []
    if isinstance(heads, list) and isinstance(rows, list):
        cells = [[str(cell) for cell in row] for row in rows if isinstance(row, list)]
        found += persons_in([str(head) for head in heads], cells)
    shapes = profile_of(profile)
    for column in shapes.columns if shapes else ():
        found += persons_in([column.name], [[bar.label] for bar in column.bars])
    return tuple(dict.fromkeys(found))


def without(
    heads: Sequence[str], rows: Sequence[Sequence[str]], left_out: Sequence[str]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table without these columns."""
    kept = [place for place, head in enumerate(heads) if head not in left_out]
    return tuple(heads[place] for place in kept), [
        tuple(row[place] if place < len(row) else "" for place in kept) for row in rows
    ]


def _is_of_persons(head: str, cells: Sequence[str]) -> bool:
    held = [cell for cell in cells if cell not in NOTHING and not is_made_up_text(head, cell)]
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head[:_LOOKED_AT])
    called = " ".join(part for part in re.split(r"[^a-z0-9]+", fold(spaced)) if part)
    if not held:
        return False
    if _CALLED.search(called) or any(_has_mail(cell) for cell in held):
        return True
    if any(all(scale.read(cell) is not None for cell in held) for scale in SCALES.values()):
        return False
    numbers = sum(bool(_PHONE.fullmatch(cell) or _NUMBER_OF_PERSON.fullmatch(cell)) for cell in held)
    named = sum(_is_name(cell) for cell in held) if called in _NAME else 0
    return max(numbers, named) * 2 > len(held)


def _has_mail(cell: str) -> bool:
    if "@" not in cell:
        return False
    parts = [token.split("@") for token in _NO_MAIL.split(cell)]
    return any(before and _HOST.match(after) for token in parts for before, after in pairwise(token))


def _is_name(cell: str) -> bool:
    words = cell.split(" ")
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS:
        return False
    return all(_WORD_OF_NAME.fullmatch(word) for word in [*(word.removesuffix(",") for word in words[:-1]), words[-1]])
