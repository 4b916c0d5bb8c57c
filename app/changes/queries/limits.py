"""Whether a hand-over stays within its grant: never another dataset, a longer time, another place, or a category left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.agreements.library import version as agreement_version
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.grants.duties import day_words
from app.grants.letter import country
from app.grants.record import GrantedDataset, Record
from app.rules.terms import is_within, shown
from app.rules.terms.values import as_codes, as_number


@dataclass(frozen=True)
class Limits:
    """What a hand-over asks for, as far as its grant limits it."""

    kind: str
    datasets: Sequence[str]
    purposes: Sequence[str]
    starts_on: date
    ends_on: date
    kept_in: str
    country: str


def require_within(asked: Limits, record: Record, handling: int) -> tuple[GrantedDataset, ...]:
    """The datasets that are handed over, cut from the grant's record.

    Args:
        handling: how many people handle the data with this hand-over.

    Raises:
        Invalid: it would be wider than the grant; the message names the dataset and the term.
    """
    held = {each.reference: each for each in record.datasets}
    if not asked.datasets or set(asked.datasets) - held.keys():
        raise Invalid(N_("Choose among the datasets of the grant."), "datasets")
    if not record.starts_on <= asked.starts_on <= asked.ends_on <= record.ends_on:
        raise Invalid(f"Choose a last day up to {day_words(record.ends_on)}, the grant's own.", "ends_on")
    if set(asked.purposes) - set(record.purposes):
        raise Invalid(N_("The purpose is wider than the grant's."), "task")
    chosen = tuple(held[reference] for reference in dict.fromkeys(asked.datasets))
    for each in chosen:
        _require(asked, each, record, handling)
    return chosen


def _require(asked: Limits, each: GrantedDataset, record: Record, handling: int) -> None:
    categories = each.terms.value("user_categories")
    if categories is None or asked.kind not in as_codes(categories):
        raise Invalid(
            f"{each.title}: its terms do not let such people handle the data (clause 11.2). Ask the data partner to allow it.",
            "kind",
        )
    specs = agreement_version(record.agreement_version).terms.specs
    for name, code, field in (
        ("storage_places", asked.kept_in, "kept_in"),
        ("use_countries", asked.country, "country"),
    ):
        limit = each.terms.value(name)
        if limit is not None and code and not is_within(specs[name], frozenset({code}), limit):
            allowed = shown(specs[name], limit, country)
            raise Invalid(f"{each.title}: its terms do not allow {country(code)} here. They allow {allowed}.", field)
    most = each.terms.value("max_users")
    if most is not None and handling > as_number(most):
        raise Invalid(f"{each.title}: its terms allow {as_number(most)} people at most.", "person")
