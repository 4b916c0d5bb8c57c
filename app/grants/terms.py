"""The terms that hold for one approved dataset: agreement, listing, what the proposal asked for, and the decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.catalog.models import Dataset
from app.catalog.terms import conditions_layer, kept_layer
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.rules.questions import asked
from app.rules.terms import AgreementTerms, EffectiveTerms, Layer, Level, Rule, is_within, merge, read_layer
from app.rules.terms.values import as_date


@dataclass(frozen=True)
class Asked:
    """What a proposal version asks for, and its name among the documents that terms come from."""

    document: str
    answers: Mapping[str, object]


def effective_terms(
    agreement: AgreementTerms,
    dataset: Dataset,
    wanted: Asked,
    conditions: Mapping[str, object],
    issued_on: date,
    kept: Mapping[str, object] | None = None,
) -> EffectiveTerms:
    """The terms of a grant on one dataset; never wider than the proposal version asked (safety.md G4).

    Args:
        conditions: grant conditions of the data partner's decision, parameter to value.
        issued_on: no grant begins before the day of its issue.
        kept: the listing's terms as the decision kept them; what the listing says now where it kept none.

    Raises:
        Invalid: layers contradict each other, or the proposal's dates cannot be read; the message names what to change.
    """
    layers = [
        _layer(agreement, wanted.document, asked(wanted.answers)),
        _layer(agreement, f"decision:{dataset.reference}", conditions),
        Layer(Level.GRANT, "issue", {"start": Rule("start", issued_on)}),
    ]
    listed = kept_layer(kept, agreement) if kept else conditions_layer(dataset, agreement)
    terms = merge(agreement, layers, listed)
    if terms.conflicts:
        raise Invalid(f"{dataset.title}: {terms.conflicts[0].sentence}", field="terms")
    _require_nothing_wider(agreement, terms, layers[0], dataset)
    return terms


def first_and_last_day(terms: EffectiveTerms) -> tuple[date, date]:
    """The days of one dataset's terms, both included."""
    start, end = terms.value("start"), terms.value("end")
    if start is None or end is None:
        raise Invalid(N_("The proposal says no start or no end. Ask the team to add both, and to send it again."))
    return as_date(start), as_date(end)


def _layer(agreement: AgreementTerms, document: str, raw: Mapping[str, object]) -> Layer:
    layer, findings = read_layer(agreement, Level.GRANT, document, raw)
    unread = [finding for finding in findings if finding.parameter not in layer.rules]
    if unread:
        # What cannot be read would be left out, and the grant would be wider than what was approved.
        raise Invalid(f"{document}: {unread[0].sentence}", field="terms")
    return layer


def _require_nothing_wider(agreement: AgreementTerms, terms: EffectiveTerms, wanted: Layer, dataset: Dataset) -> None:
    for name, rule in wanted.rules.items():
        effective = terms.value(name)
        if effective is None or not is_within(agreement.specs[name], effective, rule.value):
            label = agreement.specs[name].label
            raise Invalid(
                f"{dataset.title}: “{label}” would be wider than the proposal asked for. Tell the operator; nothing was issued."
            )
