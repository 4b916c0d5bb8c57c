"""What in a proposal deserves a closer look before a data partner decides. Flags have reasons, and decide nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalog.models import Dataset
from app.catalog.terms import effective_terms
from app.foundation.words import N_
from app.proposals.queries.terms import ASKED, asked_layer, terms_of_item
from app.rules.listings import OFFERED
from app.rules.questions import BANK, flags, text
from app.rules.terms import AgreementTerms, Spec, Value, is_within, shown

# Where an answer asks for something, the step in which it stands, from 1 to 5.
_STEP = {
    part.term: number for number, step in enumerate(BANK.steps, 1) for part in step.parts() if part.term is not None
}
_FIRST, _SUPPLY, _MATCH = 1, 2, 4
# What is asked for narrows these by nature: a proposal names its own countries and years out of the listing's.
_SELECTIONS = frozenset({"coverage_space", "coverage_from", "coverage_to", "start", "end"})


@dataclass(frozen=True)
class Flag:
    """One thing to look at: `facts` fill the sentence's gaps; `step` is where the answer stands."""

    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    step: int


def flags_of(
    agreement: AgreementTerms,
    answers: Mapping[str, object],
    datasets: Sequence[Dataset],
    places_before: frozenset[str],
) -> list[Flag]:
    """Every flag, in the order of the steps.

    Args:
        datasets: the reader's own, with their conditions and countries loaded.
        places_before: countries in which the reader's data was allowed to be kept before.
    """
    found = [Flag(sentence, "", (), _MATCH) for sentence in flags(answers)]
    for dataset in datasets:
        found += _closed(dataset)
        found += _wider(agreement, answers, dataset)
        found += _contradictions(agreement, answers, dataset)
    place = text(answers, "storage_country")
    if place and place not in places_before:
        message = N_("None of your data was kept in %(country)s under a grant before.")
        found.append(Flag(N_("New place of storage."), message, (("country", place),), _MATCH))
    return sorted(dict.fromkeys(found), key=lambda flag: flag.step)


def _closed(dataset: Dataset) -> list[Flag]:
    """A listing that was paused or withdrawn after the proposal was sent."""
    if dataset.state in OFFERED:
        return []
    message = N_("%(dataset)s is paused or withdrawn: nothing is issued on it until it is listed again.")
    return [Flag(N_("Your listing is closed."), message, (("dataset", dataset.reference),), _SUPPLY)]


def _wider(agreement: AgreementTerms, answers: Mapping[str, object], dataset: Dataset) -> list[Flag]:
    """What is asked for beyond what the listing offers. The grant will not give it; the team may still count on it."""
    listed = effective_terms(dataset, agreement)
    found = []
    for rule in asked_layer(agreement, answers).rules.values():
        spec, offered = agreement.specs[rule.parameter], listed.value(rule.parameter)
        if offered is None or rule.parameter in _SELECTIONS or is_within(spec, rule.value, offered):
            continue
        message = N_("%(label)s: %(dataset)s offers %(offered)s; the proposal asks for %(asked)s.")
        facts = _facts(spec, dataset, offered, rule.value)
        found.append(Flag(N_("Wider than your listing."), message, facts, _STEP.get(spec.name, _FIRST)))
    return found


def _contradictions(agreement: AgreementTerms, answers: Mapping[str, object], dataset: Dataset) -> list[Flag]:
    """What leaves nothing to grant, so that only a change of the proposal helps."""
    rules = terms_of_item(agreement, dataset, answers).rules.values()
    return [
        Flag(
            N_("Cannot be granted as it is."),
            N_("%(sentence)s Ask for a change."),
            (("sentence", str(rule.conflict.sentence).replace(f"({ASKED})", "").replace("  ", " ")),),
            _STEP.get(rule.parameter, _FIRST),
        )
        for rule in rules
        if rule.conflict is not None
    ]


def _facts(spec: Spec, dataset: Dataset, offered: Value, wanted: Value) -> tuple[tuple[str, str], ...]:
    return (
        ("label", spec.label),
        ("dataset", dataset.reference),
        ("offered", shown(spec, offered)),
        ("asked", shown(spec, wanted)),
    )
