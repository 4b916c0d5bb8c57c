"""Opening the bytes of a catalog with what was said about its columns, by page, by program and by harvest alike."""

from collections.abc import Mapping
from io import BytesIO

from app.readers import Catalog, Column, NoTitle, read_catalog
from app.readers.entries import terms_in

MEGABYTE = 1024 * 1024
LARGEST_UPLOAD, LARGEST_CATALOG = 20 * MEGABYTE, 100 * MEGABYTE  # as it is sent; after unpacking


def opened(
    data: bytes,
    columns: Mapping[str, str] | None = None,
    kept: Mapping[str, str] | None = None,
    sheet: str = "",
    header: int = 0,
) -> Catalog:
    """The catalog in some bytes.

    Args:
        columns: the term of each column that was corrected in this very file.
        kept: the same of columns that need not be in it.
        sheet, header: as `read_catalog` takes them.

    Raises:
        Unreadable: as `read_catalog` says.
    """
    given = dict(columns or {})
    catalog: Catalog | None = None
    there: tuple[Column, ...]
    try:
        catalog = read_catalog(BytesIO(data), LARGEST_CATALOG, given, sheet, header)
        there = catalog.columns
    except NoTitle as error:
        if not kept:
            raise
        there = error.columns
    more = {one.name: kept[one.name] for one in there if kept and one.name in kept and one.name not in given}
    # As the reader has it: a column is its first term, and stands in for its others where no column says these.
    taken = {term for said in given.values() for term in terms_in(said)[:1]}
    more = {name: said for name, said in more.items() if not taken & set(terms_in(said)[:1])}
    if catalog is not None and not more:
        return catalog
    return read_catalog(BytesIO(data), LARGEST_CATALOG, more | given, sheet, header)
