"""What people say about an uploaded catalog before it is brought in."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.base import Base, JSONObject


class ImportChoice(Base):
    """By uploaded file: which column is which field, and whose the datasets of each publisher are."""

    __tablename__ = "import_choice"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    # Term by column, where the guess was corrected; empty for a column that is set aside.
    columns: Mapped[JSONObject] = mapped_column(default=dict)
    # Answer by the publisher's name as the catalog writes it: a value of `rules.publishers.Answer`.
    publishers: Mapped[JSONObject] = mapped_column(default=dict)
