"""A foreign catalog that is brought, and what happens with its rows."""

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
