"""The field in which a date is typed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import fields


class DayField(fields.DateField):
    """A date typed as day, month, year, in three boxes of one name; also takes 2027-03-14."""

    def __init__(self, label: object = None, validators: Iterable[object] | None = None, **kwargs: Any) -> None:
        self.typed: list[str] = []
        kwargs.setdefault("invalid_value_message", _l("Enter a date with day, month and year, like 14 3 2027."))
        super().__init__(label, validators, format=["%d %m %Y", "%Y-%m-%d"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.typed = [part.strip() for part in valuelist]
        given = [part for part in self.typed if part]
        self.raw_data = [" ".join(given)]  # one text, so that "is anything there?" does not look at the day alone
        self.data = None
        if given:
            super().process_formdata(given)

    def parts(self) -> tuple[str, str, str]:
        """Day, month, year as typed, or as known."""
        known: date | None = self.data
        if len(self.typed) == 3:
            return self.typed[0], self.typed[1], self.typed[2]
        if known:
            return str(known.day), str(known.month), str(known.year)
        return " ".join(self.typed), "", ""
