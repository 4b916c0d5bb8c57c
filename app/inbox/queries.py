"""What waits for a person, gathered from every part: overdue, their turn, waiting on others, unfinished, lately done.

A fixed number of statements, whatever is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.agreements.models import Accession
from app.agreements.queries import Waiting, to_countersign, to_sign
from app.catalog.models import Dataset
from app.catalog.queries import drafts_returned, listings_in_check, listings_of
from app.foundation.clock import now as this_moment
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.history.models import HistoryDetail, HistoryEvent
from app.inbox.from_proposals import rows_of
from app.inbox.rows import Done, Group, Row, mine
from app.organizations.models import Organization
from app.proposals.models import Proposal
from app.proposals.queries.waiting import waiting, waiting_count
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Wait, progress
from app.rules.event_names import EVENT_NAMES
from app.rules.events import Event
from app.rules.roles import Role
from app.rules.workflow import AccessionState, GrantState, ListingState

DONE_DAYS = 14
_MOST_DONE = 8
# Duties are shown from a month before their day to a month after it.
_DUTY_DAYS = 30
_RUNNING = (GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.EXPIRED)


@dataclass(frozen=True)
class Inbox:
    """Everything in it, grouped."""

    rows: tuple[Row, ...]
    done: tuple[Done, ...]

    def of(self, group: str) -> tuple[Row, ...]:
        """The rows of one group, the earliest date first."""
        return tuple(row for row in self.rows if row.group == group)

    @property
    def yours(self) -> tuple[Row, ...]:
        """What waits for the reader."""
        return tuple(row for row in self.rows if row.is_yours)

    @property
    def next(self) -> Row | None:
        """The next thing that will concern the reader, when nothing waits for them now."""
        return next((row for row in self.rows if row.due), None)


def inbox(session: Session, viewer: Actor, now: datetime) -> Inbox:
    """The inbox of one person."""
    rows = [
        *rows_of(waiting(session, viewer, now), viewer, now),
        *_to_sign(to_sign(session, viewer, now)),
        *_to_countersign(to_countersign(session, viewer, now) if viewer.is_secretariat else []),
        *_to_check(listings_in_check(session, viewer), now),
        *_own_listings(session, viewer, now),
        *_duties(session, viewer, now.date()),
    ]
    ordered = sorted(rows, key=lambda row: (list(Group).index(row.group), row.due or date.max, row.lines))
    return Inbox(tuple(ordered), tuple(_done(session, viewer, now)))


def waiting_for(session: Session, actor: Actor) -> int:
    """How many things wait for this person: as many rows as the inbox shows as theirs."""
    now = this_moment()
    return waiting_count(session, actor, now) + _others_count(session, actor, now.date())


def _others_count(session: Session, viewer: Actor, today: date) -> int:
    """Accessions, listings and duties that wait for the viewer, in one statement."""
    parts = []
    signing = viewer.organizations_with(Role.SIGNATORY)
    if signing:
        parts.append(
            _count(Accession.id, Accession.state == AccessionState.OPEN, Accession.organization_id.in_(signing))
        )
    if viewer.organizations_with(Role.OFFICER, Role.DIRECTOR):
        others = Accession.organization_id.not_in(viewer.organization_ids)
        parts.append(_count(Accession.id, Accession.state == AccessionState.SIGNED, others))
    if viewer.organizations_with(Role.OFFICER):
        others = Dataset.organization_id.not_in(viewer.organization_ids)
        parts.append(_count(Dataset.id, Dataset.state == ListingState.IN_CHECK, others))
    writing = viewer.organizations_with(Role.STEWARD, Role.DEPUTY)
    if writing:
        returned = (Dataset.state == ListingState.DRAFT) & Dataset.state_reason.is_not(None)
        parts.append(_count(Dataset.id, returned, Dataset.organization_id.in_(writing)))
    parts.append(
        select(func.count(Duty.id))
        .join(Grant, Grant.id == Duty.grant_id)
        .join(Proposal, Proposal.id == Grant.proposal_id)
        .where(*_due_soon(viewer, today))
        .scalar_subquery()
    )
    return sum(session.execute(select(*parts)).one())


def _count(key: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(key)).where(*conditions).scalar_subquery()


def _to_sign(found: Sequence[Waiting]) -> list[Row]:
    return [
        _accession(each, N_("Sign the common agreement"), "agreements.sign", N_("Read and sign"), "a") for each in found
    ]


def _to_countersign(found: Sequence[Waiting]) -> list[Row]:
    return [
        _accession(each, N_("Countersign the common agreement"), "agreements.case", N_("Countersign"), "b")
        for each in found
    ]


def _accession(each: Waiting, sentence: str, endpoint: str, button: str, tone: str) -> Row:
    row = each.accession
    return Row(
        group=mine(each.clock.is_over),
        sentence=sentence,
        facts=(),
        lines=(f"{row.organization.name} · {row.reference}",),
        initials=initials_of(row.organization.name),
        tone=tone,
        endpoint=endpoint,
        values=(("reference", row.reference),),
        button=button,
        due=each.clock.due,
        clock=each.clock,
    )


def _to_check(found: Sequence[Dataset], now: datetime) -> list[Row]:
    rows = []
    for dataset in found:
        clock = progress(Wait.LISTING_CHECK, dataset.state_since, now)
        rows.append(
            Row(
                group=mine(clock.is_over),
                sentence=N_("Check a listing"),
                facts=(),
                lines=(f"{dataset.title} · {dataset.reference}", dataset.organization.name),
                initials=initials_of(dataset.organization.name),
                tone="b",
                endpoint="catalog.check",
                values=(("reference", dataset.reference),),
                button=N_("Check it"),
                due=clock.due,
                clock=clock,
            )
        )
    return rows


def _own_listings(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    if not viewer.organizations_with(Role.STEWARD, Role.DEPUTY):
        return []
    rows = [_returned(dataset) for dataset in drafts_returned(session, viewer)]
    for dataset in listings_of(session, viewer, ListingState.IN_CHECK):
        clock = progress(Wait.LISTING_CHECK, dataset.state_since, now)
        rows.append(
            Row(
                group=Group.OTHERS,
                sentence=N_("The secretariat checks your listing"),
                facts=(),
                lines=(f"{dataset.title} · {dataset.reference}",),
                initials="S",
                tone="c",
                endpoint="catalog.listing",
                values=(("reference", dataset.reference),),
                due=clock.due,
                clock=clock,
            )
        )
    return rows


def _returned(dataset: Dataset) -> Row:
    return Row(
        group=Group.YOURS,
        sentence=N_("Mend a listing that came back"),
        facts=(),
        lines=(f"{dataset.title} · {dataset.reference}", dataset.state_reason or ""),
        initials=initials_of(dataset.organization.name),
        tone="b",
        endpoint="catalog.listing",
        values=(("reference", dataset.reference),),
        button=N_("Mend it"),
    )


def _due_soon(viewer: Actor, today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Duty.done_at.is_(None),
        Duty.due_on.between(today - timedelta(days=_DUTY_DAYS), today + timedelta(days=_DUTY_DAYS)),
        Grant.state.in_(_RUNNING),
        Proposal.lead_id == viewer.person_id,
        Grant.member_id.in_(viewer.organization_ids),
    )


def _duties(session: Session, viewer: Actor, today: date) -> list[Row]:
    statement = (
        select(Duty, Grant, Organization.name)
        .join(Grant, Grant.id == Duty.grant_id)
        .join(Proposal, Proposal.id == Grant.proposal_id)
        .join(Organization, Organization.id == Grant.data_partner_id)
        .where(*_due_soon(viewer, today))
        .order_by(Duty.due_on, Duty.id)
    )
    return [
        Row(
            group=mine(duty.due_on is not None and duty.due_on < today),
            sentence="%(duty)s",
            facts=(("duty", duty.sentence),),
            lines=(f"{grant.title} · {grant.number}", partner),
            initials=viewer.initials,
            tone="a",
            endpoint="grants.show",
            values=(("number", grant.number),),
            button=N_("Open the grant"),
            due=duty.due_on,
        )
        for duty, grant, partner in session.execute(statement)
    ]


def _done(session: Session, viewer: Actor, now: datetime) -> list[Done]:
    """What the viewer did in the last two weeks, as the history has it; writing at a draft is not news."""
    quiet = (Event.PROPOSAL_EDITED, Event.LISTING_EDITED, Event.TEAM_CHANGED, Event.ACT_DENIED)
    statement = (
        select(HistoryEvent, HistoryDetail.payload)
        .outerjoin(HistoryDetail, HistoryDetail.seq == HistoryEvent.seq)
        .where(
            HistoryEvent.actor_pid == viewer.pid,
            HistoryEvent.at > now - timedelta(days=DONE_DAYS),
            or_(*(HistoryEvent.thing == thing for thing in ("proposal", "grant", "listing", "accession"))),
            HistoryEvent.type.not_in([event.value for event in quiet]),
        )
        .order_by(HistoryEvent.seq.desc())
        .limit(_MOST_DONE)
    )
    return [
        Done(EVENT_NAMES[Event(row.type)], str((payload or {}).get("title") or ""), row.thing, row.thing_ref, row.at)
        for row, payload in session.execute(statement)
    ]
