"""Rows around teams: terms to accept, a lead to take or to name, a joint proposal to confirm, somebody to vouch for."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.foundation.words import N_
from app.organizations.calendars import calendars
from app.organizations.cards import cards_asked_of, vouching_awaited, vouching_clock, waits_to_vouch
from app.organizations.models import Card
from app.organizations.naming import Awaited, Key, Name, named_for
from app.proposals.queries.joint import to_confirm
from app.proposals.queries.leading import asked_to_lead, lead_left_at, without_lead
from app.proposals.queries.team import places_to_answer
from app.proposals.queries.team_waits import (
    Calendars,
    TeamWait,
    asked_around,
    calendars_for,
    of_co_applicant,
    of_handover,
    of_missing_lead,
    of_place,
)
from app.proposals.team_models import CoApplicant
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Progress, Wait
from app.rules.ladder import Named
from app.rules.roles import Role
from app.rules.tasks import Group, Row, mine

Names = dict[Key, Named[Name]]


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Everything around teams that waits for the viewer, or for a colleague; in a fixed number of statements."""
    waits, cards = _waits(session, viewer), cards_asked_of(session, viewer)
    days, ours = calendars_for(session, waits), calendars(session, {card.organization for card in cards})
    asked = [wait.awaited for wait in waits if wait.wait in _OF_FOCAL_POINTS] + [
        vouching_awaited(card) for card in cards
    ]
    names = named_for(session, asked) if asked else {}
    found = [_row(wait, viewer, names, days, now) for wait in waits]
    found += [_vouch(card, viewer, names, vouching_clock(card, now, ours[card.organization_id])) for card in cards]
    return [row for row in found if row is not None]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether there are any."""
    return or_(*(part.exists() for part in (*asked_around(viewer), select(Card.id).where(*waits_to_vouch(viewer)))))


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


_OF_FOCAL_POINTS = frozenset({Wait.CO_APPLICANT, Wait.MISSING_LEAD})
# By wait: what the one does who is named, the button, what the others read, and what somebody reads who can only see to it.
_WORDS: dict[Wait, tuple[str, str, str, str]] = {
    Wait.TEAM_TERMS: (N_("Accept the terms for yourself"), N_("Read and answer"), "", ""),
    Wait.NEW_LEAD: (N_("Take the lead of a proposal, or decline"), N_("Answer"), "", ""),
    Wait.CO_APPLICANT: (
        N_("Say whether your organization takes part"),
        N_("Answer"),
        N_("%(by)s says whether your organization takes part"),
        "",
    ),
    Wait.MISSING_LEAD: (
        N_("Name a new lead: the last one has left"),
        N_("Name somebody"),
        N_("%(by)s names a new lead: the last one has left"),
        N_("See to it that a new lead is named: the last one has left"),
    ),
    Wait.VOUCHING: (
        N_("Vouch for %(name)s, or say why not"),
        N_("Answer"),
        N_("%(by)s answers whether to vouch for %(name)s"),
        N_("See to it that %(name)s, who asks to be vouched for, is answered"),
    ),
}
_ENDPOINTS: dict[Wait, str] = {
    Wait.TEAM_TERMS: "proposals.join",
    Wait.NEW_LEAD: "proposals.lead",
    Wait.CO_APPLICANT: "proposals.co_applicant",
    Wait.MISSING_LEAD: "proposals.lead",
}
_SEE_TO_IT = N_("See to it")


def _waits(session: Session, viewer: Actor) -> list[TeamWait]:
    proposals = without_lead(session, viewer)
    left_at = lead_left_at(session, proposals) if proposals else {}
    return [
        *(
            of_place(proposal, member, viewer.organization_ids)
            for proposal, member in places_to_answer(session, viewer)
        ),
        *(of_handover(row) for row in asked_to_lead(session, viewer)),
        *(of_co_applicant(row) for row in to_confirm(session, viewer)),
        *(of_missing_lead(proposal, left_at.get(proposal.id)) for proposal in proposals),
    ]


def _row(wait: TeamWait, viewer: Actor, names: Names, days: Calendars, now: datetime) -> Row | None:
    clock, proposal = wait.clock(now, days), wait.proposal
    row = Row(
        group=mine(clock.is_over),
        sentence=_WORDS[wait.wait][0],
        facts=(),
        lines=_lines(wait),
        initials=initials_of(proposal.organization.name),
        tone="a",
        endpoint=_ENDPOINTS[wait.wait],
        values=(("reference", proposal.reference),),
        button=_WORDS[wait.wait][1],
        due=clock.due,
        clock=clock,
    )
    if isinstance(wait.row, CoApplicant):
        row = replace(row, values=(*row.values, ("slug", wait.row.organization.slug)))
    if wait.wait not in _OF_FOCAL_POINTS:
        return row
    seen_at = ("proposals.show", row.values)
    return _for(viewer, row, wait.wait, wait.awaited, names, clock, seen_at)


def _lines(wait: TeamWait) -> tuple[str, ...]:
    """A draft is its team's alone: whoever only names a new lead reads no title."""
    proposal = wait.proposal
    title = proposal.title if wait.wait is not Wait.MISSING_LEAD or proposal.sent_at is not None else ""
    who = (proposal.lead.name,) if wait.wait is Wait.TEAM_TERMS else ()
    return f"{title} · {proposal.reference}".lstrip(" ·"), proposal.organization.name, *who


def _vouch(card: Card, viewer: Actor, names: Names, clock: Progress) -> Row | None:
    sentence, button, _others, _seeing = _WORDS[Wait.VOUCHING]
    row = Row(
        group=mine(clock.is_over),
        sentence=sentence,
        facts=(("name", card.person.name),),
        lines=(card.organization.name,),
        initials=initials_of(card.person.name),
        tone="a",
        endpoint="organizations.inside",
        values=(("slug", card.organization.slug), ("_anchor", "cards")),
        button=button,
        due=clock.due,
        clock=clock,
    )
    return _for(viewer, row, Wait.VOUCHING, vouching_awaited(card), names, clock, (row.endpoint, row.values))


def _for(
    viewer: Actor,
    row: Row,
    kind: Wait,
    awaited: Awaited,
    names: Names,
    clock: Progress,
    seen_at: tuple[str, tuple[tuple[str, str], ...]],
) -> Row | None:
    """The row as the one who is named has it, as colleagues do, and as the secretariat does once it is asked to step in."""
    _sentence, _button, others, seeing = _WORDS[kind]
    named = names.get((awaited.thing, awaited.ref, awaited.organization_id))
    is_asked = named is None or viewer.person_id in {name.person_id for name in named.asked(clock.percent)}
    is_point = awaited.organization_id in viewer.organizations_with(Role.FOCAL_POINT)
    can_act = is_point or named is None or named.is_substitute
    if can_act and is_asked:
        return row
    if can_act and named is not None:
        by = ("by", named.at(clock.percent).name)
        return replace(row, group=Group.OTHERS, sentence=others, facts=(*row.facts, by), button="")
    if is_asked and seeing:
        endpoint, values = seen_at
        return replace(row, sentence=seeing, button=_SEE_TO_IT, endpoint=endpoint, values=values)
    return None
