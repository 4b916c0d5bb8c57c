"""Rows of votes: members of the committee who have not voted while another one is named, and a chair who can close a vote."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.foundation.words import N_
from app.proposals.models import Proposal
from app.proposals.queries.cases import visible_to
from app.proposals.queries.votes import tally_of
from app.proposals.queries.whose_turn import WhoseTurn, turns
from app.proposals.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor, initials_of
from app.rules.permissions import may
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.tasks import Row, mine
from app.rules.workflow import ProposalState

_VOTE = (N_("Vote on a proposal"), N_("Read and vote"))
_CLOSE = (N_("Close the vote on a proposal"), N_("Close it"))


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """What waits for the viewer of the votes that are open now; none where the wait itself names the viewer already."""
    if not viewer.organizations_with(Role.REVIEWER, Role.CHAIR):
        return []
    open_votes = select(Proposal).where(
        visible_to(viewer), Proposal.state == ProposalState.IN_REVIEW, Proposal.step == Step.COMMITTEE
    )
    found = session.scalars(open_votes.options(joinedload(Proposal.organization)).order_by(Proposal.id)).all()
    answers = turns(session, found, now)
    wanted = [
        (each, _wanted(session, viewer, each)) for each in found if not answers[each.id].waits_for(viewer.person_id)
    ]
    return [_row(each, words, answers[each.id]) for each, words in wanted if words]


def count(session: Session, viewer: Actor, now: datetime) -> int:
    """How many of them there are: all of them are the viewer's own."""
    return len(rows(session, viewer, now))


def _wanted(session: Session, viewer: Actor, proposal: Proposal) -> tuple[str, str] | None:
    tally, roles = tally_of(session, proposal), standing(session, viewer, proposal)
    if may(roles, Action.CAST_VOTE) and tally.choice_of(viewer.person_id) is None:
        return _VOTE
    return _CLOSE if may(roles, Action.CLOSE_VOTE) and tally.count.has_quorum else None


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
