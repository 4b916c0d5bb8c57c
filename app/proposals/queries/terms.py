"""The terms that would hold for one dataset of a proposal: agreement, listing, what is asked for, what a decider adds."""

from collections.abc import Mapping

from app.catalog.models import Dataset
from app.catalog.terms import conditions_layer
from app.foundation.words import N_
from app.rules.questions import asked
from app.rules.terms import AgreementTerms, EffectiveTerms, Layer, Level, merge, read_layer

ASKED = "proposal"
CONDITIONS = N_("your conditions")


def terms_of_item(
    agreement: AgreementTerms,
    dataset: Dataset,
    answers: Mapping[str, object],
    conditions: Mapping[str, object] | None = None,
) -> EffectiveTerms:
    """The terms of a grant on this dataset; its `conflicts` say what would keep it from being issued.

    Args:
        dataset: with its conditions and countries loaded.
        answers: those of the proposal version. What it asks for narrows, and never widens.
        conditions: what the decider adds, as stored; values that no parameter takes are left out.
    """
    added, _findings = read_layer(agreement, Level.GRANT, CONDITIONS, conditions or {})
    return merge(
        agreement,
        addenda=(asked_layer(agreement, answers),),
        dataset_conditions=conditions_layer(dataset, agreement),
        grant_conditions=added,
    )


def asked_layer(agreement: AgreementTerms, answers: Mapping[str, object]) -> Layer:
    """What the proposal asks for, as a layer like the grant's own conditions."""
    layer, _findings = read_layer(agreement, Level.GRANT, ASKED, asked(answers))
    return layer
