"""What a side that has left still learns of reviews, who else learns that they ended, and what had missed that it left."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from app import worker
from app.agreements.commands import end_accession
from app.history.models import HistoryDetail, HistoryEvent
from app.outbox.models import OutboxMessage
from app.proposals.commands.deciding import Ruling, decide
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.sending import withdraw
from app.proposals.models import Proposal
from app.proposals.queries.cases import visible_to
from app.proposals.standing import data_partner_ids, standing
from app.reactions.leaving import catch_up
from app.rules.events import Event
from app.rules.roles import Capacity, Role
from app.rules.workflow import ItemState, ProposalState
from tests.factories.grants import DATES, NOW
from tests.factories.organizations import acting
from tests.factories.proposals import Cast, make_proposal
from tests.grants.conftest import at_the_time_of_the_story, installed
from tests.reactions.test_leaving import accession_of, mails
from tests.reactions.test_leaving_under_way import LATER, cast, member_leaves, partner_leaves, proposal_hash, say_no
from tests.support.application import Client

__all__ = ["at_the_time_of_the_story", "cast", "installed"]
pytestmark = [pytest.mark.usefixtures("installed"), pytest.mark.both_databases]
P, Item = ProposalState, ItemState


def test_a_data_partner_that_left_has_nothing_to_do_any_more_with_what_goes_on_without_it(
    app: Flask, client: Client, session: Session, cast: Cast
) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    partner = partner_leaves(app, session, cast)
    steward = cast.steward_of(cast.datasets[0])
    assert data_partner_ids(session, proposal) == {cast.datasets[1].organization_id}
    assert Role.DATASET_STEWARD not in standing(session, acting(session, steward), proposal)
    seen = [
        session.scalar(select(Proposal.id).where(visible_to(acting(session, each))))
        for each in (steward, cast.steward_of(cast.datasets[1]))
    ]
    assert seen == [None, proposal.id]
    client.sign_in_as(steward)
    assert client.get(f"/proposals/{proposal.reference}").status_code == 404
    withdraw(session, acting(session, cast.lead), proposal.reference, "We have other plans.", LATER)
    session.commit()
    worker.drain(app, lambda: LATER)
    told = {mail["to_email"] for mail in mails(session, "proposal_withdrawn")}
    assert told == {cast.steward_of(cast.datasets[1]).email}, partner.name


def test_a_data_partner_that_left_after_its_no_still_reads_what_it_said_no_to(
    app: Flask, session: Session, cast: Cast
) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    say_no(session, cast, proposal, 0)
    partner = partner_leaves(app, session, cast)
    assert partner.id in data_partner_ids(session, proposal)


def test_the_history_tells_what_was_not_approved_from_what_was_not_offered(
    app: Flask, session: Session, cast: Cast
) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    yes = Ruling(proposal_hash(session, proposal), Item.APPROVED)
    first, kept = cast.datasets
    decide(session, acting(session, cast.steward_of(kept)), proposal.reference, [kept.reference], yes, NOW)
    partner_leaves(app, session, cast)
    written = select(HistoryEvent.seq).where(
        HistoryEvent.type == Event.PROPOSAL_DECIDED.value, HistoryEvent.thing_ref == proposal.reference
    )
    facts = session.scalars(select(HistoryDetail.payload).where(HistoryDetail.seq.in_(written))).one()
    kept_facts = {key: facts[key] for key in ("approved", "not_approved", "not_offered")}
    assert kept_facts == {"approved": [kept.reference], "not_approved": [], "not_offered": [first.reference]}


def test_who_had_decided_and_who_asked_for_changes_are_told_that_it_has_ended(
    app: Flask, session: Session, cast: Cast
) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    asking = acting(session, cast.steward_of(cast.datasets[0]))
    request_changes(session, asking, proposal.reference, [Request("Say which streets.", "variables")], NOW)
    member_leaves(app, session, cast)
    stewards = {person.email for person in cast.stewards.values()}
    assert {mail["to_email"] for mail in mails(session, "proposal_ended")} == {cast.lead.email, *stewards}


def test_an_officer_whose_request_was_to_be_answered_is_told_that_it_has_ended(
    app: Flask, session: Session, cast: Cast
) -> None:
    proposal = make_proposal(session, P.IN_INTAKE, cast=cast, answers=DATES)
    officer = acting(session, cast.officer)
    request_changes(session, officer, proposal.reference, [Request("Say which streets.", "variables")], NOW)
    member_leaves(app, session, cast)
    assert {mail["to_email"] for mail in mails(session, "proposal_ended")} == {cast.lead.email, cast.officer.email}


@pytest.mark.parametrize("capacity", [Capacity.MEMBER, Capacity.DATA_PARTNER])
def test_what_came_under_way_as_its_side_left_ends_a_minute_later_and_once(
    app: Flask, session: Session, cast: Cast, capacity: Capacity
) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES, datasets=cast.datasets[:1])
    side = {Capacity.MEMBER: cast.member.id, Capacity.DATA_PARTNER: cast.datasets[0].organization_id}[capacity]
    left_unnoticed(session, cast, side, capacity)
    for minute in range(3):
        look_again(app, LATER + timedelta(minutes=minute))
    session.expire_all()
    assert (proposal.state, proposal.ended_at) == (P.ENDED, LATER)
    told = [mail["to_email"] for mail in mails(session, "proposal_ended")]
    assert cast.lead.email in told
    assert len(told) == len(set(told))


def test_where_nobody_left_looking_for_what_waits_is_one_statement(session: Session, cast: Cast) -> None:
    make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    session.flush()
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        catch_up(session, LATER)
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
    assert len(seen) == 1
    assert "FOR UPDATE" not in seen[0]


def look_again(app: Flask, at: datetime) -> None:
    worker.run_schedule(app, at)
    worker.drain(app, lambda: at)


def left_unnoticed(session: Session, cast: Cast, organization_id: int, capacity: Capacity) -> None:
    """End its accession as if nothing had followed from that."""
    row = accession_of(session, organization_id, capacity)
    end_accession(session, acting(session, cast.director), row.reference, "It has other plans.", LATER)
    session.execute(delete(OutboxMessage))
    session.commit()
