"""How each dataset of a grant reaches the member: in the way that was asked for where its terms offer that, else as they do.

Datasets of one data partner need not share a way; what a grant prints and delivers follows from their terms (safety.md G4).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.grants.record import GrantedDataset, Record
from app.rules.terms import EffectiveTerms
from app.rules.terms.values import as_codes
from app.rules.vocabulary import ACCESS_MODES, AccessMode


@dataclass(frozen=True)
class Way:
    """One access mode, and the datasets of the grant that come by it."""

    mode: str
    datasets: tuple[GrantedDataset, ...]


def ways_of(record: Record) -> tuple[Way, ...]:
    """The grant's ways, in the order of its datasets; most grants have one."""
    found: dict[str, list[GrantedDataset]] = {}
    for each in record.datasets:
        found.setdefault(_way_of(each.terms, record.access_mode), []).append(each)
    return tuple(Way(mode, tuple(datasets)) for mode, datasets in found.items())


def main_way(terms: Sequence[EffectiveTerms], wanted: str) -> str:
    """The way that a grant's head names: one that all of its datasets offer where there is one; the wanted one if it can be."""
    offered = [modes for each in terms if (modes := _offered(each))]
    shared = frozenset.intersection(*offered) if offered else frozenset[str]()
    if not offered or wanted in shared or (not shared and any(wanted in modes for modes in offered)):
        return wanted
    return min(shared or offered[0])


def way_name(mode: str, told: Callable[[str], str] = str) -> str:
    """What people call an access mode; a code that no table knows stays as it is."""
    return told(ACCESS_MODES[AccessMode(mode)]) if mode in set(AccessMode) else mode


def way_words(record: Record, told: Callable[[str], str] = str) -> str:
    """All ways in words; where there are several, each with its datasets: "Open API (Bus stops); Pooled store (Trips)"."""
    ways = ways_of(record)
    if len(ways) == 1:
        return way_name(ways[0].mode, told)
    return "; ".join(f"{way_name(way.mode, told)} ({', '.join(each.title for each in way.datasets)})" for way in ways)


def _way_of(terms: EffectiveTerms, wanted: str) -> str:
    modes = _offered(terms)
    return wanted if not modes or wanted in modes else min(modes)


def _offered(terms: EffectiveTerms) -> frozenset[str]:
    value = terms.value("access_modes")
    return as_codes(value) if value is not None else frozenset()
