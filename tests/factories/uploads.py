"""What somebody uploads: a workbook, and the row of a catalog that was uploaded."""

import io
from datetime import datetime

import openpyxl
from sqlalchemy.orm import Session

from app.foundation.stored_files import StoredFile
from app.organizations.models import Organization


def make_upload(session: Session, partner: Organization, at: datetime) -> StoredFile:
    """The row of the file, flushed; its bytes are nowhere."""
    file = StoredFile(
        key="k", sha256="0" * 64, size=1, media_type="text/csv", filename="a.csv", thing="import",
        thing_ref=partner.slug, stored_at=at,
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """An XLSX file of named sheets, row by row."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
