"""The form that all forms are made from: what people type is made safe to keep before anything looks at it."""

from collections.abc import Callable, Iterable

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.fields import PasswordField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.meta import DefaultMeta

from app.foundation.errors import Invalid
from app.foundation.text import clean
from app.web.answers import told
from app.web.database import db
from app.web.messages import OwnSentences


class Form(FlaskForm):
    """A form with its CSRF token, whose texts are clean (app.foundation.text)."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: "Form", unbound_field: UnboundField, options: dict[str, object]) -> Field:
            """Put the cleaning before a text field's own filters; a password stays as it is typed."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                own = unbound_field.kwargs.get("filters", ())
                options = {**options, "filters": (_clean, *own)}
                unbound_field = UnboundField(
                    kind, *unbound_field.args, **{k: v for k, v in unbound_field.kwargs.items() if k != "filters"}
                )
            return DefaultMeta.bind_field(self, form, unbound_field, options)

        def get_translations(self, form: "Form") -> OwnSentences:
            """Our sentences in place of the library's."""
            return OwnSentences()

    def put_errors(self, error: Invalid) -> None:
        """Say what a command found wrong at the field that it names, or at the top of the form."""
        message = told(error.message)
        bound = self._fields.get(error.field or "")
        if bound is None:
            self.form_errors.append(message)
        else:
            bound.errors = [*bound.errors, message]

    @property
    def status(self) -> int:
        """The status of the page that shows the form: 422 when something in it needs mending."""
        return 422 if self.errors else 200

    def submitted(self, act: Callable[[], object]) -> bool:
        """Whether the form was sent, is well formed, and `act` took it. What a command finds wrong is told in the form."""
        if not self.validate_on_submit():
            return False
        try:
            act()
        except Invalid as error:
            db.session.rollback()
            self.put_errors(error)
            return False
        return True


def _clean(text: str | None) -> str | None:
    return clean(text) if isinstance(text, str) else text


def options_of(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """What can be chosen, of (what is sent, what is read)."""
    return [SelectChoice(value, label) for value, label in pairs]
