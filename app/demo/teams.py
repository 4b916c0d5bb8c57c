"""Loading what goes on around the demo's teams: terms accepted, a joint proposal, a lead handed on, somebody who asks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.demo import world
from app.demo.stage import Stage, address
from app.organizations.commands.vouching import ask_for_card
from app.organizations.models import Organization, Person
from app.organizations.queries import organization_by_slug
from app.proposals.commands import accepting, gathering, joint, leading
from app.proposals.models import Proposal, TeamMember
from app.rules.workflow import MemberState

NEWEST_DRAFT_DAYS_AGO = 2
BEFORE_SENDING = 3


def plan_teams(stage: Stage) -> None:
    """Plan every act around a team, after the proposals have been planned."""
    content = world.teams()
    for number, text in enumerate(world.proposals()):
        first = text["story"][0][1] + BEFORE_SENDING if text["story"] else NEWEST_DRAFT_DAYS_AGO
        stage.plan(stage.at(first, 15, number), _accepting(stage, text["title"], content["not_answered"]))
    for row in content["team"]:
        for place, (act, days_ago, *rest) in enumerate(row["acts"]):
            stage.plan(stage.at(days_ago, 13, place), _acting(stage, row["proposal"], act, rest))
    for row in content["asking"]:
        stage.plan(stage.at(row["days_ago"], 10), _asking(stage, row["organization"], row["name"]))


def _accepting(stage: Stage, title: str, left_out: list[str]) -> Callable[[datetime], None]:
    return lambda now: _accept(stage, title, left_out, now)


def _acting(stage: Stage, title: str, act: str, rest: list[Any]) -> Callable[[datetime], None]:
    return lambda now: ACTS[act](stage, _proposal(stage, title), now, *rest)


def _asking(stage: Stage, slug: str, name: str) -> Callable[[datetime], None]:
    def ask(now: datetime) -> None:
        organization = organization_by_slug(stage.session, slug)
        ask_for_card(stage.session, stage.acting(name, now), organization.id, now)

    return ask


def _accept(stage: Stage, title: str, left_out: list[str], now: datetime) -> None:
    proposal = _proposal(stage, title)
    named = select(TeamMember).where(TeamMember.proposal_id == proposal.id, ~TeamMember.is_lead)
    for member in stage.session.scalars(named.where(TeamMember.state == MemberState.INVITED)).all():
        if member.name not in left_out:
            accepting.accept_terms(stage.session, stage.acting(member.name, now), proposal.reference, now)


def _name(stage: Stage, proposal: Proposal, now: datetime, name: str, slug: str) -> None:
    lead, organization = _lead(stage, proposal), organization_by_slug(stage.session, slug)
    gathering.add_team_member(
        stage.session,
        stage.acting(lead, now),
        proposal.reference,
        name,
        address(name, slug),
        organization.name,
        now,
    )


def _behind(stage: Stage, proposal: Proposal, now: datetime, slug: str) -> None:
    joint.name_co_applicant(stage.session, stage.acting(_lead(stage, proposal), now), proposal.reference, slug, now)


def _offer(stage: Stage, proposal: Proposal, now: datetime, name: str, words: str) -> None:
    lead, person = stage.acting(_lead(stage, proposal), now), stage.person(name)
    leading.offer_lead(stage.session, lead, proposal.reference, person.id, words, now)


def _take(stage: Stage, proposal: Proposal, now: datetime, name: str) -> None:
    leading.accept_lead(stage.session, stage.acting(name, now), proposal.reference, now)


ACTS: dict[str, Callable[..., None]] = {"name": _name, "behind": _behind, "offer": _offer, "take": _take}


def _proposal(stage: Stage, title: str) -> Proposal:
    statement = select(Proposal).join(Organization, Organization.id == Proposal.organization_id)
    return stage.session.scalars(statement.where(Proposal.title == title, Organization.is_demo)).one()


def _lead(stage: Stage, proposal: Proposal) -> str:
    return stage.session.get_one(Person, proposal.lead_id).name
