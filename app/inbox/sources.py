"""Where rows of the inbox come from: one line for each part that makes somebody wait.

A part tells its rows and their number; docs/contributing.md says how to add a line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect
from sqlalchemy.orm import Session

from app.changes.queries import subgrants as from_handovers
from app.changes.queries import waiting as from_changes
from app.inbox import (
    from_agreements,
    from_duties,
    from_listings,
    from_promises,
    from_proposals,
    from_teams,
)
from app.rules.actors import Actor
from app.rules.tasks import Row

# The rows of one viewer at one moment, in a fixed number of statements.
Rows = Callable[[Session, Actor, datetime], Sequence[Row]]
# How many of them are the viewer's own (`Row.is_yours`): a part of the one statement that counts, or the number itself.
Count = Callable[[Session, Actor, datetime], "ScalarSelect[int] | int"]


@dataclass(frozen=True)
class Source:
    """One part: what it shows a viewer, and how many of those rows wait for the viewer."""

    name: str
    rows: Rows
    count: Count


SOURCES: tuple[Source, ...] = (
    Source("proposals", from_proposals.rows, from_proposals.count),
    Source("teams", from_teams.rows, from_teams.count),
    Source("accessions", from_agreements.rows, from_agreements.count),
    Source("listings", from_listings.rows, from_listings.count),
    Source("changes", from_changes.rows, from_changes.count),
    Source("hand-overs", from_handovers.rows, from_handovers.count),
    Source("duties", from_duties.rows, from_duties.count),
    Source("promises", from_promises.rows, from_promises.count),
)
