"""The first three pages of a listing as forms, and from what was typed to plain answers.

A page takes anything. What cannot be used yet is given back as it was typed, by field, and is kept beside the answers.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from app.catalog.answers import Access, Page, What, Where
from app.rules.vocabulary import (
    ACCESS_MODES,
    FREQUENCIES,
    SENSITIVITIES,
    THEMES,
    VISIBILITIES,
    WORLD,
    AccessMode,
    Frequency,
    Sensitivity,
    Theme,
    Visibility,
)
from app.web.answers import told
from app.web.dates import DayField
from app.web.forms import Form, options_of
from app.web.words import country_choices

# A contact may be a name, but a mail or web address is in it.
_REACHES = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]{2,}|https?://[^\s/]+\.[^\s/]+", re.IGNORECASE)
E = TypeVar("E", bound=StrEnum)
_LONGEST_LINE, _LONGEST_TEXT, _MOST_LINES = 500, 60_000, 100
# Languages in which notes are usual; others that a listing already has are offered with them.
LANGUAGES = ("en", "es", "pt", "fr", "ar", "zh", "hi", "bn", "id", "sw", "ru")


class WhatForm(Form):
    """Page 1."""

    title = StringField(_l("Title"), description=_l("Up to 80 characters. What it is, and where."))
    summary = TextAreaField(
        _l("What, where and when in one sentence"),
        description=_l("People read this in the list. Up to 200 characters."),
    )
    description = TextAreaField(
        _l("Description"),
        description=_l("How the data comes about, what it shows, what changed over time. Markdown works."),
    )
    publisher = StringField(_l("Publisher"), description=_l("Who makes the data, if it is not your organization."))
    themes = SelectMultipleField(_l("Themes"))
    keywords = TextAreaField(_l("Keywords"), description=_l("Words that people would search for, between commas."))
    good_for = TextAreaField(_l("Good for"), description=_l("One use per line."))
    not_good_for = TextAreaField(
        _l("Not good for"), description=_l("Known limits and bias, one per line. Honest limits save everyone time.")
    )

    def offer(self) -> None:
        """Fill in what can be chosen."""
        self.themes.choices = options_of(names_of(THEMES))

    def answers(self) -> tuple[What, dict[str, str]]:
        """The page as plain values; nothing on it can be unusable."""
        page = What(
            title=line(self.title.data),
            summary=line(self.summary.data),
            description=(self.description.data or "")[:_LONGEST_TEXT],
            publisher=line(self.publisher.data),
            themes=tuple(value for value in self.themes.data or () if value in set(Theme)),
            keywords=parts(self.keywords.data, ",;\n"),
            good_for=parts(self.good_for.data, "\n"),
            not_good_for=parts(self.not_good_for.data, "\n"),
        )
        return page, {}


class WhereForm(Form):
    """Page 2."""

    is_worldwide = BooleanField(_l("The whole world"))
    countries = SelectMultipleField(_l("Countries"))
    coverage_start = DayField(_l("First day of the data"))
    coverage_end = DayField(_l("Last day of the data"), description=_l("Leave it empty while the data grows."))
    unit = StringField(
        _l("Finest unit"), description=_l("What one row stands for, such as: trip between two blocks in an hour.")
    )
    spatial_resolution = StringField(_l("Finest area"), description=_l("Such as: city block, 600 m tile, district."))
    size = StringField(_l("Size"), description=_l("Such as: 1.2 billion rows."))
    frequency = SelectField(_l("How often is it refreshed?"))
    languages = SelectMultipleField(_l("Languages of the notes"))
    contact = StringField(
        _l("Contact for questions"),
        description=_l("A mail or web address, with a name if you like. One that several people read is best."),
    )
    release = StringField(_l("Release"), description=_l("Such as: 2026-10."))
    landing_page = StringField(_l("Page about the data elsewhere"))
    license_text = StringField(
        _l("Terms of the source"),
        description=_l(
            "Where the data comes from others: their license, such as CC-BY-4.0, or their terms in a sentence."
        ),
    )

    def offer(self, languages: Iterable[tuple[str, str]]) -> None:
        """Fill in what can be chosen."""
        self.countries.choices = options_of(country_choices())
        self.frequency.choices = options_of(names_of(FREQUENCIES))
        self.languages.choices = options_of(languages)

    def answers(self) -> tuple[Where, dict[str, str]]:
        """The page as plain values, and days and links that cannot be used yet."""
        unread = {name: text for name in ("coverage_start", "coverage_end") if (text := _unread_day(self[name]))}
        start, end = _day(self.coverage_start), _day(self.coverage_end)
        if start and end and start > end:
            unread["coverage_end"], end = " ".join(self.coverage_end.typed), None
        link = line(self.landing_page.data)
        if link and not link.startswith(("http://", "https://")):
            unread["landing_page"], link = link, ""
        contact = line(self.contact.data)
        if contact and not reaches(contact):
            unread["contact"], contact = contact, ""
        page = Where(
            countries=countries_of(self.is_worldwide, self.countries),
            coverage_start=start,
            coverage_end=end,
            spatial_resolution=line(self.spatial_resolution.data),
            unit=line(self.unit.data),
            size=line(self.size.data),
            frequency=one_of(Frequency, self.frequency.data) or Frequency.UNKNOWN,
            languages=tuple(self.languages.data or ()),
            contact=contact,
            release=line(self.release.data),
            landing_page=link,
            license_text=line(self.license_text.data),
        )
        return page, unread


class AccessForm(Form):
    """Page 3."""

    access_mode = RadioField(_l("How is the data reached?"))
    sensitivity = RadioField(_l("How sensitive is it?"))
    delivery_steps = TextAreaField(
        _l("How does it arrive?"), description=_l("The steps from a signed grant to the data, in a few sentences.")
    )
    visibility = RadioField(_l("Who sees this listing?"))
    admitted = SelectMultipleField(_l("Organizations that see it"))
    question_1 = StringField(_l("A question of your own"))
    question_2 = StringField(_l("A second one"))
    question_3 = StringField(_l("A third one"))

    def offer(self, organizations: Sequence[tuple[str, str]]) -> None:
        """Fill in what can be chosen."""
        self.access_mode.choices = options_of(names_of(ACCESS_MODES))
        self.sensitivity.choices = options_of(names_of(SENSITIVITIES))
        self.visibility.choices = options_of(names_of(VISIBILITIES))
        self.admitted.choices = options_of(organizations)

    def answers(self) -> tuple[Access, dict[str, str]]:
        """The page as plain values."""
        offered = {option.value for option in self.admitted.choices or ()}
        questions = (self.question_1.data, self.question_2.data, self.question_3.data)
        page = Access(
            access_mode=one_of(AccessMode, self.access_mode.data),
            sensitivity=one_of(Sensitivity, self.sensitivity.data),
            delivery_steps=(self.delivery_steps.data or "")[:_LONGEST_TEXT],
            visibility=one_of(Visibility, self.visibility.data) or Visibility.PUBLIC,
            admitted=frozenset(int(key) for key in self.admitted.data or () if key in offered),
            extra_questions=tuple(line(question)[:300] for question in questions),
        )
        return page, {}


def page_form(page: Page) -> type[WhatForm | WhereForm | AccessForm]:
    """The form of one of the first three pages."""
    forms: Mapping[Page, type[WhatForm | WhereForm | AccessForm]] = {
        Page.WHAT: WhatForm,
        Page.WHERE: WhereForm,
        Page.ACCESS: AccessForm,
    }
    return forms[page]


def reaches(contact: str) -> bool:
    """Whether a contact has a mail or web address in it."""
    return bool(_REACHES.search(contact))


def countries_of(is_worldwide: BooleanField, countries: SelectMultipleField) -> tuple[str, ...]:
    """The codes that were chosen."""
    chosen = [code for code in countries.data or () if len(code) == 2]
    return (*((WORLD,) if is_worldwide.data else ()), *chosen)


def names_of(words: Mapping[E, str]) -> list[tuple[str, str]]:
    """What a vocabulary offers, as a browser sends it and as it is read."""
    return [(str(key.value), told(name)) for key, name in words.items()]


def one_of(kind: type[E], value: object) -> E | None:
    """The member of a vocabulary with this value, if there is one."""
    return next((member for member in kind if member.value == value), None)


def line(text: str | None) -> str:
    """What was typed as one line."""
    return " ".join((text or "").split())[:_LONGEST_LINE]


def parts(text: str | None, marks: str) -> tuple[str, ...]:
    """The different parts of what was typed, between any of these marks."""
    for mark in marks[1:]:
        text = (text or "").replace(mark, marks[0])
    found = [line(part) for part in (text or "").split(marks[0])]
    return tuple(dict.fromkeys(part for part in found if part))[:_MOST_LINES]


def _day(field: DayField) -> date | None:
    value: object = field.data
    return value if isinstance(value, date) else None


def _unread_day(field: DayField) -> str:
    """What was typed into the boxes of a day, where it makes none."""
    return "" if _day(field) else " ".join(part for part in field.typed if part)
