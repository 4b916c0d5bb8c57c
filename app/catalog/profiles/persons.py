"""Which columns of a table look as if they told who somebody is: by what they are called, and by what is in them."""

import re
from collections.abc import Sequence

from app.catalog.profiles.reading import NOTHING, SCALES
from app.foundation.text import fold

_CALLED = re.compile(
    r"\b(e ?mails?|mail address|correo( electronico)?|(tele)?phones?|tel|telefonos?|telefone|mobile|celular|msisdn|whatsapp"
    r"|(first|last|family|middle|full|person|respondent|patient|owner|contact) ?name|surname|forename|apellidos?|sobrenome"
    r"|prenom|passport|pasaporte|ssn|social security|national id|id card|dni|cedula|cpf|curp|nid|tax id|date of birth|dob)\b"
)
_NAME = frozenset({"name", "names", "nombre", "nombres", "nome", "nom"})
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\W\d_]{2,}")
_PHONE = re.compile(r"(?=(?:\D*\d){7,15}\D*$)(\+|00|0(?=\d+[ ./-])|\()[\d ()./-]+|\d{3}[-. ]\d{3}[-. ]\d{4}")
_NUMBER_OF_PERSON = re.compile(r"\d{3}-\d{2}-\d{4}|\d{3}\.\d{3}\.\d{3}-\d{2}")
_PERSON = re.compile(r"([^\W\d_][^\W\d_.'’-]*[.'’-]?[^\W\d_]*)(,? [^\W\d_][^\W\d_.'’-]*[.'’-]?[^\W\d_]*){1,3}")


def persons_in(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The columns that look like mail addresses, telephone numbers, names of persons or their numbers, in their order."""
    return tuple(
        head
        for place, head in enumerate(heads)
        if _is_of_persons(head, [row[place].strip() for row in rows if place < len(row)])
    )


def without(
    heads: Sequence[str], rows: Sequence[Sequence[str]], left_out: Sequence[str]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table without these columns."""
    kept = [place for place, head in enumerate(heads) if head not in left_out]
    return tuple(heads[place] for place in kept), [
        tuple(row[place] if place < len(row) else "" for place in kept) for row in rows
    ]


def _is_of_persons(head: str, cells: Sequence[str]) -> bool:
    held = [cell for cell in cells if cell not in NOTHING]
    called = " ".join(part for part in re.split(r"[^a-z0-9]+", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head))) if part)
    if not held:
        return False
    if _CALLED.search(called) or any(_MAIL.search(cell) for cell in held):
        return True
    if any(all(scale.read(cell) is not None for cell in held) for scale in SCALES.values()):
        return False
    numbers = sum(bool(_PHONE.fullmatch(cell) or _NUMBER_OF_PERSON.fullmatch(cell)) for cell in held)
    named = sum(bool(_PERSON.fullmatch(cell)) for cell in held) if called in _NAME else 0
    return max(numbers, named) * 2 > len(held)
