"""How to cite a dataset, as programs for references read it: BibTeX (with the fields of DataCite), RIS."""

import re

from app.catalog.models import Dataset
from app.exchange.exports.site import Site

# What TeX takes for a command.
_SPECIAL = {ord(mark): f"\\{mark}" for mark in "&%$#_{}"} | {
    ord("\\"): r"\textbackslash{}",
    ord("~"): r"\textasciitilde{}",
    ord("^"): r"\textasciicircum{}",
}


def bibtex(row: Dataset, site: Site) -> str:
    """An entry of the kind that biblatex has for datasets; BibTeX itself takes it for @misc."""
    fields = {
        "author": f"{{{_tex(_who(row))}}}",
        "title": _tex(row.title or row.reference),
        "year": str(_year(row)),
        "version": _tex(row.release),
        "number": row.reference,
        "publisher": _tex(site.consortium),
        "url": site.dataset(row),
    }
    lines = "".join(f"  {name:<9} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@dataset{{{row.reference},\n{lines}}}\n"


def ris(row: Dataset, site: Site) -> str:
    """An entry of the type DATA."""
    day = row.listed_at or row.created_at
    tags = [
        ("TY", "DATA"),
        ("AU", _who(row)),
        ("TI", row.title or row.reference),
        ("PY", str(day.year)),
        ("DA", f"{day:%Y/%m/%d}"),
        ("ET", row.release),
        ("AB", row.summary),
        ("PB", site.consortium),
        ("UR", site.dataset(row)),
        ("ID", row.reference),
        *(("KW", keyword) for keyword in row.keywords),
    ]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in tags if value) + "ER  - \r\n"


def _who(row: Dataset) -> str:
    return row.publisher or row.organization.name


def _year(row: Dataset) -> int:
    return (row.listed_at or row.created_at).year


def _tex(text: str) -> str:
    return _line(text).translate(_SPECIAL)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
