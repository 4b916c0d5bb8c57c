"""What a proposal says: the content that sending freezes, as people read it, and what changed between two versions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.catalog.models import Dataset
from app.foundation.base import JSONObject
from app.foundation.hashing import content_hash
from app.foundation.text import clean_line
from app.organizations.models import Organization
from app.proposals.models import Proposal, ProposalItem, ProposalVersion, TeamMember
from app.proposals.team_models import CoApplicant
from app.rules.questions import (
    BANKS,
    CURRENT_BANK,
    MOST_EXTRA_QUESTIONS,
    Answer,
    ExtraQuestion,
    Part,
    Question,
    Shape,
    StepKey,
    chosen_words,
    is_needed,
    stored_answers,
)
from app.rules.workflow import CoApplicantState


@dataclass(frozen=True)
class Line:
    """One field as it is read. `words` are those of chosen codes, untranslated; other values are shown by their shape."""

    key: str
    label: str
    shape: Shape
    value: object
    words: tuple[str, ...] = ()
    is_needed: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return not self.value


@dataclass(frozen=True)
class Row:
    """One answer with its fields; `partner` names the data partner whose own question it is."""

    key: str
    label: str
    lines: tuple[Line, ...]
    partner: str = ""


@dataclass(frozen=True)
class StepSheet:
    """The answers of one step."""

    key: StepKey
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Change:
    """One answer that differs between two versions."""

    row: Row
    before: Row | None


def content_of(session: Session, proposal: Proposal) -> JSONObject:
    """What sending would freeze now: form, organization, lead, datasets as listed, team, answers. No time is in it."""
    organization = session.get_one(Organization, proposal.organization_id)
    datasets = datasets_in(session, proposal.id)
    team = team_of(session, proposal.id)
    extra = extra_questions(datasets)
    return {
        "form": CURRENT_BANK,
        "reference": proposal.reference,
        "organization": {"slug": organization.slug, "name": organization.name},
        "datasets": [_dataset(dataset) for dataset in datasets],
        **_joint(session, proposal),
        "team": [_member(member) for member in team],
        "answers": {**stored_answers(proposal.answers)},
        "extra": [
            {
                "key": each.key,
                "partner": each.partner,
                "question": each.text,
                "answer": proposal.answers.get(each.key, ""),
            }
            for each in extra
        ],
    }


def _joint(session: Session, proposal: Proposal) -> JSONObject:
    """The co-applicants, where there are any: a proposal of one organization reads, and hashes, as it always did."""
    statement = (
        select(Organization.slug, Organization.name)
        .join(CoApplicant, CoApplicant.organization_id == Organization.id)
        .where(CoApplicant.proposal_id == proposal.id, CoApplicant.state != CoApplicantState.WITHDRAWN)
        .order_by(Organization.slug)
    )
    rows = [{"slug": slug, "name": name} for slug, name in session.execute(statement)]
    return {"co_applicants": rows} if rows else {}


def hash_of(content: Mapping[str, object]) -> str:
    """The hash that decisions on this content bind to."""
    return content_hash(content)


def datasets_in(session: Session, proposal_id: int) -> list[Dataset]:
    """The datasets of a proposal with their data partners, in the order in which they were added."""
    statement = (
        select(Dataset)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .where(ProposalItem.proposal_id == proposal_id)
        .order_by(ProposalItem.id)
        .options(joinedload(Dataset.organization))
    )
    return list(session.scalars(statement))


def team_of(session: Session, proposal_id: int) -> list[TeamMember]:
    """The team, the lead first, then in the order in which they were added."""
    statement = select(TeamMember).where(TeamMember.proposal_id == proposal_id)
    return list(session.scalars(statement.order_by(TeamMember.is_lead.desc(), TeamMember.id)))


def extra_questions(datasets: Sequence[Dataset]) -> list[ExtraQuestion]:
    """The data partners' own questions: up to three of each partner, each asked once for all of its datasets."""
    asked: dict[int, dict[str, ExtraQuestion]] = {}
    for dataset in datasets:
        of_partner = asked.setdefault(dataset.organization_id, {})
        for text in filter(None, map(clean_line, dataset.extra_questions)):
            key = f"extra_{dataset.organization_id}_{content_hash(text)[:10]}"
            if key in of_partner or len(of_partner) < MOST_EXTRA_QUESTIONS:
                of_partner[key] = ExtraQuestion(key, dataset.organization.name, text)
    return [question for of_partner in asked.values() for question in of_partner.values()]


def versions_of(session: Session, proposal: Proposal) -> list[ProposalVersion]:
    """Everything that was sent, oldest first."""
    statement = select(ProposalVersion).where(ProposalVersion.proposal_id == proposal.id)
    return list(session.scalars(statement.order_by(ProposalVersion.number)))


def sheets(content: Mapping[str, object]) -> list[StepSheet]:
    """The content as people read it, step by step, in the form that it was written in."""
    bank = BANKS[str(content["form"])]
    answers = content["answers"] if isinstance(content["answers"], Mapping) else {}
    found = []
    for step in bank.steps:
        rows = [_row(question, answers, content) for question in step.questions]
        if step.key is StepKey.SUPPLY:
            rows += _extra_rows(content)
        found.append(StepSheet(step.key, step.title, tuple(rows)))
    return found


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> list[Change]:
    """The answers that differ, in reading order."""
    earlier = {row.key: row for row in _rows(before)}
    return [Change(row, earlier.get(row.key)) for row in _rows(after) if not _same(row, earlier.get(row.key))]


def _rows(content: Mapping[str, object]) -> Iterator[Row]:
    for sheet in sheets(content):
        yield from sheet.rows


def _same(row: Row, other: Row | None) -> bool:
    return other is not None and [line.value for line in row.lines] == [line.value for line in other.lines]


def _row(question: Question, answers: Mapping[str, object], content: Mapping[str, object]) -> Row:
    return Row(question.key, question.label, tuple(_line(part, question, answers, content) for part in question.parts))


def _line(part: Part, question: Question, answers: Mapping[str, object], content: Mapping[str, object]) -> Line:
    elsewhere = {Shape.DATASETS: content.get("datasets"), Shape.TEAM: content.get("team")}
    value = elsewhere.get(part.shape, answers.get(part.key))
    words = tuple(chosen_words(part, value)) if part.choices else ()
    label = part.label or question.label
    return Line(part.key, label, part.shape, value, words, is_needed(part, answers))


def _extra_rows(content: Mapping[str, object]) -> list[Row]:
    asked = content.get("extra")
    return [
        Row(
            str(each["key"]),
            str(each["question"]),
            (Line(str(each["key"]), str(each["question"]), Shape.WORDS, each["answer"]),),
            partner=str(each["partner"]),
        )
        for each in (asked if isinstance(asked, list) else [])
    ]


def _dataset(dataset: Dataset) -> JSONObject:
    return {
        "reference": dataset.reference,
        "title": dataset.title,
        "data_partner": dataset.organization.name,
        "data_partner_slug": dataset.organization.slug,
        "content_hash": dataset.content_hash,
    }


def _member(member: TeamMember) -> JSONObject:
    return {
        "name": member.name,
        "email": member.email,
        "organization": member.organization_name,
        "is_lead": member.is_lead,
    }


def answers_of(content: Mapping[str, object]) -> dict[str, Answer]:
    """The answers of a frozen version."""
    answers = content.get("answers")
    return stored_answers(answers) if isinstance(answers, Mapping) else {}
