"""Rows of votes: members of the committee who have not voted while another one is named, and a chair who can close a vote."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import Session, joinedload

from app.foundation.words import N_
from app.proposals.models import Proposal
from app.proposals.queries.cases import visible_to
from app.proposals.queries.votes import Tally, tallies_of
from app.proposals.queries.whose_turn import WhoseTurn, turns
from app.rules.actors import Actor, initials_of
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.tasks import Row, mine
from app.rules.workflow import ProposalState

_VOTE = (N_("Vote on a proposal"), N_("Read and vote"))
CLOSE = (N_("Close the vote on a proposal"), N_("Close it"))


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """What waits for the viewer of the votes that are open now; none where the wait itself names the viewer already."""
    if not viewer.organizations_with(Role.REVIEWER, Role.CHAIR):
        return []
    found = session.scalars(_open_votes(viewer).options(joinedload(Proposal.organization)).order_by(Proposal.id)).all()
    if not found:
        return []
    answers, tallies = turns(session, found, now), tallies_of(session, found)
    wanted = [
        (each, _wanted(tallies[each.id], viewer)) for each in found if not answers[each.id].waits_for(viewer.person_id)
    ]
    return [_row(each, words, answers[each.id]) for each, words in wanted if words]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether any vote is open that the viewer may know of."""
    if not viewer.organizations_with(Role.REVIEWER, Role.CHAIR):
        return false()
    return _open_votes(viewer).exists()


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _open_votes(viewer: Actor) -> Select[Proposal]:
    return select(Proposal).where(
        visible_to(viewer), Proposal.state == ProposalState.IN_REVIEW, Proposal.step == Step.COMMITTEE
    )


def _wanted(tally: Tally, viewer: Actor) -> tuple[str, str] | None:
    """What the viewer can do for a vote; nothing in a conflict of interest."""
    own = next((each for each in tally.members if each.person_id == viewer.person_id), None)
    if own is None or own.is_in_conflict:
        return None
    if own.choice is None:
        return _VOTE
    return CLOSE if own.is_chair and tally.count.has_quorum else None


def _row(proposal: Proposal, words: tuple[str, str], turn: WhoseTurn) -> Row:
    return Row(
        group=mine(turn.is_overdue),
        sentence=words[0],
        facts=(),
        lines=(f"{proposal.title} · {proposal.reference}", proposal.organization.name),
        initials=initials_of(proposal.organization.name),
        tone="a",
        endpoint="proposals.verdict",
        values=(("reference", proposal.reference),),
        button=words[1],
        due=turn.due,
        clock=turn.progress,
        since=turn.since,
    )
