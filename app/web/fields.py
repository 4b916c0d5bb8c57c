"""Shows WTForms fields with the GOV.UK components: what each kind of field needs to be read, filled in and mended.

Templates call `field(form.x)` of shared/forms.html; this module says which component draws it, and with what.
It knows nothing of any one form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from wtforms import Field, fields
from wtforms.csrf.core import CSRFTokenField

from app.web.dates import DayField

Params = dict[str, Any]


@dataclass(frozen=True)
class FieldView:
    """Which component draws a field, and the arguments that it takes."""

    component: str
    params: Params


@dataclass(frozen=True)
class Look:
    """What a page may say about one field, beyond what the form knows."""

    label: str | None = None
    hint: str | None = None
    source: str | None = None
    optional: bool = False
    heading: bool = False
    inline: bool = False
    rows: int | None = None
    words: int | None = None
    chars: int | None = None
    width: int | None = None
    classes: str = ""
    autocomplete: str | None = None
    inputmode: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    hints: Mapping[str, str] = field(default_factory=dict)
    extras: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)


def field_view(bound: Field, **look: Any) -> FieldView:
    """Choose the component for a field; raises TypeError for a kind that has none."""
    words = Look(**look)
    for kind, draw in KINDS:
        if isinstance(bound, kind):
            return draw(bound, words)
    raise TypeError(f"{type(bound).__name__} has no component: add one to KINDS in app/web/fields.py.")


def form_errors(*forms: Any) -> list[dict[str, str]]:
    """Every message of these forms, each with the place that it speaks of, for the summary at the top."""
    found = []
    for form in forms:
        found += [{"text": str(message), "href": getattr(form, "where", "")} for message in form.form_errors]
        found += [{"text": str(_first(each.errors)), "href": f"#{each.id}"} for each in form if each.errors]
    return found


def _first(errors: Any) -> object:
    """The first message of a field; a field made of fields keeps its messages deeper down."""
    while isinstance(errors, (list, tuple, dict)):
        errors = next(iter(errors.values() if isinstance(errors, dict) else errors))
    return errors


def _label(bound: Field, look: Look) -> Markup:
    """The words above a field, with where a filled-in answer came from."""
    words = Markup("%s") % (look.label or bound.label.text)
    if look.optional:
        words = Markup("%s %s") % (words, _("(optional)"))
    if look.source:
        words += Markup(' <span class="op-from">%s</span>') % look.source
    return words


def _common(bound: Field, look: Look) -> Params:
    params: Params = {
        "id": bound.id,
        "name": bound.name,
        "label": {"html": _label(bound, look), "isPageHeading": look.heading},
        "classes": look.classes,
        "attributes": dict(look.attributes),
        "autocomplete": look.autocomplete,
        "formGroup": {"classes": "", "attributes": {}},
    }
    hint = look.hint or bound.description
    if hint:
        params["hint"] = {"text": hint}
    if bound.errors:
        params["errorMessage"] = {"text": str(_first(bound.errors)), "visuallyHiddenText": _("Error")}
    return params


def _input(bound: Field, look: Look, **more: Any) -> FieldView:
    params = _common(bound, look) | {"value": bound._value(), "inputmode": look.inputmode} | more
    if look.width:
        params["classes"] += f" govuk-input--width-{look.width}"
    for side in ("prefix", "suffix"):
        if text := getattr(look, side):
            params[side] = {"text": text}
    return FieldView("input", params)


def _email(bound: Field, look: Look) -> FieldView:
    return _input(bound, look, type="email", spellcheck=False, autocomplete=look.autocomplete or "email")


def _number(bound: Field, look: Look) -> FieldView:
    return _input(bound, look, inputmode=look.inputmode or "numeric", spellcheck=False)


def _url(bound: Field, look: Look) -> FieldView:
    return _input(bound, look, type="url", inputmode="url", spellcheck=False)


def _password(bound: Field, look: Look) -> FieldView:
    shown = {
        "autocomplete": look.autocomplete or "current-password",
        "showPasswordText": _("Show"),
        "hidePasswordText": _("Hide"),
        "showPasswordAriaLabelText": _("Show password"),
        "hidePasswordAriaLabelText": _("Hide password"),
        "passwordShownAnnouncementText": _("Your password is visible"),
        "passwordHiddenAnnouncementText": _("Your password is hidden"),
        "button": {"classes": "op-btn--sm"},
    }
    return FieldView("password", _common(bound, look) | shown)


def _textarea(bound: Field, look: Look) -> FieldView:
    params = _common(bound, look) | {"value": bound._value(), "rows": look.rows or 4}
    if look.words or look.chars:
        return FieldView("count", params | _counting(look))
    return FieldView("textarea", params)


def _counting(look: Look) -> Params:
    """Sentences of the counter; %{count} is filled in by the script, in the reader's language."""
    if look.words:
        description = ngettext("Up to one word.", "Up to %(num)s words.", look.words)
        under = {"one": _("%{count} word left"), "other": _("%{count} words left")}
        over = {"one": _("%{count} word too many"), "other": _("%{count} words too many")}
        at_limit = _("No words left")
        limit: Params = {"maxwords": look.words}
    else:
        description = ngettext("Up to one character.", "Up to %(num)s characters.", look.chars or 0)
        under = {"one": _("%{count} character left"), "other": _("%{count} characters left")}
        over = {"one": _("%{count} character too many"), "other": _("%{count} characters too many")}
        at_limit = _("No characters left")
        limit = {"maxlength": look.chars}
    kind = "words" if look.words else "characters"
    return limit | {
        "textareaDescriptionText": description,
        f"{kind}UnderLimitText": under,
        f"{kind}OverLimitText": over,
        f"{kind}AtLimitText": at_limit,
    }


