"""A listing's answers put into the forms of its pages, and back into a browser what was typed."""

from collections.abc import Mapping

from wtforms import Field

from app.catalog.answers import Page
from app.catalog.forms import AccessForm, TermsForm, WhatForm, WhereForm, terms_form
from app.catalog.forms.pages import LANGUAGES
from app.catalog.models import Dataset
from app.catalog.routes import words
from app.catalog.terms import asked
from app.organizations.queries import organizations_as
from app.rules.roles import Capacity
from app.rules.vocabulary import WORLD
from app.web.database import db
from app.web.words import country_name

PageForm = WhatForm | WhereForm | AccessForm | TermsForm


def typed_on(row: Dataset, chosen: Page) -> dict[str, str]:
    """What was typed on a page and cannot be used yet, by field."""
    prefix = f"{chosen.value}."
    return {name.removeprefix(prefix): str(text) for name, text in row.typed.items() if name.startswith(prefix)}


def held(row: Dataset) -> dict[str, object]:
    """The conditions that are set, by parameter."""
    return {condition.parameter: condition.value.get("value") for condition in row.conditions}


def sent(row: Dataset, chosen: Page) -> PageForm:
    """The form as a browser sent it."""
    form: PageForm = terms_form(asked(country_name), {}, {}) if chosen is Page.TERMS else _FORMS[chosen]()
    _offer(row, form)
    return form


def filled(row: Dataset, chosen: Page) -> PageForm:
    """The form with what is there, and with what was typed and cannot be used yet."""
    typed = typed_on(row, chosen)
    form: PageForm
    if chosen is Page.TERMS:
        form = terms_form(asked(country_name), held(row), typed)
    else:
        form = _FORMS[chosen](formdata=None, data=_VALUES[chosen](row))
        for name, text in typed.items():
            _put_back(form[name], text)
    _offer(row, form)
    return form


def _put_back(field: Field, text: str) -> None:
    if hasattr(field, "typed"):
        field.typed, field.data = text.split() if len(text.split()) == 3 else [text], None
    else:
        field.data = text


def _offer(row: Dataset, form: PageForm) -> None:
    match form:
        case WhatForm():
            form.offer()
        case WhereForm():
            form.offer([(code, words.language_names([code])) for code in dict.fromkeys([*LANGUAGES, *row.languages])])
        case AccessForm():
            members = organizations_as(db.session, Capacity.MEMBER)
            form.offer([(str(one.id), one.name) for one in members if one.id != row.organization_id])


def _what_values(row: Dataset) -> dict[str, object]:
    return {
        "title": row.title,
        "summary": row.summary,
        "description": row.description,
        "publisher": row.publisher,
        "themes": [one.theme for one in row.themes],
        "keywords": ", ".join(row.keywords),
        "good_for": "\n".join(row.good_for),
        "not_good_for": "\n".join(row.not_good_for),
    }


def _where_values(row: Dataset) -> dict[str, object]:
    codes = [one.country for one in row.countries]
    simple = (
        "coverage_start",
        "coverage_end",
        "unit",
        "spatial_resolution",
        "size",
        "contact",
        "release",
        "landing_page",
        "license_text",
    )
    return {
        **{name: getattr(row, name) for name in simple},
        "is_worldwide": WORLD in codes,
        "countries": [code for code in codes if code != WORLD],
        "frequency": row.frequency.value,
        "languages": row.languages,
    }


def _access_values(row: Dataset) -> dict[str, object]:
    questions = [*row.extra_questions, "", "", ""]
    return {
        "access_mode": row.access_mode.value if row.access_mode else None,
        "sensitivity": row.sensitivity.value if row.sensitivity else None,
        "delivery_steps": row.delivery_steps,
        "visibility": row.visibility.value,
        "admitted": [str(one.organization_id) for one in row.admitted],
        **{f"question_{place}": questions[place - 1] for place in (1, 2, 3)},
    }


_FORMS: Mapping[Page, type[WhatForm | WhereForm | AccessForm]] = {
    Page.WHAT: WhatForm, Page.WHERE: WhereForm, Page.ACCESS: AccessForm,
}  # fmt: skip
_VALUES = {Page.WHAT: _what_values, Page.WHERE: _where_values, Page.ACCESS: _access_values}
