"""A foreign catalog that is brought, and what happens with its rows."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, TextAreaField

from app.web.forms import Form


class ImportForm(Form):
    """A foreign catalog, as a file or as text, and whose it is where one writes for several organizations."""

    organization = RadioField(_l("Whose datasets are these?"))
    file = FileField(
        _l("Catalog"),
        description=_l(
            "DCAT, DCAT-US, CKAN, STAC, Croissant, Data Package, schema.org, CSV or a workbook. Up to 20 MB; gzip is unpacked."
        ),
    )
    text = TextAreaField(_l("Or paste it"), description=_l("The whole file as text, such as the answer of an address."))


class ChoicesForm(Form):
    """What is said about columns and publishers. Their fields are as many as the catalog has."""


class ConfirmForm(Form):
    """What happens with the rows."""

    publish = BooleanField(_l("List every dataset that has a title and a description at once."))
