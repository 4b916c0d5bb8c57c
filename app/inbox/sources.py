"""Where rows of the inbox come from: one line for each part that makes somebody wait.

A part tells its rows, whether there are any, and their number; docs/contributing.md says how to add a line. Proposals, which
alone may be long, come by themselves (`from_proposals`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect
from sqlalchemy.orm import Session

from app.changes.queries import subgrants as from_handovers
from app.changes.queries import waiting as from_changes
from app.foundation.words import N_
from app.inbox import (
    from_agreements,
    from_duties,
    from_harvests,
    from_incidents,
    from_listings,
    from_needs,
    from_outputs,
    from_promises,
    from_questions,
    from_teams,
    from_votes,
)
from app.rules.actors import Actor
from app.rules.tasks import Row

# The rows of one viewer at one moment, in a fixed number of statements.
Rows = Callable[[Session, Actor, datetime], Sequence[Row]]
# Whether there is any row for the viewer, or may be: a column of the one statement that asks it of all parts.
Some = Callable[[Actor, datetime], ColumnElement[bool]]
# How many of them are the viewer's own (`Row.is_yours`): a column of the one statement that counts. None where only the
# rows tell, as they say who is named; then they are made where `some` holds.
Count = Callable[[Actor, datetime], ScalarSelect[int] | None]


class About(StrEnum):
    """What the reader may narrow the inbox to."""

    PROPOSALS = "proposals"
    GRANTS = "grants"
    DATASETS = "datasets"
    PEOPLE = "people"


ABOUT_NAMES: dict[About, str] = {
    About.PROPOSALS: N_("Proposals"),
    About.GRANTS: N_("Grants"),
    About.DATASETS: N_("Datasets and needs"),
    About.PEOPLE: N_("People and signatures"),
}


@dataclass(frozen=True)
class Source:
    """One part: what it shows a viewer, and how many of those rows wait for the viewer."""

    name: str
    about: About
    rows: Rows
    some: Some
    count: Count


SOURCES: tuple[Source, ...] = (
    Source("votes", About.PROPOSALS, from_votes.rows, from_votes.some, from_votes.count),
    Source("teams", About.PEOPLE, from_teams.rows, from_teams.some, from_teams.count),
    Source("accessions", About.PEOPLE, from_agreements.rows, from_agreements.some, from_agreements.count),
    Source("listings", About.DATASETS, from_listings.rows, from_listings.some, from_listings.count),
    Source("questions", About.DATASETS, from_questions.rows, from_questions.some, from_questions.count),
    Source("harvests", About.DATASETS, from_harvests.rows, from_harvests.some, from_harvests.count),
    Source("needs", About.DATASETS, from_needs.rows, from_needs.some, from_needs.count),
    Source("changes", About.GRANTS, from_changes.rows, from_changes.some, from_changes.count),
    Source("hand-overs", About.GRANTS, from_handovers.rows, from_handovers.some, from_handovers.count),
    Source("duties", About.GRANTS, from_duties.rows, from_duties.some, from_duties.count),
    Source("promises", About.GRANTS, from_promises.rows, from_promises.some, from_promises.count),
    Source("outputs", About.GRANTS, from_outputs.rows, from_outputs.some, from_outputs.count),
    Source("incidents", About.GRANTS, from_incidents.rows, from_incidents.some, from_incidents.count),
)