def _date(bound: DayField, look: Look) -> FieldView:
    params = _common(bound, look)
    boxes = ((_("Day"), "", 2), (_("Month"), "-month", 2), (_("Year"), "-year", 4))
    state = " govuk-input--error" if bound.errors else ""
    params["items"] = [
        {
            "id": f"{bound.id}{ending}",
            "name": bound.name,
            "label": label,
            "value": value,
            "classes": f"govuk-input--width-{width}{state}",
        }
        for (label, ending, width), value in zip(boxes, bound.parts(), strict=True)
    ]
    return FieldView("date", params | _legend(params) | {"id": f"{bound.id}-boxes"})


def _iso_date(bound: Field, look: Look) -> FieldView:
    return _input(bound, look, inputmode="numeric", spellcheck=False)


def _legend(params: Params) -> Params:
    label = params["label"]
    return {"fieldset": {"legend": {**label, "classes": "op-legend"}}}


def _choices(bound: Field, look: Look, selected: str = "checked") -> list[Params]:
    rows = []
    for choice in bound.iter_choices():
        value = str(choice.value)
        row: Params = {"value": value, selected: bool(choice.selected)}
        text = Markup("%s") % choice.label
        if value in look.extras:
            text += Markup(' <span class="op-muted">%s</span>') % look.extras[value]
        row |= {"html": text, "text": choice.label}
        if value in look.hints:
            row["hint"] = {"text": look.hints[value]}
        rows.append(row)
    return rows


def _radios(bound: Field, look: Look) -> FieldView:
    params = _common(bound, look)
    inline = " govuk-radios--inline" if look.inline else ""
    params |= {"idPrefix": bound.id, "items": _choices(bound, look), **_legend(params)}
    params["classes"] += f" govuk-radios--small{inline}"
    return FieldView("radios", params)


MANY = 12  # from here on, check boxes scroll in a box of their own and can be narrowed by typing


def _checkboxes(bound: Field, look: Look) -> FieldView:
    params = _common(bound, look)
    items = _choices(bound, look)
    params |= {"idPrefix": bound.id, "items": items, **_legend(params)}
    params["classes"] += " govuk-checkboxes--small"
    if len(items) > MANY:
        items.sort(key=lambda row: not row["checked"])  # what is ticked stands first, where it is seen
        params["classes"] += " op-many"
        params["attributes"] |= {"data-op-narrow": _("Type to narrow the list")}
    return FieldView("checkboxes", params)


def _checkbox(bound: Field, look: Look) -> FieldView:
    params = _common(bound, look)
    label = params.pop("label")["html"]
    row: Params = {"id": bound.id, "value": "y", "html": label, "text": label, "checked": bool(bound.data)}
    params |= {"idPrefix": bound.id, "items": [row]}
    if hint := params.pop("hint", None):
        row["hint"] = hint
    params["classes"] += " govuk-checkboxes--small"
    return FieldView("checkboxes", params)


def _select(bound: Field, look: Look) -> FieldView:
    return FieldView("select", _common(bound, look) | {"items": _choices(bound, look, "selected")})


def _file(bound: Field, look: Look) -> FieldView:
    params = _common(bound, look) | {"multiple": isinstance(bound, fields.MultipleFileField)}
    params["classes"] += " op-file"
    return FieldView("file", params)


def _hidden(bound: Field, look: Look) -> FieldView:
    return FieldView("plain", {"html": bound(**look.attributes)})


# The first kind that fits draws the field, so the special stands before the general.
KINDS: tuple[tuple[Any, Callable[[Any, Look], FieldView]], ...] = (
    ((CSRFTokenField, fields.HiddenField), _hidden),
    (fields.TextAreaField, _textarea),
    (fields.PasswordField, _password),
    (fields.EmailField, _email),
    (fields.URLField, _url),
    (DayField, _date),
    (fields.DateField, _iso_date),
    ((fields.IntegerField, fields.DecimalField, fields.FloatField), _number),
    (fields.BooleanField, _checkbox),
    (fields.RadioField, _radios),
    (fields.SelectMultipleField, _checkboxes),
    (fields.SelectField, _select),
    ((fields.FileField, fields.MultipleFileField), _file),
    (fields.StringField, _input),
)
