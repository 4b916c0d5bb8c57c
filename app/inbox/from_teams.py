"""Rows around teams: terms to accept, a lead to take or to name, a joint proposal to confirm, somebody to vouch for."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session

from app.foundation.words import N_
from app.organizations.cards import cards_asked_of, waits_to_vouch
from app.organizations.models import Card, Organization, Person
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.joint import to_confirm, waits_to_confirm
from app.proposals.queries.leading import asked_to_lead, lead_left_at, waits_for_a_lead, waits_to_lead, without_lead
from app.proposals.queries.team import places_to_answer, waits_for_answer
from app.proposals.team_models import CoApplicant, Handover
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Wait, progress
from app.rules.tasks import Row, mine


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Everything around teams that waits for the viewer."""
    return [
        *(_terms(proposal, member, now) for proposal, member in places_to_answer(session, viewer)),
        *(_lead(row, now) for row in asked_to_lead(session, viewer)),
        *(_joint(row, now) for row in to_confirm(session, viewer)),
        *(_vouch(card.person, card.organization, card.asked_at, now) for card in cards_asked_of(session, viewer)),
        *_without(session, viewer, now),
    ]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether there are any."""
    return or_(*(part.exists() for part in _keys(viewer)))


def count(viewer: Actor, _now: datetime) -> ScalarSelect[int]:
    """How many there are."""
    first, *others = (
        part.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery() for part in _keys(viewer)
    )
    return select(sum(others, start=first)).scalar_subquery()


def _keys(viewer: Actor) -> tuple[Select[int], ...]:
    return (
        select(TeamMember.id).join(Proposal, Proposal.id == TeamMember.proposal_id).where(*waits_for_answer(viewer)),
        select(Handover.id).join(Proposal, Proposal.id == Handover.proposal_id).where(*waits_to_lead(viewer)),
        select(CoApplicant.id).join(Proposal, Proposal.id == CoApplicant.proposal_id).where(*waits_to_confirm(viewer)),
        select(Proposal.id).where(*waits_for_a_lead(viewer)),
        select(Card.id).where(*waits_to_vouch(viewer)),
    )


def _terms(proposal: Proposal, member: TeamMember, now: datetime) -> Row:
    return _row(
        N_("Accept the terms for yourself"),
        proposal,
        (proposal.organization.name, proposal.lead.name),
        "proposals.join",
        N_("Read and answer"),
        Wait.TEAM_TERMS,
        member.added_at,
        now,
    )


def _lead(row: Handover, now: datetime) -> Row:
    proposal = row.proposal
    organization = (proposal.organization.name,)
    act = N_("Take the lead of a proposal, or decline")
    return _row(act, proposal, organization, "proposals.lead", N_("Answer"), Wait.NEW_LEAD, row.asked_at, now)


def _joint(row: CoApplicant, now: datetime) -> Row:
    act, proposal = N_("Say whether your organization takes part"), row.proposal
    line = (proposal.organization.name,)
    found = _row(act, proposal, line, "proposals.co_applicant", N_("Answer"), Wait.CO_APPLICANT, row.named_at, now)
    return _with(found, slug=row.organization.slug)


def _without(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """A draft is its team's alone, so it is named here without its title."""
    found, proposals = [], without_lead(session, viewer)
    left_at = lead_left_at(session, proposals) if proposals else {}
    for proposal in proposals:
        left = left_at.get(proposal.id, proposal.updated_at)
        act = N_("Name a new lead: the last one has left")
        title = proposal.title if proposal.sent_at is not None else ""
        lines = (f"{title} · {proposal.reference}".lstrip(" ·"), proposal.organization.name)
        row = _row(act, proposal, (), "proposals.lead", N_("Name somebody"), Wait.MISSING_LEAD, left, now)
        found.append(_with(row, lines=lines))
    return found


def _vouch(person: Person, organization: Organization, since: datetime, now: datetime) -> Row:
    clock = progress(Wait.VOUCHING, since, now)
    return Row(
        group=mine(clock.is_over),
        sentence=N_("Vouch for %(name)s, or say why not"),
        facts=(("name", person.name),),
        lines=(organization.name,),
        initials=initials_of(person.name),
        tone="a",
        endpoint="organizations.inside",
        values=(("slug", organization.slug), ("_anchor", "cards")),
        button=N_("Answer"),
        due=clock.due,
        clock=clock,
    )


def _row(
    sentence: str,
    proposal: Proposal,
    who: tuple[str, ...],
    endpoint: str,
    button: str,
    wait: Wait,
    since: datetime,
    now: datetime,
) -> Row:
    clock = progress(wait, since, now)
    return Row(
        group=mine(clock.is_over),
        sentence=sentence,
        facts=(),
        lines=(f"{proposal.title} · {proposal.reference}".lstrip(" ·"), *who),
        initials=initials_of(proposal.organization.name),
        tone="a",
        endpoint=endpoint,
        values=(("reference", proposal.reference),),
        button=button,
        due=clock.due,
        clock=clock,
    )


def _with(row: Row, slug: str = "", lines: tuple[str, ...] = ()) -> Row:
    values = (*row.values, ("slug", slug)) if slug else row.values
    return replace(row, values=values, lines=lines or row.lines)
