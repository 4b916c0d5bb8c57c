"""What a person did lately, as the history has it, as far as they may still open it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.agreements.queries import accessions_seen_by
from app.catalog.models import Dataset
from app.catalog.standing import known_to
from app.changes.models import GrantChange
from app.grants.models import Grant, SubGrant
from app.grants.standing import seen_by, works_on
from app.history.models import HistoryDetail, HistoryEvent
from app.inbox.at_grants import concerns
from app.incidents.models import Incident
from app.outputs.models import Output
from app.outputs.queries.undoing import moments_taken_back as answers_taken_back
from app.proposals.models import Proposal
from app.proposals.queries.cases import visible_to
from app.proposals.queries.undoing import moments_taken_back
from app.rules.actors import Actor
from app.rules.event_names import EVENT_NAMES
from app.rules.events import Event
from app.rules.tasks import Done

DONE_DAYS = 14
_MOST_DONE = 8
# More is read than shown: what the reader may no longer open falls out.
_MOST_READ = 40
# Writing at a draft is not news.
_QUIET = (Event.PROPOSAL_EDITED, Event.LISTING_EDITED, Event.TEAM_CHANGED, Event.ACT_DENIED)
_THINGS = ("proposal", "grant", "listing", "accession", "change", "subgrant", "output", "incident")


def done(session: Session, viewer: Actor, now: datetime) -> tuple[Done, ...]:
    """The latest acts of the last two weeks, the newest first, but for what was taken back. Two statements, the second only
    where there are any.

    Whoever has left an organization, or a team, keeps no title of what only its people may know of (safety.md T9).
    """
    gone = union_all(moments_taken_back(), answers_taken_back()).subquery()
    is_taken_back = exists().where(gone.c.reference == HistoryEvent.thing_ref, gone.c.at == HistoryEvent.at)
    statement = (
        select(HistoryEvent, HistoryDetail.payload)
        .outerjoin(HistoryDetail, HistoryDetail.seq == HistoryEvent.seq)
        .where(
            HistoryEvent.actor_pid == viewer.pid,
            HistoryEvent.at > now - timedelta(days=DONE_DAYS),
            or_(*(HistoryEvent.thing == thing for thing in _THINGS)),
            HistoryEvent.type.not_in([event.value for event in _QUIET]),
            ~is_taken_back,
        )
        .order_by(HistoryEvent.seq.desc())
        .limit(_MOST_READ)
    )
    found = [
        Done(EVENT_NAMES[Event(row.type)], str((payload or {}).get("title") or ""), row.thing, row.thing_ref, row.at)
        for row, payload in session.execute(statement)
    ]
    known = _known(session, viewer, found)
    latest: dict[tuple[str, str, str], Done] = {}
    for each in found:  # the newest first: the same act on the same case is one line, whenever it was last
        if (each.thing, each.reference) in known:
            latest.setdefault((each.name, each.thing, each.reference), each)
    return tuple(latest.values())[:_MOST_DONE]


def _known(session: Session, viewer: Actor, found: list[Done]) -> frozenset[tuple[str, str]]:
    """Those of these things that the viewer may know of now, by kind and reference."""
    may_see: Mapping[str, tuple[ColumnElement[str], ColumnElement[bool]]] = {
        "proposal": (Proposal.reference.expression, visible_to(viewer)),
        "grant": (Grant.number.expression, seen_by(viewer)),
        "listing": (Dataset.reference.expression, known_to(viewer)),
        "accession": (Accession.reference.expression, accessions_seen_by(viewer)),
        "change": (GrantChange.reference.expression, GrantChange.grant_id.in_(_grants(seen_by(viewer)))),
        "subgrant": (SubGrant.number.expression, SubGrant.grant_id.in_(_grants(seen_by(viewer)))),
        # Not for colleagues of either side.
        "output": (
            Output.reference.expression,
            Output.grant_id.in_(_grants(or_(concerns(viewer), works_on(viewer)))),
        ),
        "incident": (
            Incident.reference.expression,
            or_(
                Incident.grant_id.in_(_grants(concerns(viewer))),
                and_(Incident.reported_by_id == viewer.person_id, Incident.grant_id.in_(_grants(seen_by(viewer)))),
            ),
        ),
    }
    things = sorted({each.thing for each in found})
    asked = []
    for thing in things:
        column, sees = may_see[thing]
        refs = {each.reference for each in found if each.thing == thing}
        asked.append(select(literal(thing), column).where(and_(column.in_(refs), sees)))
    if not asked:
        return frozenset()
    return frozenset((thing, reference) for thing, reference in session.execute(union_all(*asked)))


def _grants(condition: ColumnElement[bool]) -> Select[int]:
    return select(Grant.id).where(condition)
