"""Tells the catalog what everyone may know of uses and waits: the catalog itself knows of no proposals and grants."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from app.catalog import uses
from app.catalog.uses import Effect, Use, Wait
from app.foundation.clock import now
from app.front import queries
from app.grants.queries.register import Entry, entries_on
from app.grants.routes.register import STATUS_WORDS
from app.rules.actors import Actor
from app.web.answers import told
from app.web.words import day


class PublicUses:
    """The provider that the factory hands to the catalog."""

    def uses_of(self, session: Session, viewer: Actor, dataset_id: int) -> Sequence[Use]:
        """The register's entries on the dataset, the newest first: the same for every viewer."""
        return [_use(entry) for entry in entries_on(session, dataset_id, now())]

    def use_counts(self, session: Session, dataset_ids: Iterable[int]) -> Mapping[int, int]:
        """How many uses each dataset has had."""
        return queries.uses_so_far(session, dataset_ids)

    def waits(self, session: Session, dataset_ids: Iterable[int]) -> Mapping[int, Wait]:
        """How long answers on each dataset took."""
        return queries.waits_on(session, dataset_ids)

    def in_force(self, session: Session, dataset_id: int) -> int:
        """How many grants on the dataset are in force."""
        return queries.in_force_on(session, dataset_id)

    def effect(self, session: Session, dataset_id: int) -> Effect:
        """The grants in force on the dataset, and how many open proposals that reached its partner ask for it."""
        grants = [
            uses.Grant(row.number, row.member.name, day(row.ends_on), url_for("grants.show", number=row.number))
            for row in queries.grants_in_force_on(session, dataset_id)
        ]
        return Effect(tuple(grants), queries.open_proposals_for(session, dataset_id))


def _use(entry: Entry) -> Use:
    return Use(
        number=entry.number,
        title=entry.title,
        member=entry.member,
        until=day(_until(entry)),
        state=told(STATUS_WORDS[entry.status]),
        tone="green" if entry.is_in_force else "grey",
        outcome="",
        href=url_for("grants.register_entry", number=entry.number),
    )


def _until(entry: Entry) -> date:
    """The last day of use: a grant that was ended early ends then, and closing one that had ended changes nothing."""
    if entry.is_in_force or entry.since is None:
        return entry.ends_on
    return min(entry.ends_on, entry.since.date())
