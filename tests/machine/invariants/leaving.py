"""Clauses 19.7, 19.8: nothing of a side that has left runs on or waits for it; and each open review waits for somebody (W10)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.outbox.models import MessageState
from app.reactions.changes import FOLLOW
from app.reactions.leaving import LEAVES
from app.rules.events import Event
from app.rules.roles import Capacity, Role
from app.rules.workflow import (
    AccessionState,
    ChangeState,
    GrantState,
    ItemState,
    ListingState,
    ProposalState,
    SubGrantState,
)
from tests.machine.invariants.turns import holding, office_of
from tests.machine.rows import AnyRow, Rows, rows_of

_RUNS = {GrantState.AWAITING_SIGNATURE, GrantState.ACTIVE, GrantState.SUSPENDED}
_YEAR = timedelta(days=366)
# Written down here once more, so that a fault in the tables is seen.
_ON_ITS_WAY = {
    ProposalState.IN_INTAKE,
    ProposalState.IN_REVIEW,
    ProposalState.CHANGES_REQUESTED,
    ProposalState.DECIDED,
    ProposalState.PARKED,
}
_BINDS = {AccessionState.IN_FORCE, AccessionState.LEAVING}
_OFFERED = {ListingState.IN_CHECK, ListingState.LISTED, ListingState.PAUSED}
_ANEW = {"renewal", "longer", "add_datasets"}
_WAITS = {*_ON_ITS_WAY, ProposalState.DRAFT}
_STANDS = {ItemState.PENDING, ItemState.APPROVED, ItemState.APPROVED_WITH_CONDITIONS}
_OPEN_CHANGE = {ChangeState.ASKED, ChangeState.IN_DECISION, ChangeState.APPROVED}
_OPEN_HANDOVER = {SubGrantState.TO_SIGN, SubGrantState.OFFERED, SubGrantState.ACTIVE}
_ENDS_A_GRANT = (
    Event.GRANT_REVOKED,
    Event.GRANT_EXPIRED,
    Event.GRANT_CLOSED,
    Event.GRANT_REPLACED,
    Event.CLOSING_ASKED,
)
_OFFICE = (Role.OFFICER, Role.DIRECTOR)


def grants_follow_who_leaves(session: Session) -> list[str]:
    """No grant runs for a member that has left, or for longer than a year after its data partner did."""
    rows = rows_of(session)
    if _is_on_its_way(rows, LEAVES, (Event.ACCESSION_ENDED,)):
        return []
    found = []
    for grant in (row for row in rows.all("grant") if row.state in _RUNS):
        if _left(rows, grant.member_id, Capacity.MEMBER):
            found.append(f"19.8: {grant.number} runs though its member has left")
        left = _left(rows, grant.data_partner_id, Capacity.DATA_PARTNER)
        if left is not None and grant.ends_on > left.date() + _YEAR:
            found.append(f"19.7: {grant.number} runs for more than a year after its data partner left")
    return found


def nothing_waits_for_who_left(session: Session) -> list[str]:
    """No proposal of a member that has left is on its way, no dataset of a data partner that has left stands in one, and no
    change of a grant of either is open.
    """
    rows = rows_of(session)
    if _is_on_its_way(rows, LEAVES, (Event.ACCESSION_ENDED,)):
        return []
    found = []
    for proposal in (row for row in rows.all("proposal") if row.state in _ON_ITS_WAY and row.ended_at is None):
        if _left(rows, proposal.organization_id, Capacity.MEMBER):
            found.append(f"19.8: {proposal.reference} is on its way though its member has left")
        items = [row for row in rows.of("proposal_item", "proposal_id", proposal.id) if row.state in _STANDS]
        owners = {rows.one("dataset", row.dataset_id).organization_id for row in items}
        if any(_left(rows, owner, Capacity.DATA_PARTNER) for owner in owners):
            found.append(f"19.7: {proposal.reference} counts on a data partner that has left")
    for change in (row for row in rows.all("grant_change") if row.state in _OPEN_CHANGE):
        grant = rows.one("grant", change.grant_id)
        sides = ((grant.member_id, Capacity.MEMBER), (grant.data_partner_id, Capacity.DATA_PARTNER))
        if any(_left(rows, *side) for side in sides):
            found.append(f"19.7: {change.reference} is open though a side of {grant.number} has left")
    return found


def nothing_is_granted_anew_after_a_notice(session: Session) -> list[str]:
    """Clause 19.7: once a data partner's notice was followed none of its data is offered, under review, or granted for longer."""
    rows = rows_of(session)
    found = []
    for notice in (row for row in rows.all("accession") if _is_followed(row)):
        own = [row for row in rows.of("accession", "organization_id", notice.organization_id) if row.state in _BINDS]
        if any(not _is_followed(row) for row in own if row.capacity is Capacity.DATA_PARTNER):
            continue
        datasets = {row.id: row for row in rows.of("dataset", "organization_id", notice.organization_id)}
        found += [f"19.7: {row.reference} is offered" for row in datasets.values() if row.state in _OFFERED]
        for proposal in (row for row in rows.all("proposal") if row.state in _ON_ITS_WAY and row.ended_at is None):
            items = rows.of("proposal_item", "proposal_id", proposal.id)
            if any(row.state in _STANDS and row.dataset_id in datasets for row in items):
                found.append(f"19.7: {proposal.reference} counts on a data partner that leaves")
        for grant in rows.of("grant", "data_partner_id", notice.organization_id):
            asked = [row for row in rows.of("grant_change", "grant_id", grant.id) if row.state in _OPEN_CHANGE]
            found += [f"19.7: {row.reference} would grant anew" for row in asked if _ANEW.intersection(row.kinds)]
            if grant.issued_at > notice.notice_followed_at and grant.predecessor_id is None:
                found.append(f"19.7: {grant.number} was issued after the notice")
    return found


