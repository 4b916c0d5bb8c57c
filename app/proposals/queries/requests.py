"""The changes that were asked for since the proposal was last sent: what its team answers now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.words import N_
from app.organizations.models import Organization, Person
from app.proposals.models import CHANGE_REQUEST, Comment, Proposal, ProposalVersion
from app.proposals.queries.last_days import came_back_for_days
from app.proposals.queries.versions import answers_of
from app.rules.questions import BANK


@dataclass(frozen=True)
class ChangeRequest:
    """One change that is asked for. `question` is the answer that it is about; None for the proposal as a whole. What nobody
    asks, because it follows from the days, has no name.
    """

    words: str
    name: str
    organization: str
    question: str | None
    # Whether the answer is another one now than in the version that was read; not told for datasets and the team.
    is_answered: bool | None = None


def _question(about: str | None) -> str | None:
    """The question that a field, or a question's own key, stands for."""
    if about is None:
        return None
    question = BANK.question_of(about)
    return question.key if question else about


_NEW_DAYS = ChangeRequest(
    N_(
        "Its last day came before grants were issued, so the approvals are void. Set new days and send it again: "
        "those who approved decide on the new days."
    ),
    "",
    "",
    _question("ends_on"),
)


def open_requests(session: Session, proposal: Proposal) -> tuple[ChangeRequest, ...]:
    """Those that came after the last version was sent, oldest first; none for a first draft."""
    version = session.get(ProposalVersion, proposal.current_version_id) if proposal.current_version_id else None
    if version is None:
        return ()
    statement = (
        select(Comment.body, Comment.about_answer, Person.name, Organization.name)
        .join(Person, Person.id == Comment.author_id)
        .join(Organization, Organization.id == Comment.organization_id)
        .where(
            Comment.proposal_id == proposal.id,
            Comment.kind == CHANGE_REQUEST,
            Comment.withdrawn_at.is_(None),
            Comment.is_internal.is_(False),
            Comment.posted_at >= version.sent_at,
        )
        .order_by(Comment.posted_at, Comment.id)
    )
    sent = answers_of(version.content)
    found = []
    if _came_back(session, proposal, version):
        found.append(replace(_NEW_DAYS, is_answered=_is_answered(sent, proposal.answers, _NEW_DAYS.question)))
    for words, about, name, organization in session.execute(statement):
        question = _question(about)
        found.append(ChangeRequest(words, name, organization, question, _is_answered(sent, proposal.answers, question)))
    return tuple(found)


def _came_back(session: Session, proposal: Proposal, version: ProposalVersion) -> bool:
    came_back = came_back_for_days(session, proposal)
    return came_back is not None and came_back >= version.sent_at


def _is_answered(sent: Mapping[str, object], now: Mapping[str, object], key: str | None) -> bool | None:
    question = next((each for each in BANK.questions if each.key == key), None)
    keys = [part.key for part in question.parts if part.key in sent or part.key in now] if question else []
    return any(sent.get(part) != now.get(part) for part in keys) if keys else None
