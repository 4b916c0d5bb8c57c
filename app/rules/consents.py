"""Standing consent: what a data partner's rule looks at, and whether a proposal's item fits it. Silence is never in it.

A rule names what it lets pass. What it does not name, it does not let pass; only datasets and members may be left open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.foundation.words import N_
from app.rules.vocabulary import SENSITIVITIES, AccessMode, Sensitivity

LONGEST_MONTHS = 120


@dataclass(frozen=True)
class ItemFacts:
    """One dataset of a proposal, as far as a rule looks at it. Codes, untranslated; `months` is None when no term is given."""

    dataset: str
    sensitivity: str
    member: str
    purposes: frozenset[str]
    access_mode: str
    personal_data: str
    months: int | None


@dataclass(frozen=True)
class Criteria:
    """What a rule lets pass. Empty `datasets` or `members` mean any; every other empty list lets nothing pass."""

    purposes: frozenset[str]
    access_modes: frozenset[str]
    most_sensitive: str
    personal_data: frozenset[str]
    longest_months: int
    datasets: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Criterion:
    """One line of a rule: whether an item fits it, and what to say when it does not."""

    key: str
    label: str
    refuses: str
    fits: Callable[[Criteria, ItemFacts], bool]


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "datasets",
        N_("Datasets"),
        N_("The rule does not cover this dataset."),
        lambda rule, item: not rule.datasets or item.dataset in rule.datasets,
    ),
    Criterion(
        "members",
        N_("Members"),
        N_("The rule does not cover this member."),
        lambda rule, item: not rule.members or item.member in rule.members,
    ),
    Criterion(
        "purposes",
        N_("Purposes"),
        N_("A purpose goes beyond the rule."),
        lambda rule, item: bool(item.purposes) and item.purposes <= rule.purposes,
    ),
    Criterion(
        "access_modes",
        N_("Access modes"),
        N_("The rule does not cover this access mode."),
        lambda rule, item: item.access_mode in rule.access_modes,
    ),
    Criterion(
        "most_sensitive",
        N_("Sensitivity"),
        N_("The dataset is more sensitive than the rule allows."),
        lambda rule, item: item.sensitivity in SENSITIVITIES and item.sensitivity <= rule.most_sensitive,
    ),
    Criterion(
        "personal_data",
        N_("Personal data"),
        N_("The answer on personal data goes beyond the rule."),
        lambda rule, item: item.personal_data in rule.personal_data,
    ),
    Criterion(
        "longest_months",
        N_("Longest term"),
        N_("The term is longer than the rule allows, or is not given."),
        lambda rule, item: item.months is not None and item.months <= rule.longest_months,
    ),
)


def misfits(rule: Criteria, item: ItemFacts) -> tuple[Criterion, ...]:
    """The lines of the rule that the item does not fit, in their order; none when the rule approves it."""
    return tuple(line for line in CRITERIA if not line.fits(rule, item))


def to_json(rule: Criteria) -> dict[str, object]:
    """The rule as it is stored, in an order that does not depend on how it was typed."""
    return {
        "access_modes": sorted(rule.access_modes),
        "datasets": sorted(rule.datasets),
        "longest_months": rule.longest_months,
        "members": sorted(rule.members),
        "most_sensitive": rule.most_sensitive,
        "personal_data": sorted(rule.personal_data),
        "purposes": sorted(rule.purposes),
    }


def from_json(stored: Mapping[str, object]) -> Criteria:
    """The rule as it was stored; what is missing lets nothing pass."""
    months = stored.get("longest_months")
    return Criteria(
        purposes=_codes(stored, "purposes"),
        access_modes=_codes(stored, "access_modes"),
        most_sensitive=str(stored.get("most_sensitive") or ""),
        personal_data=_codes(stored, "personal_data"),
        longest_months=months if isinstance(months, int) else 0,
        datasets=_codes(stored, "datasets"),
        members=_codes(stored, "members"),
    )


def gaps(rule: Criteria) -> tuple[tuple[str, str], ...]:
    """What is missing before a rule can approve anything: field and sentence."""
    found = []
    if not rule.purposes:
        found.append(("purposes", N_("Choose at least one purpose that you let pass.")))
    if not rule.access_modes or not rule.access_modes <= set(AccessMode):
        found.append(("access_modes", N_("Choose at least one access mode.")))
    if rule.most_sensitive not in set(Sensitivity):
        found.append(("most_sensitive", N_("Choose the most sensitive class that you let pass.")))
    if not rule.personal_data:
        found.append(("personal_data", N_("Choose at least one answer on personal data.")))
    if not 1 <= rule.longest_months <= LONGEST_MONTHS:
        found.append(("longest_months", N_("Enter the longest term in months, from 1 to 120.")))
    return tuple(found)


def _codes(stored: Mapping[str, object], key: str) -> frozenset[str]:
    value = stored.get(key)
    return frozenset(str(code) for code in value) if isinstance(value, list) else frozenset()