def who_gave_notice_leaves_on_its_day(session: Session) -> list[str]:
    """Clause 19.6: who leaves has a day, not before ninety days from the notice, and is gone once it was looked at by date."""
    return [
        f"19.6: {row.reference} leaves before its notice allows"
        for row in rows_of(session).all("accession")
        if row.state is AccessionState.LEAVING
        and row.leaves_on < (row.notice_received_on or row.notice_at.date()) + timedelta(days=91)
        and row.leaves_on != row.notice_at.date() + timedelta(days=1)
    ]


def _is_followed(row: AnyRow) -> bool:
    return (
        row.state is AccessionState.LEAVING
        and row.capacity is Capacity.DATA_PARTNER
        and row.notice_followed_at is not None
    )


def hand_overs_end_with_their_grant(session: Session) -> list[str]:
    """Nobody is waited for on a hand-over under a grant that has ended, and none is in force."""
    rows = rows_of(session)
    if _is_on_its_way(rows, FOLLOW, _ENDS_A_GRANT):
        return []
    return [
        f"19.8: {row.number} is open under a grant that has ended"
        for row in rows.all("subgrant")
        if row.state in _OPEN_HANDOVER and rows.one("grant", row.grant_id).state not in _RUNS
    ]


def each_review_waits_for_somebody(session: Session) -> list[str]:
    """W10: whatever is open names one person for each organization that it waits for, who can sign in."""
    rows = rows_of(session)
    if not holding(rows, office_of(rows), _OFFICE):
        return []
    found = []
    for proposal in (row for row in rows.all("proposal") if row.state in _WAITS and row.ended_at is None):
        waits = rows.of("open_wait", "proposal_id", proposal.id)
        named = [row.person_id for row in waits]
        if not named or None in named:
            found.append(f"W10: {proposal.reference} ({proposal.state.value}) waits for nobody by name")
        elif not all(rows.one("person", key).active for key in named):
            found.append(f"W10: {proposal.reference} waits for somebody who cannot sign in")
    return found


def _left(rows: Rows, organization_id: int, capacity: Capacity) -> datetime | None:
    """When an organization left; None while any accession binds it."""
    own: list[AnyRow] = [
        row for row in rows.of("accession", "organization_id", organization_id) if row.capacity is capacity
    ]
    if any(row.state in _BINDS for row in own):
        return None
    return max((row.ended_at for row in own if row.ended_at is not None), default=None)


def _is_on_its_way(rows: Rows, kind: str, events: Iterable[Event]) -> bool:
    """Whether the worker has not come to it yet: to what follows from these events, or to the message that they make."""
    values = {event.value for event in events}
    happened = {row.seq for row in rows.all("history_event") if row.type in values}
    return any(
        row.kind == kind or row.payload.get("seq") in happened
        for row in rows.all("outbox_message")
        if row.state is MessageState.WAITING
    )


INVARIANTS = (
    grants_follow_who_leaves,
    nothing_waits_for_who_left,
    nothing_is_granted_anew_after_a_notice,
    who_gave_notice_leaves_on_its_day,
    hand_overs_end_with_their_grant,
    each_review_waits_for_somebody,
)
