"""Files that are brought: a foreign catalog, a sample."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField

from app.web.forms import Form


class ImportForm(Form):
    """A foreign catalog, and whose it is where one writes for several organizations."""

    organization = RadioField(_l("Whose datasets are these?"))
    file = FileField(
        _l("Catalog"),
        validators=[FileRequired(_l("Choose the file with the catalog."))],
        description=_l("DCAT as JSON-LD, Turtle or RDF/XML, or CSV with a header. Up to 20 MB, gzip is unpacked."),
    )


class ConfirmForm(Form):
    """What happens with the rows."""

    publish = BooleanField(_l("List every dataset that has a title and a description at once."))


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
