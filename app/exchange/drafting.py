"""The first dataset of a file that describes some, as the answers that a draft begins with."""

from io import BytesIO
from itertools import islice

from app.catalog.answers import Column, What, Where
from app.catalog.starting import Given, Source
from app.exchange.foreign import Described, Refused, described
from app.foundation.words import N_
from app.readers import Unreadable, read_catalog

_COUNTED = 1000


def given_by(data: bytes) -> Given:
    """What the file says of its first dataset.

    Raises:
        Unreadable: it is no catalog that can be read, or its first entry cannot be taken.
    """
    found = list(islice(described(read_catalog(BytesIO(data)).entries), _COUNTED))
    if not found:
        raise Unreadable(N_("The file describes no dataset."), N_("Choose another file, or paste the header line."))
    first = found[0]
    if isinstance(first, Refused):
        raise Unreadable(f"{first.problem[:1].upper()}{first.problem[1:]}.", first.remedy)
    pages = (_what(first), _where(first))
    return Given(Source.FILE, pages, first.identifier, first.foreign, len(found) - 1)


def _what(row: Described) -> What:
    names = ("name", "meaning", "type", "unit")
    columns = tuple(Column(*(str(column.get(name) or "") for name in names)) for column in row.dictionary)
    return What(
        title=row.title,
        summary=row.summary,
        description=row.description,
        publisher=row.publisher,
        themes=row.themes,
        keywords=row.keywords,
        dictionary=columns or None,
    )


def _where(row: Described) -> Where:
    return Where(
        countries=row.countries or row.placed,
        coverage_start=row.coverage_start,
        coverage_end=row.coverage_end,
        spatial_resolution=row.spatial_resolution,
        frequency=row.frequency,
        languages=row.languages,
        contact=row.contact,
        release=row.release,
        landing_page=row.landing_page,
        license_text=row.license_text,
    )
