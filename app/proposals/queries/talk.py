"""The conversation and the history of a proposal, as one viewer may read them."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from app.history.queries import Happening, happenings
from app.organizations.models import Organization, Person
from app.proposals.models import CHANGE_REQUEST, Comment
from app.proposals.queries.cases import Case
from app.proposals.queries.items import DECIDING
from app.proposals.standing import own_sides
from app.rules.actors import Actor, initials_of
from app.rules.events import Event
from app.rules.pipelines import STEP_ROLES
from app.rules.questions import BANK
from app.rules.roles import Kind, Role


@dataclass(frozen=True)
class Message:
    """One message of the conversation. `tone` is its side: a proposer, b data partner, c secretariat."""

    id: int
    author_id: int
    author: str
    initials: str
    organization: str
    tone: str
    body: str
    is_internal: bool
    is_request: bool
    about: str | None
    posted_at: datetime

    @property
    def question(self) -> str | None:
        """The question whose answer it is about, which has an anchor on the pages of answers."""
        found = BANK.question_of(self.about) if self.about else None
        return found.key if found else self.about

    @property
    def question_label(self) -> str:
        """What that question is called, untranslated; empty where it is none of the form's."""
        return next((each.label for each in BANK.questions if each.key == self.question), "")


_TONES = {Kind.PARTNER: "b", Kind.MEMBER: "a", Kind.BOTH: "b", Kind.SECRETARIAT: "c"}
_SECRETARIAT = frozenset({Role.OFFICER, Role.DIRECTOR, Role.AUDITOR})
# Whoever is tied to the proposing side reads no internal word, whatever else they are.
_OUTSIDE = frozenset({Role.CONFLICTED, Role.PROJECT_LEAD, Role.TEAM_MEMBER, Role.COLLEAGUE})

_DECISIONS = frozenset(
    {
        Event.ITEM_APPROVED,
        Event.ITEM_APPROVED_WITH_CONDITIONS,
        Event.ITEM_APPROVED_BY_RULE,
        Event.ITEM_NOT_APPROVED,
        Event.DECISION_UNDONE,
        Event.DECISION_VOIDED,
        Event.DECISION_REVISED,
        Event.ITEM_NOT_OFFERED,
    }
)
_SUGGESTIONS = frozenset(
    {
        Event.SUGGESTION_MADE,
        Event.SUGGESTION_ACCEPTED,
        Event.SUGGESTION_DECLINED,
        Event.SUGGESTION_WITHDRAWN,
        Event.SUGGESTION_OUTDATED,
    }
)
# Writing at a draft fills the history and is no news; the timeline has it.
QUIET = frozenset({Event.PROPOSAL_EDITED, Event.TEAM_CHANGED})
# What of a decision everybody on the proposal may read; who made it, its reason, words and conditions are not (safety.md T5).
_OUTCOME = ("dataset", "outcome")


def conversation(session: Session, viewer: Actor, of: Case) -> list[Message]:
    """The messages that the viewer may read, oldest first, in one statement."""
    statement = (
        select(Comment, Person.name, Organization.name, Organization.kind)
        .join(Person, Person.id == Comment.author_id)
        .join(Organization, Organization.id == Comment.organization_id)
        .where(Comment.proposal_id == of.proposal.id, readable(viewer, of))
        .order_by(Comment.posted_at, Comment.id)
    )
    return [
        Message(
            id=row.id,
            author_id=row.author_id,
            author=author,
            initials=initials_of(author),
            organization=organization,
            tone="a" if row.organization_id == of.proposal.organization_id else _TONES[kind],
            body=row.body,
            is_internal=row.is_internal,
            is_request=row.kind == CHANGE_REQUEST,
            about=row.about_answer,
            posted_at=row.posted_at,
        )
        for row, author, organization, kind in session.execute(statement)
    ]


def message_count(session: Session, viewer: Actor, of: Case) -> int:
    """How many messages the viewer may read."""
    mine = (Comment.proposal_id == of.proposal.id, readable(viewer, of))
    return session.scalar(select(func.count(Comment.id)).where(*mine)) or 0


def readable(viewer: Actor, of: Case) -> ColumnElement[bool]:
    """The messages of a proposal that the viewer may read; what was taken back nobody reads here.

    What a step's reviewer writes inside is kept with the secretariat: of the committee only whoever wrote it reads it there.
    """
    return and_(Comment.withdrawn_at.is_(None), _for_roles(viewer, of))


def _for_roles(viewer: Actor, of: Case) -> ColumnElement[bool]:
    if of.roles & _OUTSIDE:
        return ~Comment.is_internal
    if of.roles & _SECRETARIAT:
        return true()
    found = [~Comment.is_internal, Comment.organization_id.in_(own_sides(viewer, of.near))]
    if of.roles & STEP_ROLES:
        secretariat = select(Organization.id).where(Organization.kind == Kind.SECRETARIAT)
        found.append(and_(Comment.author_id == viewer.person_id, Comment.organization_id.in_(secretariat)))
    return or_(*found)


def history(session: Session, viewer: Actor, of: Case) -> list[Happening]:
    """What happened, newest first. Others do not see how a draft came about, nor another data partner's reasons."""
    found = happenings(session, [("proposal", of.proposal.reference)])
    shown = [_for(viewer, of, each) for each in found if _is_shown(viewer, of, each)]
    if not of.roles & _OUTSIDE:
        first = min((each.seq for each in shown if each.type == Event.PROPOSAL_SENT), default=0)
        shown = [each for each in shown if each.seq >= first]
    return shown


def _is_shown(viewer: Actor, of: Case, each: Happening) -> bool:
    is_own = each.facts.get("organization") in own_sides(viewer, of.near)
    if each.type in _SUGGESTIONS:  # as the suggestions themselves: those of another data partner are not there
        return of.reads_everything or is_own
    if not each.facts.get("internal"):
        return True
    if of.roles & _OUTSIDE:
        return False
    return bool(of.roles & _SECRETARIAT) or is_own


def _for(viewer: Actor, of: Case, each: Happening) -> Happening:
    is_decision = each.type in _DECISIONS
    if not is_decision or of.reads_everything or each.facts.get("partner") in viewer.organizations_with(*DECIDING):
        return each
    return replace(each, actor="", facts={key: value for key, value in each.facts.items() if key in _OUTCOME})
