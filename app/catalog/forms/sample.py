"""A sample that is brought."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app.web.forms import Form


class SampleForm(Form):
    """A few safe or synthetic rows."""

    file = FileField(
        _l("Sample"),
        validators=[FileRequired(_l("Choose a CSV file with a header and a few rows."))],
        description=_l(
            "CSV with a header line. The first 20 rows and 30 columns are kept, and everyone who sees the page sees them."
        ),
    )
    is_synthetic = BooleanField(_l("These rows are made up."))
