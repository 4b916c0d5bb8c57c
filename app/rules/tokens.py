"""What a person lets a program do in their name: few things, for a time, and never more than they may do themselves.

No scope signs, decides, votes, issues or revokes; there is none that could.
"""

from enum import StrEnum

from app.foundation.words import N_


class Scope(StrEnum):
    """What a token is for."""

    CATALOG_READ = "catalog:read"
    CATALOG_IMPORT = "catalog:import"


SCOPE_NAMES: dict[Scope, tuple[str, str]] = {
    Scope.CATALOG_IMPORT: (
        N_("Import datasets"),
        N_("Bring catalogs in for your organizations, and read how it went."),
    ),
    Scope.CATALOG_READ: (N_("Read imports"), N_("Read how imports of your organizations went; change nothing.")),
}
# A scope that holds another one.
HOLDS: dict[Scope, frozenset[Scope]] = {
    Scope.CATALOG_IMPORT: frozenset({Scope.CATALOG_IMPORT, Scope.CATALOG_READ}),
    Scope.CATALOG_READ: frozenset({Scope.CATALOG_READ}),
}
LIVES: dict[int, str] = {30: N_("30 days"), 90: N_("90 days"), 180: N_("Half a year"), 365: N_("A year")}
LONGEST_LIFE_DAYS = max(LIVES)
MOST_TOKENS = 20
# What every token begins with, so that one that was left lying about can be recognized.
MARK = "onepact_"
# How much of a token is kept readable, so that its owner tells it from the others.
SHOWN = len(MARK) + 4


def holds(scopes: frozenset[Scope], wanted: Scope) -> bool:
    """Whether a token with these scopes may be used where this one is asked for."""
    return any(wanted in HOLDS[scope] for scope in scopes)
