"""The terms of a dataset that stays in a grant: as they were granted, with only what a change asks for put in their place."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from app.changes.wanted import Wanted
from app.foundation.errors import Invalid
from app.grants.duties import day_words
from app.grants.letter import country
from app.grants.record import Record
from app.rules.terms import EffectiveRule, EffectiveTerms, Level, Source, Spec, Specs, Value, is_within
from app.rules.terms.effective import Document
from app.rules.terms.months import last_day
from app.rules.terms.operators import fold
from app.rules.terms.values import as_date, as_number

# The layers above a grant: what a grant's own words may never pass.
_ABOVE = frozenset({Level.AGREEMENT, Level.ADDENDUM, Level.DATASET})


def narrowed(
    terms: EffectiveTerms, title: str, wanted: Wanted, before: Record, specs: Specs, reference: str
) -> EffectiveTerms:
    """The terms with the last day, the purposes and the place that a change asks for.

    Raises:
        Invalid: one of them lies outside what the agreement and the listing allowed when the grant was issued.
    """
    put: dict[str, Value] = {}
    if wanted.ends_on is not None:
        put["end"] = _end(terms, title, wanted.ends_on, before.term_began_on)
    held = terms.value("permitted_purposes")
    if wanted.purposes and held is not None:
        put["permitted_purposes"] = fold(specs["permitted_purposes"], [held, frozenset(wanted.purposes)])
    if wanted.kept_in and "storage_places" in terms.rules:
        put["storage_places"] = _place(terms.rules["storage_places"], specs["storage_places"], title, wanted.kept_in)
    return _with(terms, put, f"change:{reference}") if put else terms


def renewed_end(terms: EffectiveTerms, title: str, wanted: date) -> None:
    """Raises Invalid where the terms end before the day that was asked for, instead of granting less without a word."""
    end = terms.value("end")
    if end is not None and as_date(end) < wanted:
        raise Invalid(f"{title}: its terms allow no later last day than {day_words(as_date(end))}.", "ends_on")


def _end(terms: EffectiveTerms, title: str, wanted: date, began_on: date) -> date:
    months = terms.value("max_term_months")
    latest = last_day(began_on, as_number(months)) if months is not None else None
    if latest is not None and wanted > latest:
        raise Invalid(
            f"{title}: a grant that began on {day_words(began_on)} lasts to {day_words(latest)} at most. Ask for a renewal.",
            "ends_on",
        )
    return wanted


def _place(rule: EffectiveRule, spec: Spec, title: str, code: str) -> Value:
    said = [each.value for each in (*rule.sources, *rule.narrowed, *rule.no_effect) if each.level in _ABOVE]
    asked = frozenset({code})
    if said and not is_within(spec, asked, fold(spec, said)):
        raise Invalid(f"{title}: its terms do not let it be kept in {country(code)}.", "kept_in")
    return asked


def _with(terms: EffectiveTerms, put: Mapping[str, Value], document: str) -> EffectiveTerms:
    rules = dict(terms.rules)
    for name, value in put.items():
        if name in rules:
            above = tuple(each for each in rules[name].sources if each.level in _ABOVE)
            rules[name] = replace(rules[name], value=value, sources=(*above, Source(Level.GRANT, document, value)))
    return EffectiveTerms(rules, (*terms.documents, Document(Level.GRANT, document)))
