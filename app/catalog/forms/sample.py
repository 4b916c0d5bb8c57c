"""A sample that is brought, and what a draft begins with."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.catalog.answers import ShownRows
from app.web.forms import Form

SHOWN_WORDS = {
    ShownRows.MADE_UP: _l("20 made-up rows in the shape of my file. None of mine is kept."),
    ShownRows.FIRST: _l("The first 20 rows as they are. I have made sure that they are safe to show."),
    ShownRows.NONE: _l("No rows, only the shape of each column."),
}


class SampleForm(Form):
    """A few safe or synthetic rows."""

    file = FileField(
        _l("A safe sample"),
        validators=[FileRequired(_l("Choose a CSV or XLSX file with a header and some rows."))],
        description=_l(
            "CSV or XLSX with a header line, up to 2 MB. From 100 rows on, each column gets a picture. The file is not kept."
        ),
    )
    shown = RadioField(
        _l("Which rows does everyone see?"),
        choices=[SelectChoice(key.value, words) for key, words in SHOWN_WORDS.items()],
        default=ShownRows.MADE_UP.value,
    )
    is_synthetic = BooleanField(_l("The rows of this file are made up already."))
    leaves_persons_out = BooleanField(
        _l("Leave out columns that look as if they named persons."),
        description=_l("Mail addresses, telephone numbers, names of persons, and numbers such as those of passports."),
    )
    no_persons = TextAreaField(
        _l("If such a column stays: why does it name nobody?"),
        validators=[Optional(), Length(max=1000)],
        description=_l(
            "Such as: the names are those of stations. The secretariat reads it when it checks the listing. Without it, no shape "
            "and no made-up row has values of such a column."
        ),
    )


class StartForm(Form):
    """What a draft begins with."""

    file = FileField(
        _l("A file"),
        description=_l(
            "The first lines of your data as CSV or XLSX, or a description: DCAT, Croissant, Data Package, CKAN or STAC. "
            "It is read here and not kept."
        ),
    )
    pasted = TextAreaField(_l("The header line of your data"), description=_l("Such as: origin,destination,hour,trips"))
