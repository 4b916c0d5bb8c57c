"""A listing's place in the agreement: its conditions as a layer, the terms that follow, the promises a member makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.agreements.library import current_version
from app.catalog.models import Dataset
from app.foundation.base import JSONObject
from app.foundation.hashing import content_hash
from app.foundation.words import N_
from app.rules.terms import (
    AgreementTerms,
    EffectiveTerms,
    Finding,
    Layer,
    Level,
    Promise,
    Spec,
    merge,
    promises,
    read_layer,
    shown,
)
from app.rules.vocabulary import WORLD

Names = Callable[[str], str]

# The parameters that a data partner is asked about on page 4, by what they are about; the first are required. All others keep the
# agreement's value, or follow from the listing itself.
ASKED_IN: dict[str, tuple[str, ...]] = {
    "": ("permitted_purposes",),
    N_("Who works with it, and from where"): (
        "use_countries",
        "user_categories",
        "max_users",
        "training_required",
        "member_sharing",
    ),
    N_("What may be done with it"): ("link_with", "ai_use"),
    N_("What may be published"): ("k_min", "output_openness", "review_wd", "attribution_lines"),
    N_("How it is kept safe"): ("security_tier", "storage_places", "incident_notice_hours"),
    N_("How long it lasts"): ("max_term_months", "deletion_days", "derived_delete"),
}
ASKED: tuple[str, ...] = tuple(name for names in ASKED_IN.values() for name in names)

# Those that people weigh first; the others stand under "all promises".
FIRST_PROMISES = ("prohibited_uses", "ai_use", "k_min", "attribution_required", "clearance_required", "deletion_days")


@dataclass(frozen=True)
class Asked:
    """One parameter as page 4 shows it: what it can hold, what the agreement says, how far the partner may go."""

    spec: Spec
    agreement_value: str
    ceiling: str
    levels: tuple[tuple[str, str], ...] = ()


def agreement() -> AgreementTerms:
    """The parameters of the version that is signed now."""
    return current_version().terms


def asked(names: Names = str) -> tuple[Asked, ...]:
    """The parameters of page 4, with the agreement's own values in words."""
    terms = agreement()
    found = [terms.specs.get(name) for name in ASKED]
    return tuple(_asked(terms, spec, names) for spec in found if spec is not None)


def refusals(conditions: Mapping[str, object]) -> list[Finding]:
    """Why these conditions cannot be kept; empty when they can."""
    _layer, findings = read_layer(agreement(), Level.DATASET, "listing", conditions)
    return [finding for finding in findings if finding.is_refusal]


def without_effect(dataset: Dataset) -> list[Finding]:
    """Conditions that the agreement is stricter than already."""
    _layer, findings = read_layer(agreement(), Level.DATASET, dataset.reference, _values(dataset))
    return [finding for finding in findings if not finding.is_refusal]


def conditions_layer(dataset: Dataset, terms: AgreementTerms | None = None) -> Layer:
    """The listing as layer L3: what its partner set, and what its own facts say. Values that no longer fit are left out."""
    document = f"listing:{dataset.reference}@{dataset.version}"
    raw = {**_facts(dataset), **_values(dataset)}
    layer, _findings = read_layer(terms or agreement(), Level.DATASET, document, raw)
    return layer


def listed_terms(dataset: Dataset) -> JSONObject:
    """What the listing says of its terms now, as canonical JSON can hold it; a decision keeps it and its hash."""
    said = {name: value for name, value in {**_facts(dataset), **_values(dataset)}.items() if value is not None}
    conditions = {name: value.isoformat() if isinstance(value, date) else value for name, value in sorted(said.items())}
    return {"listing": dataset.reference, "conditions": conditions}


def kept_layer(kept: Mapping[str, object], terms: AgreementTerms) -> Layer:
    """The listing as layer L3 as it was when `listed_terms` kept it, whatever its page says now."""
    sha256 = content_hash(kept)
    conditions = kept.get("conditions")
    document = f"listing:{kept['listing']}@{sha256[:12]}"
    raw = conditions if isinstance(conditions, Mapping) else {}
    layer, _findings = read_layer(terms, Level.DATASET, document, raw)
    return replace(layer, sha256=sha256)


def effective_terms(dataset: Dataset, terms: AgreementTerms | None = None) -> EffectiveTerms:
    """The terms that any use of this dataset starts from: the agreement and the listing, before addenda and a grant."""
    terms = terms or agreement()
    return merge(terms, dataset_conditions=conditions_layer(dataset, terms))


def promised(dataset: Dataset, names: Names = str) -> tuple[Promise, ...]:
    """What a member promises who uses this dataset, in the order of the clauses."""
    terms = agreement()
    return promises(terms.specs, effective_terms(dataset, terms), names)


def _asked(terms: AgreementTerms, spec: Spec, names: Names) -> Asked:
    rule = terms.layer.rules.get(spec.name)
    return Asked(
        spec,
        shown(spec, rule.value, names) if rule else "",
        shown(spec, spec.ceiling, names) if spec.ceiling is not None else "",
        tuple((code, name) for code, name in spec.levels if not refusals({spec.name: code})),
    )


def _values(dataset: Dataset) -> dict[str, object]:
    return {row.parameter: row.value.get("value") for row in dataset.conditions}


def _facts(dataset: Dataset) -> dict[str, object]:
    """What the listing says of itself, as parameters of clause 5."""
    countries = [row.country for row in dataset.countries if row.country != WORLD]
    return {
        "access_modes": [dataset.access_mode.value] if dataset.access_mode else None,
        "coverage_space": countries or None,
        "coverage_from": dataset.coverage_start,
        "coverage_to": dataset.coverage_end,
        "sensitivity_class": dataset.sensitivity.value if dataset.sensitivity else None,
        "known_limits": [
            {"id": f"{dataset.reference}.{place}", "text": text} for place, text in enumerate(dataset.not_good_for, 1)
        ]
        or None,
    }
