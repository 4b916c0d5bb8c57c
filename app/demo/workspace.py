"""Loading what reviewers of the demo did beside their verdicts: comments at answers, suggested edits, a decision made anew."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.catalog.models import Dataset
from app.demo import world
from app.demo.stage import Stage
from app.organizations.queries import stewards_of
from app.proposals.commands.conversation import comment
from app.proposals.commands.deciding import revise
from app.proposals.commands.ruling import Ruling
from app.proposals.commands.suggesting import suggest
from app.proposals.models import Proposal, ProposalItem, ProposalVersion
from app.rules.actors import Actor
from app.rules.workflow import ItemState

Text = dict[str, Any]


def plan_workspace(stage: Stage) -> None:
    """Plan it for the afternoons, after the proposals have come to their data partners."""
    texts = world.workspace()
    block, dengue = texts["care_block"], texts["dengue"]
    for minute, each in enumerate(block["comments"]):
        stage.plan(stage.at(each["days_ago"], 15, minute), _commenter(stage, block["title"], each))
    for minute, each in enumerate(block["edits"]):
        stage.plan(stage.at(each["days_ago"], 15, 10 + minute), _suggester(stage, block["title"], each))
    stage.plan(stage.at(dengue["days_ago"], 15, 30), lambda now: _decide_anew(stage, dengue, now))


def _commenter(stage: Stage, title: str, each: Text) -> Callable[[datetime], None]:
    def act(now: datetime) -> None:
        proposal = _proposal(stage, title)
        steward, internal = _steward(stage, proposal, now), bool(each["internal"])
        comment(
            stage.session, steward, proposal.reference, each["words"], now, is_internal=internal, about=each["about"]
        )

    return act


def _suggester(stage: Stage, title: str, each: Text) -> Callable[[datetime], None]:
    def act(now: datetime) -> None:
        proposal = _proposal(stage, title)
        steward = _steward(stage, proposal, now)
        suggest(stage.session, steward, proposal.reference, each["about"], each["text"], now, each["why"])

    return act


def _decide_anew(stage: Stage, text: Text, now: datetime) -> None:
    session, proposal = stage.session, _proposal(stage, text["title"])
    dataset = session.scalars(select(Dataset).where(Dataset.identifier == text["dataset"])).one()
    steward = stage.acting(stewards_of(session, dataset.organization_id)[0].name, now)
    version = session.get_one(ProposalVersion, proposal.current_version_id)
    outcome = ItemState.APPROVED_WITH_CONDITIONS
    ruling = Ruling(version.content_hash, outcome, words=text["words"], conditions=text["conditions"])
    revise(session, steward, proposal.reference, [dataset.reference], ruling, now)


def _proposal(stage: Stage, title: str) -> Proposal:
    return stage.session.scalars(select(Proposal).where(Proposal.title == title)).one()


def _steward(stage: Stage, proposal: Proposal, now: datetime) -> Actor:
    """The steward of its first dataset."""
    first = (
        select(Dataset.organization_id)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .where(ProposalItem.proposal_id == proposal.id)
        .order_by(ProposalItem.id)
    )
    owner = stage.session.scalars(first.limit(1)).one()
    return stage.acting(stewards_of(stage.session, owner)[0].name, now)
