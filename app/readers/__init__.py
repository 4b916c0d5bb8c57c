"""Reading foreign catalogs: from a file in any of the forms that are known to the properties of each dataset.

Nothing is ever fetched: contexts and entities that stand elsewhere are not loaded. Files are streamed where their form allows it.
"""

from app.readers.entries import Catalog, Column, Entry, Format, NoTitle, Unreadable
from app.readers.opening import read_catalog, read_rows

__all__ = ["Catalog", "Column", "Entry", "Format", "NoTitle", "Unreadable", "read_catalog", "read_rows"]
