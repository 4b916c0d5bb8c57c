"""What is under way when a side leaves the common agreement: reviews end or go on without it, and nobody is left waiting."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.agreements.commands import end_accession
from app.foundation.errors import WrongState
from app.grants.commands import issue
from app.grants.models import Grant
from app.organizations.models import Organization
from app.proposals.commands.deciding import Ruling, decide, revise, undo_decision
from app.proposals.commands.intake import Request, close_at_intake, request_changes
from app.proposals.commands.sending import NotReady
from app.proposals.commands.undoing import take_back
from app.proposals.models import Proposal, ProposalItem
from app.proposals.queries.whose_turn import whose_turn
from app.rules.roles import Capacity
from app.rules.vocabulary import Reason
from app.rules.workflow import ItemState, ProposalState
from tests.factories.grants import CONSORTIUM, DATES, NOW, director_of, make_decided, make_ready_cast
from tests.factories.organizations import acting
from tests.factories.proposals import Cast, make_proposal, send_as_shown
from tests.grants.conftest import at_the_time_of_the_story, installed
from tests.grants.pages import text_of
from tests.reactions.test_leaving import accession_of, leaves, mails
from tests.support.application import Client

__all__ = ["at_the_time_of_the_story", "installed"]
pytestmark = [pytest.mark.usefixtures("installed"), pytest.mark.both_databases]
LATER = NOW + timedelta(days=10)
P, Item = ProposalState, ItemState
ON_THEIR_WAY = (P.IN_INTAKE, P.IN_REVIEW, P.CHANGES_REQUESTED, P.DECIDED, P.PARKED)


@pytest.fixture
def cast(session: Session) -> Cast:
    """A member and two data partners, all in the consortium."""
    return make_ready_cast(session)


def partner_leaves(app: Flask, session: Session, cast: Cast, number: int = 0) -> Organization:
    partner = session.get_one(Organization, cast.datasets[number].organization_id)
    session.commit()
    leaves(app, session, cast, partner.id, Capacity.DATA_PARTNER)
    return partner


def member_leaves(app: Flask, session: Session, cast: Cast) -> None:
    session.commit()
    leaves(app, session, cast, cast.member.id, Capacity.MEMBER)


def states_of(session: Session, proposal: Proposal) -> list[ItemState]:
    items = select(ProposalItem.state).where(ProposalItem.proposal_id == proposal.id).order_by(ProposalItem.id)
    return list(session.scalars(items))


def say_no(session: Session, cast: Cast, proposal: Proposal, number: int) -> None:
    dataset = cast.datasets[number]
    no = Ruling(str(proposal_hash(session, proposal)), Item.NOT_APPROVED, Reason.TOO_EARLY, "Ask again in May.")
    decide(session, acting(session, cast.steward_of(dataset)), proposal.reference, [dataset.reference], no, NOW)


def proposal_hash(session: Session, proposal: Proposal) -> str:
    session.refresh(proposal, ["current_version"])
    assert proposal.current_version is not None
    return proposal.current_version.content_hash


@pytest.mark.parametrize("state", ON_THEIR_WAY)
def test_a_members_proposals_end_with_it(app: Flask, session: Session, cast: Cast, state: ProposalState) -> None:
    proposal = make_proposal(session, state, cast=cast, answers=DATES)
    member_leaves(app, session, cast)
    assert (proposal.state, proposal.ended_at) == (P.ENDED, LATER)
    assert f"{cast.member.name} left the common agreement on 03 Dec 2026" in str(proposal.end_reason)
    assert whose_turn(session, proposal, LATER).is_ended


def test_whoever_was_to_act_on_it_and_the_lead_are_told_that_it_has_ended(
    app: Flask, session: Session, cast: Cast
) -> None:
    make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    member_leaves(app, session, cast)
    told = mails(session, "proposal_ended")
    stewards = {person.email for person in cast.stewards.values()}
    assert {mail["to_email"] for mail in told} == {cast.lead.email, *stewards}
    assert all("has ended. It waits for nobody any more." in mail["text"] for mail in told)
    assert all(f"{cast.member.name} left the common agreement" in mail["text"] for mail in told)
    worker.run_schedule(app, LATER + timedelta(days=60))
    worker.drain(app, lambda: LATER + timedelta(days=60))
    assert mails(session, "proposal_reminder") == []


def test_a_draft_stays_readable_and_says_why_it_cannot_be_sent(
    app: Flask, client: Client, session: Session, cast: Cast
) -> None:
    draft = make_proposal(session, P.DRAFT, cast=cast, answers=DATES)
    member_leaves(app, session, cast)
    assert draft.state is P.DRAFT
    with pytest.raises(NotReady):
        send_as_shown(session, acting(session, cast.lead), draft, LATER)
    client.sign_in_as(cast.lead)
    shown = text_of(client, f"/proposals/{draft.reference}/edit/check")
    assert f"{cast.member.name} has left the common agreement. To list or propose again it joins anew" in shown


def test_the_page_of_what_ended_says_why(app: Flask, client: Client, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    member_leaves(app, session, cast)
    for reader in (cast.lead, cast.officer, cast.steward_of(cast.datasets[0])):
        client.sign_in_as(reader)
        assert "left the common agreement on 03 Dec 2026" in text_of(client, f"/proposals/{proposal.reference}")


def test_what_was_not_taken_up_minutes_before_its_member_left_is_not_taken_up_again(
    app: Flask, session: Session, cast: Cast
) -> None:
    proposal = make_proposal(session, P.IN_INTAKE, cast=cast, answers=DATES)
    officer = acting(session, cast.officer)
    close_at_intake(session, officer, proposal.reference, "Outside the agreement.", LATER)
    member_leaves(app, session, cast)
    with pytest.raises(WrongState):
        take_back(session, officer, proposal.reference, LATER + timedelta(minutes=3))


def test_grants_are_issued_on_the_data_of_those_who_stay(app: Flask, session: Session, cast: Cast) -> None:
    proposal = make_decided(session, cast)
    partner_leaves(app, session, cast)
    assert (proposal.state, states_of(session, proposal)) == (P.DECIDED, [Item.NOT_OFFERED, Item.APPROVED])
    grants = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, LATER)
    assert [grant.data_partner_id for grant in grants] == [cast.datasets[1].organization_id]


def test_the_team_and_the_director_read_who_grants_nothing_and_why(
    app: Flask, client: Client, session: Session, cast: Cast
) -> None:
    proposal = make_decided(session, cast)
    partner = partner_leaves(app, session, cast)
    (mail,) = mails(session, "proposal_not_offered")
    assert mail["to_email"] == cast.lead.email
    for part in (
        f"{partner.name} leaves or has left the common agreement",
        cast.datasets[0].title,
        "goes on with its other",
    ):
        assert part in mail["text"]
    assert mails(session, "proposal_listing_closed") == [], "nobody is asked to list it again"
    client.sign_in_as(cast.lead)
    shown = text_of(client, f"/proposals/{proposal.reference}")
    assert "No longer offered" in shown
    assert f"{partner.name} leaves or has left the common agreement. No grant is issued on this dataset." in shown
    client.sign_in_as(cast.director)
    assert f"{partner.name} leaves or has left the common agreement" in text_of(
        client, f"/proposals/{proposal.reference}/issue"
    )


def test_another_data_partner_does_not_read_who_left(app: Flask, client: Client, session: Session, cast: Cast) -> None:
    from_left = cast.datasets[0]
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    partner = partner_leaves(app, session, cast)
    from_left.visibility = type(from_left.visibility).NAMED
    session.commit()
    client.sign_in_as(cast.steward_of(cast.datasets[1]))
    assert partner.name not in text_of(client, f"/proposals/{proposal.reference}")


def test_a_review_goes_on_without_a_data_partner_that_left(app: Flask, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    partner_leaves(app, session, cast)
    assert (proposal.state, states_of(session, proposal)) == (P.IN_REVIEW, [Item.NOT_OFFERED, Item.PENDING])
    holders = whose_turn(session, proposal, LATER).holders
    assert [holder.organization_id for holder in holders] == [cast.datasets[1].organization_id]


def test_it_is_decided_where_only_that_answer_was_waited_for(app: Flask, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    yes = Ruling(proposal_hash(session, proposal), Item.APPROVED)
    kept = cast.datasets[1]
    decide(session, acting(session, cast.steward_of(kept)), proposal.reference, [kept.reference], yes, NOW)
    partner_leaves(app, session, cast)
    assert proposal.state is P.DECIDED
    assert {mail["to_email"] for mail in mails(session, "proposal_to_issue")} == {cast.director.email}


@pytest.mark.parametrize("state", ON_THEIR_WAY)
def test_it_ends_where_nothing_else_was_asked_for(
    app: Flask, session: Session, cast: Cast, state: ProposalState
) -> None:
    proposal = make_proposal(session, state, cast=cast, answers=DATES, datasets=cast.datasets[:1])
    partner_leaves(app, session, cast)
    assert (proposal.state, states_of(session, proposal)) == (P.ENDED, [Item.NOT_OFFERED])
    assert "is no longer offered" in str(proposal.end_reason)
    assert cast.lead.email in {mail["to_email"] for mail in mails(session, "proposal_ended")}


def test_a_decided_proposal_ends_where_the_others_said_no(app: Flask, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    yes = Ruling(proposal_hash(session, proposal), Item.APPROVED)
    first = cast.datasets[0]
    decide(session, acting(session, cast.steward_of(first)), proposal.reference, [first.reference], yes, NOW)
    say_no(session, cast, proposal, 1)
    assert proposal.state is P.DECIDED
    partner_leaves(app, session, cast)
    assert (proposal.state, states_of(session, proposal)) == (P.ENDED, [Item.NOT_OFFERED, Item.NOT_APPROVED])


def test_a_no_stands_and_is_not_taken_back_by_who_has_left(app: Flask, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    say_no(session, cast, proposal, 0)
    partner_leaves(app, session, cast)
    assert states_of(session, proposal) == [Item.NOT_APPROVED, Item.PENDING]
    first = cast.datasets[0]
    with pytest.raises(WrongState, match="leaves or has left the common agreement"):
        undo_decision(session, acting(session, cast.steward_of(first)), proposal.reference, first.reference, NOW)


def test_a_no_is_not_made_a_yes_for_a_member_that_has_left(app: Flask, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES, datasets=cast.datasets[:1])
    say_no(session, cast, proposal, 0)
    member_leaves(app, session, cast)
    assert (proposal.state, proposal.ended_at) == (P.DECIDED, NOW), "it had ended before, with its reason"
    first, yes = cast.datasets[0], Ruling(proposal_hash(session, proposal), Item.APPROVED)
    with pytest.raises(WrongState, match="Whoever proposed this has left"):
        revise(session, acting(session, cast.steward_of(first)), proposal.reference, [first.reference], yes, LATER)


def test_an_answer_to_changes_waits_for_nobody_who_has_left(app: Flask, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    yes = Ruling(proposal_hash(session, proposal), Item.APPROVED)
    kept = cast.datasets[1]
    decide(session, acting(session, cast.steward_of(kept)), proposal.reference, [kept.reference], yes, NOW)
    asking = acting(session, cast.steward_of(cast.datasets[0]))
    request_changes(session, asking, proposal.reference, [Request("Say which streets.", "variables")], NOW)
    partner_leaves(app, session, cast)
    assert proposal.state is P.CHANGES_REQUESTED
    send_as_shown(session, acting(session, cast.lead), proposal, LATER)
    assert (proposal.state, proposal.ended_at) == (P.DECIDED, None)


def test_before_the_day_on_which_it_leaves_nothing_changes(app: Flask, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, P.IN_REVIEW, cast=cast, answers=DATES)
    session.commit()
    worker.drain(app, lambda: LATER)
    assert proposal.state is P.IN_REVIEW
    row = accession_of(session, cast.member.id, Capacity.MEMBER)
    end_accession(session, acting(session, cast.director), row.reference, "It has other plans.", LATER)
    assert proposal.state is P.IN_REVIEW, "the worker does it, in a transaction of its own"
    assert session.scalars(select(Grant.id)).all() == []
