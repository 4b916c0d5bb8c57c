"""What the columns of a table stand for: guessed from their headers, in the languages of the product, and corrected by people."""

import re
from collections.abc import Iterable, Mapping, Sequence

from app.foundation.text import clean_line, fold
from app.foundation.words import N_
from app.readers.entries import Column, Columns, Entry, NoTitle, Unreadable, terms_in

# By the term that a column stands for: what it is called here, and headers that are known, the likeliest first.
TERMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "identifier": (
        N_("Identifier"),
        ("identifier", "id", "identificador", "identifiant", "dataset id", "uuid", "slug", "handle"),
    ),
    "title": (
        N_("Title"),
        ("title", "dataset title", "name", "titulo", "titre", "nombre", "nome", "nom", "dataset name", "dataset"),
    ),
    "description": (
        N_("Description"),
        ("description", "descripcion", "descricao", "notes", "abstract", "resumen", "resumo", "resume", "summary"),
    ),
    "publisher": (
        N_("Publisher"),
        ("publisher", "publisher name", "organization", "organisation", "publicador", "editor", "editeur", "organizacion",
         "managed by", "data owner", "provider", "author"),
    ),
    "keyword": (
        N_("Keywords"),
        ("keywords", "keyword", "tags", "palabras clave", "palavras chave", "mots cles", "etiquetas"),
    ),
    "theme": (N_("Themes"), ("theme", "themes", "tema", "temas", "categories", "category", "super theme", "subject", "topic")),
    "spatial": (
        N_("Countries"),
        ("countries", "country", "spatial", "paises", "pais", "pays", "geography", "spatial coverage", "location"),
    ),
    "temporal": (
        N_("Period"),
        ("temporal", "period", "periodo", "periode", "date range", "temporal coverage", "time period"),
    ),
    "startDate": (
        N_("First day"),
        ("start date", "startdate", "coverage start", "from", "fecha inicio", "date debut", "first day"),
    ),
    "endDate": (N_("Last day"), ("end date", "enddate", "coverage end", "until", "fecha fin", "date fin", "last day")),
    "accrualPeriodicity": (
        N_("Update frequency"),
        ("frequency", "accrual periodicity", "accrualperiodicity", "frecuencia", "frequencia", "frequence",
         "update frequency"),
    ),
    "language": (N_("Languages"), ("language", "languages", "idioma", "lingua", "langue")),
    "contactPoint": (N_("Contact"), ("contact", "contact point", "contact email", "contacto", "contato", "maintainer")),
    "license": (N_("License"), ("license", "licence", "license title", "licencia", "licenca", "rights", "terms")),
    "landingPage": (
        N_("Web page"),
        ("landing page", "landingpage", "url", "link", "homepage", "pagina", "documentation", "web page"),
    ),
    "version": (N_("Version"), ("version", "release")),
}  # fmt: skip
_TERM_OF = {header: (term, rank) for term, (_name, headers) in TERMS.items() for rank, header in enumerate(headers)}
# What a header may begin with and mean the same.
_PREFIXES = ("dataset ", "resource ")
_LONGEST_SAMPLE = 80
# A header that only begins like a known one comes after all that are one.
_PARTLY = 100


def columns_of(
    names: Sequence[str], rows: Iterable[Mapping[str, object]], given: Mapping[str, str]
) -> tuple[Column, ...]:
    """The columns with an example each and the term that each is taken for: the given one, else the one guessed.

    Args:
        given: term, or what it is called in a header, by column; several are parted by commas, an empty one sets a column aside.

    Raises:
        Unreadable: a column or term that was given is not there, or no column is the title.
    """
    corrected = _checked(given, names)
    # What a column is said to be besides its first term, it is only where no other column says it.
    taken = {terms_in(said)[0] for said in corrected.values() if said}
    terms = {name: term for name, term in guessed(names).items() if term not in taken} | corrected
    samples: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            if name not in samples and value not in (None, "", [], {}):
                samples[name] = clean_line(str(value))[:_LONGEST_SAMPLE]
    columns = tuple(Column(name, samples.get(name, ""), terms.get(name, "")) for name in names)
    if not any("title" in terms_in(said) for said in terms.values()):
        raise NoTitle(
            N_("There is no column with the title."),
            f"Say which of these is the title, or name it so in the first line: {', '.join(names)[:300]}.",
            columns,
        )
    return columns


def names_of(columns: Iterable[Column]) -> Columns:
    """What readers of entries need of the columns."""
    return Columns({column.name: column.term for column in columns if column.term})


def guessed(names: Sequence[str]) -> dict[str, str]:
    """The term of each column that is likely to stand for one; each term once, for the likeliest column."""
    found: dict[str, tuple[int, int, str]] = {}
    for place, name in enumerate(names):
        likely = _likely(name)
        if likely and (likely[0] not in found or (likely[1], place) < found[likely[0]][:2]):
            found[likely[0]] = (likely[1], place, name)
    return {name: term for term, (_rank, _place, name) in found.items()}


def known_in(names: Sequence[str]) -> int:
    """How many terms are called exactly so in these headers."""
    found = {likely[0] for name in names if (likely := _likely(name)) and likely[1] < _PARTLY}
    return len(found)


def term_of(word: str) -> str | None:
    """The term that somebody names, by itself or by what a header calls it; empty for "nothing", None where it is none."""
    if not word.strip() or fold(word) in ("none", "nothing"):
        return ""
    if word in TERMS:
        return word
    exact = _TERM_OF.get(fold(_spaced(word)))
    return exact[0] if exact else None


def known_headers() -> str:
    """The columns that are read, for people."""
    return ", ".join(headers[0] for _name, headers in TERMS.values())


def with_columns(entries: Sequence[Entry], given: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of rows whose names are their owner's own, from the first rows."""
    rows = [entry.data for entry in entries if entry.data is not None]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return columns_of(names, rows, given)


def _checked(given: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    checked: dict[str, str] = {}
    for column, word in given.items():
        if column not in names:
            raise Unreadable(f"There is no column “{column}”.", f"These are there: {', '.join(names)}.")
        terms = list[str]()
        for part in word.split(","):
            term = term_of(part)
            if term is None:
                raise Unreadable(f"There is no field “{part.strip()}”.", f"These are there: {', '.join(TERMS)}.")
            terms.append(term)
        checked[column] = ",".join(dict.fromkeys(term for term in terms if term))
    return checked


def _likely(name: str) -> tuple[str, int] | None:
    words = fold(_spaced(name))
    for prefix in ("", *_PREFIXES):
        found = _TERM_OF.get(words.removeprefix(prefix)) if words.startswith(prefix) else None
        if found:
            return found
    bare = words.removeprefix(_PREFIXES[0])
    for header, (term, rank) in _TERM_OF.items():
        if len(header) > 3 and bare.startswith(f"{header} "):
            return term, rank + _PARTLY
    return None


def _spaced(name: str) -> str:
    """A header with its words apart: UpdateFrequency, update_frequency."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ")
