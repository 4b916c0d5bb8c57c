"""What people say about a catalog before it is brought in, and what is kept of it for the next one."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.base import Base, JSONObject

LONGEST_SHEET = 200


class ImportChoice(Base):
    """By uploaded file: which column is which field, and whose the datasets of each publisher are."""

    __tablename__ = "import_choice"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    # Term by column, where the guess was corrected; empty for a column that is set aside.
    columns: Mapped[JSONObject] = mapped_column(default=dict)
    # Answer by the publisher's name as the catalog writes it: a value of `rules.publishers.Answer`.
    publishers: Mapped[JSONObject] = mapped_column(default=dict)
    # Of a workbook the sheet that is read; empty for the one that looks most like a list of datasets.
    sheet: Mapped[str] = mapped_column(String(LONGEST_SHEET), default="")
    # The row of the file with the names of the columns; 0 for the one that looks most like it.
    header: Mapped[int] = mapped_column(default=0)


class KeptChoice(Base):
    """The same by data partner, for every catalog that it brings later: by page, by program or by harvest."""

    __tablename__ = "kept_choice"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    columns: Mapped[JSONObject] = mapped_column(default=dict)
    publishers: Mapped[JSONObject] = mapped_column(default=dict)
