"""What many drafts can be told at once: those of the four pages' fields whose answer several datasets share."""

from datetime import date

from app.catalog.answers import Answers, Terms, What, Where
from app.catalog.forms.pages import WhatForm, WhereForm, countries_of, line, names_of, one_of, parts, reaches
from app.catalog.forms.terms import TermsForm, terms_form
from app.catalog.terms import Asked
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.rules.vocabulary import FREQUENCIES, THEMES, Frequency, Theme
from app.web.forms import options_of
from app.web.words import country_choices

# By field, what says why an answer cannot be used.
_NO_CONTACT = N_("Enter a mail address, such as data@example.org, or a web address that begins with https://.")
_NO_DAY = N_("Enter a date with day, month and year, like 14 3 2027.")


class SharedForm(TermsForm):
    """The fields of the first two pages that datasets of one making share; `shared_form` adds the one of the fourth."""

    themes = WhatForm.themes
    keywords = WhatForm.keywords
    not_good_for = WhatForm.not_good_for
    is_worldwide = WhereForm.is_worldwide
    countries = WhereForm.countries
    coverage_start = WhereForm.coverage_start
    unit = WhereForm.unit
    frequency = WhereForm.frequency
    contact = WhereForm.contact

    def offer(self) -> None:
        """Fill in what can be chosen."""
        self.themes.choices = options_of(names_of(THEMES))
        self.countries.choices = options_of(country_choices())
        self.frequency.choices = options_of(names_of(FREQUENCIES))
        self.frequency.data = self.frequency.data or Frequency.UNKNOWN.value  # a list would begin with its first one

    def given(self) -> tuple[Answers, ...]:
        """What was said, as answers of the pages; what was left empty is as nobody had answered it.

        Raises:
            Invalid: a contact has no address in it, or a day is none.
        """
        contact, first = line(self.contact.data), self.coverage_start
        if contact and not reaches(contact):
            raise Invalid(_NO_CONTACT, "contact")
        day: object = first.data
        if not day and any(first.typed):
            raise Invalid(_NO_DAY, "coverage_start")
        what = What(
            themes=tuple(value for value in self.themes.data or () if value in set(Theme)),
            keywords=parts(self.keywords.data, ",;\n"),
            not_good_for=parts(self.not_good_for.data, "\n"),
        )
        where = Where(
            countries=countries_of(self.is_worldwide, self.countries),
            coverage_start=day if isinstance(day, date) else None,
            unit=line(self.unit.data),
            frequency=one_of(Frequency, self.frequency.data) or Frequency.UNKNOWN,
            contact=contact,
        )
        terms, _unread = self.answers()
        return (what, where, Terms({name: value for name, value in terms.conditions.items() if value is not None}))


def shared_form(asked: tuple[Asked, ...]) -> SharedForm:
    """The form, with a field for each of these parameters of the agreement's clauses."""
    form = terms_form(asked, {}, {}, SharedForm)
    form.offer()
    return form
