"""The terms that would hold for one dataset of a proposal: agreement, listing, what is asked for, what a decider adds."""

from collections.abc import Mapping, Sequence

from app.catalog.models import Dataset
from app.catalog.terms import conditions_layer
from app.foundation.words import N_
from app.rules.questions import asked
from app.rules.terms import AgreementTerms, EffectiveTerms, Layer, Level, merge, read_layer
from app.rules.terms.operators import fold
from app.rules.terms.values import as_date

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
    return terms_on(agreement, conditions_layer(dataset, agreement), answers, conditions)


def terms_on(
    agreement: AgreementTerms,
    listed: Layer,
    answers: Mapping[str, object],
    conditions: Mapping[str, object] | None = None,
) -> EffectiveTerms:
    """The same on a listing's terms as a decision kept them."""
    added, _findings = read_layer(agreement, Level.GRANT, CONDITIONS, conditions or {})
    return merge(
        agreement, addenda=(asked_layer(agreement, answers),), dataset_conditions=listed, grant_conditions=added
    )


def share_nothing(agreement: AgreementTerms, terms: Sequence[EffectiveTerms]) -> str | None:
    """What keeps these datasets of one data partner from standing in one grant; None where nothing does.

    One grant has one purpose and one time: both must be left when every dataset's terms are laid upon each other.
    """
    spec = agreement.specs["permitted_purposes"]
    allowed = [value for each in terms if (value := each.value(spec.name)) is not None]
    if allowed and not fold(spec, allowed):
        return N_(
            "One grant covers what you approve, and your datasets share no purpose that all of them may be used for. "
            "Approve those that go together, and ask the team for a proposal of its own for the others."
        )
    starts = [as_date(value) for each in terms if (value := each.value("start")) is not None]
    ends = [as_date(value) for each in terms if (value := each.value("end")) is not None]
    if starts and ends and max(starts) >= min(ends):
        return N_(
            "One grant covers what you approve, and your datasets share no time in which all of them may be used. "
            "Approve those that go together, and ask the team for a proposal of its own for the others."
        )
    return None


def asked_layer(agreement: AgreementTerms, answers: Mapping[str, object]) -> Layer:
    """What the proposal asks for, as a layer like the grant's own conditions."""
    layer, _findings = read_layer(agreement, Level.GRANT, ASKED, asked(answers))
    return layer
