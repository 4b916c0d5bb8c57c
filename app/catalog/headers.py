"""A header line, or a whole dictionary as a table, as people paste it: into columns, or a sentence that names the wrong one."""

from collections.abc import Sequence

from app.catalog.answers import Column
from app.foundation.errors import Invalid
from app.foundation.text import clean_line, fold
from app.foundation.words import N_
from app.readers import Unreadable, read_rows

LONGEST_NAME = 200
MOST_PASTED = 500
_TOLD = 5

# What the parts of a dictionary are called elsewhere, in the product's languages.
_PARTS: dict[str, tuple[str, ...]] = {
    "name": ("name", "column", "variable", "field", "columna", "nombre", "coluna", "nome", "colonne", "nom", "campo", "variavel"),
    "meaning": ("meaning", "description", "label", "definition", "descripcion", "significado", "descricao", "libelle"),
    "type": ("type", "format", "tipo", "data type", "datatype"),
    "unit": ("unit", "units", "unidad", "unidade", "unite"),
    "values": ("values", "categories", "codes", "valores", "valeurs", "allowed values"),
    "missing": ("missing", "missing code", "na", "missing value", "nulo", "faltante"),
}  # fmt: skip
_KNOWN = {word: part for part, words in _PARTS.items() for word in words}


def pasted_columns(text: str) -> list[Column]:
    """The columns of a pasted header line, or of a pasted table whose first line names parts of a dictionary.

    Raises:
        Invalid: it is no table, or a column has no name, a name of its neighbor's, or one that is too long; `field` is "pasted".
    """
    try:
        return columns_in(read_rows(text.encode("utf-8", "replace"), MOST_PASTED + 1))
    except Unreadable as error:
        raise Invalid(error.remedy, "pasted") from error


def columns_in(rows: Sequence[Sequence[str]]) -> list[Column]:
    """The same from the first rows of a file."""
    if not rows:
        raise Invalid(
            N_("There is nothing in it. Paste the header line of your file, or a table of its columns."), "pasted"
        )
    parts = [_KNOWN.get(fold(cell)) for cell in rows[0]]
    if "name" in parts and len(set(parts) - {None}) > 1 and len(rows) > 1:
        columns = [_column(parts, row) for row in rows[1 : MOST_PASTED + 2]]
    else:
        columns = [Column(clean_line(cell)) for cell in rows[0]]
    require_names([column.name for column in columns])
    return columns


def require_names(names: Sequence[str]) -> None:
    """Raise Invalid where a column has no name, or a name that is another's or too long; each is named by its place."""
    problems = [found for place, name in enumerate(names, 1) if (found := _problem(place, name))]
    first = {name: place for place, name in reversed(list(enumerate(names, 1)))}
    problems += [
        N_("Columns %(first)s and %(place)s are both named “%(name)s”.")
        % {"first": first[name], "place": place, "name": name[:60]}
        for place, name in enumerate(names, 1)
        if name and first[name] != place
    ]
    if problems:
        more = (
            [N_("There are %(num)s more of these.") % {"num": len(problems) - _TOLD}] if len(problems) > _TOLD else []
        )
        raise Invalid(" ".join([*problems[:_TOLD], *more]), "pasted")


def _problem(place: int, name: str) -> str:
    if not name:
        return N_("Column %(place)s has no name. Name it in the first line.") % {"place": place}
    if len(name) > LONGEST_NAME:
        facts = {"place": place, "num": len(name), "most": LONGEST_NAME}
        return N_("The name of column %(place)s has %(num)s characters. Shorten it to %(most)s.") % facts
    return ""


def _column(parts: Sequence[str | None], row: Sequence[str]) -> Column:
    found: dict[str, str] = {}
    for part, cell in zip(parts, row, strict=False):
        if part and part not in found:
            found[part] = clean_line(cell)[:500]
    return Column(**{"name": "", **found})
