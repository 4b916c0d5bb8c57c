"""What people type about duties. Shape and spelling only."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.foundation.uploads import ACCEPTED
from app.rules.duties import DELETION_METHODS
from app.web.answers import told
from app.web.dates import DayField
from app.web.forms import Form, options_of

LONGEST = 4000
_SHORTEN = _l("Shorten this to 4,000 characters.")
MOST_INDICATORS = 3
KEPT_WORDS: dict[str, str] = {
    "none": _l("Nothing"),
    "legal": _l("One sealed copy, because the law or our archives require it"),
    "integrity": _l("One sealed copy, to defend the integrity of a published result"),
}


class EvidenceForm(Form):
    """What shows that a duty was done."""

    body = TextAreaField(_l("What was done?"), validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)])
    link = StringField(
        _l("Address"),
        description=_l("Where it can be seen, like https://example.org/report."),
        validators=[Optional(), Length(max=500, message=_l("Shorten this to 500 characters."))],
    )
    file = FileField(_l("File"), description=_l("PDF, picture, CSV or plain text, up to 20 MB."))

    accept = ACCEPTED


class WordsForm(Form):
    """Words to an answer; the command says when they are needed."""

    words = TextAreaField(_l("In your words"), validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)])


class ReportForm(Form):
    """A short report: the values of the proposal's indicators now, and what came of it."""

    value_0 = StringField(_l("Value now"), validators=[Optional(), Length(max=200, message=_l("Shorten this."))])
    value_1 = StringField(_l("Value now"), validators=[Optional(), Length(max=200, message=_l("Shorten this."))])
    value_2 = StringField(_l("Value now"), validators=[Optional(), Length(max=200, message=_l("Shorten this."))])
    decision = TextAreaField(
        _l("Which decision changed, and how?"),
        description=_l("In a sentence or two. Where none has changed yet, say what it waits for."),
        validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)],
    )
    outputs = TextAreaField(
        _l("What came out of it?"),
        description=_l("Outputs with their address. Those that were cleared here need not be named again."),
        validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)],
    )
    effects = TextAreaField(
        _l("Anything that nobody had meant?"),
        description=_l("Good or bad."),
        validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)],
    )
    did_not_work = TextAreaField(
        _l("What did not work?"),
        description=_l("The next proposer on this dataset is glad to know."),
        validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)],
    )
    quote = TextAreaField(
        _l("A sentence that the data partner may quote"),
        validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)],
    )

    def values(self, rows: list[dict[str, str]]) -> list[Field]:
        """One field for each indicator."""
        return [self[f"value_{place}"] for place in range(min(len(rows), MOST_INDICATORS))]

    def content(self, rows: list[dict[str, str]]) -> dict[str, object]:
        """The answers, with the indicators that the form was shown for."""
        filled = [{**row, "value": field.data or ""} for row, field in zip(rows, self.values(rows), strict=False)]
        plain = {key: self[key].data or "" for key in ("decision", "outputs", "effects", "did_not_work", "quote")}
        return {**plain, "indicators": filled}


def report_data(kept: Mapping[str, object]) -> dict[str, str]:
    """What a report's form shows of what was kept."""
    rows = kept.get("indicators")
    values = {
        f"value_{place}": str(row.get("value", ""))
        for place, row in enumerate(rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    }
    return {**{key: str(value) for key, value in kept.items() if isinstance(value, str)}, **values}


class DeletionForm(Form):
    """The certificate of deletion."""

    what = TextAreaField(
        _l("What was deleted?"),
        description=_l("Files, tables, copies, models that must go. Name the datasets."),
        validators=[Length(max=LONGEST, message=_SHORTEN)],
    )
    where = TextAreaField(
        _l("Where was it?"),
        description=_l("Each server, device and account, also those of consultants and suppliers."),
        validators=[Length(max=LONGEST, message=_SHORTEN)],
    )
    methods = SelectMultipleField(_l("How was it deleted?"))
    deleted_on = DayField(_l("When?"), validators=[Optional()])
    by_whom = StringField(_l("By whom?"), description=_l("Names."), validators=[Length(max=300)])
    backups_by = DayField(
        _l("When are the last backups overwritten?"), description=_l("Where there are any."), validators=[Optional()]
    )
    kept = RadioField(_l("What is kept?"))
    kept_words = TextAreaField(
        _l("If a copy is kept: where, why, until when?"),
        validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)],
    )
    typed_name = StringField(
        _l("Your full name, as your signature"),
        validators=[DataRequired(_l("Type your full name; it is your signature.")), Length(max=120)],
    )

    def offer(self, copies: tuple[str, ...]) -> "DeletionForm":
        """What the terms allow to be kept."""
        self.methods.choices = options_of([(method.value, told(words)) for method, words in DELETION_METHODS.items()])
        self.kept.choices = options_of([(code, str(KEPT_WORDS[code])) for code in copies])
        return self
