"""Starting a proposal, copying one, and saving answers. Saving takes whatever is typed and never fails on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries import datasets_by_references
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotFound
from app.foundation.numbers import yearly_reference
from app.foundation.words import N_
from app.history.models import HistoryEvent
from app.organizations.models import Organization, Person
from app.organizations.standing import standing as standing_at
from app.proposals.commands.accepting import ask_member
from app.proposals.commands.acting import NOT_THERE, locked, permitted, record_event
from app.proposals.commands.joint import copy_co_applicants
from app.proposals.commands.outdating import outdate_suggestions
from app.proposals.models import Proposal, ProposalItem, ProposalVersion, TeamMember
from app.proposals.queries.prefilling import prefilled_answers
from app.proposals.queries.versions import answers_of, datasets_in, extra_questions
from app.proposals.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import may, permit
from app.rules.questions import BANK, EXTRA_WORDS, Answer, Part, Shape, Source, cleaned, mark, stored_answers
from app.rules.roles import CAPACITIES, Capacity
from app.rules.visibility import sees
from app.rules.workflow import Machine, MemberState

MOST_DATASETS = 20
BETWEEN_EVENTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Writing:
    """The open page that a save comes from: its own mark, and the mark of each answer when the page was shown."""

    page: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)
    is_automatic: bool = False


@dataclass(frozen=True)
class Clash:
    """An answer that somebody else saved after the page was opened. Theirs stays stored; yours is handed back."""

    key: str
    theirs: Answer
    yours: Answer
    by: str


@dataclass(frozen=True)
class Saved:
    """What a save did: which answers changed, which clashed, and which were far too long to be kept in full."""

    proposal: Proposal
    changed: tuple[str, ...]
    clashes: tuple[Clash, ...]
    cut: tuple[str, ...]


def start(session: Session, actor: Actor, organization_id: int, datasets: Sequence[str], now: datetime) -> Proposal:
    """Begin a draft for these datasets, filled in as far as profile and listings allow; the actor leads it.

    Raises:
        NotFound: the actor does not belong to the organization.
        NotAllowed: the actor belongs to it, and neither works on its projects nor is its focal point.
        Invalid: the organization is no member, or a dataset cannot be proposed for.
    """
    organization = _may_start(session, actor, organization_id)
    chosen = _offered(session, actor, datasets)
    person = session.get_one(Person, actor.person_id)
    answers, sources = prefilled_answers(organization, chosen, now)
    proposal = _new(session, organization, person, answers, now)
    proposal.prefilled = {**sources, "team": Source.SIGN_IN.value}
    session.flush()
    for dataset in chosen:
        session.add(ProposalItem(proposal_id=proposal.id, dataset_id=dataset.id))
    _add_lead(session, proposal, organization, person, now)
    record_event(session, Event.PROPOSAL_STARTED, actor, proposal, now, {"title": ""}, organization)
    return proposal


def copy_as_new(session: Session, actor: Actor, reference: str, organization_id: int, now: datetime) -> Proposal:
    """Begin a draft with the answers, team and still offered datasets of a proposal that the actor may read.

    Dates are suggested anew. Raises as `start` does, and NotFound for a proposal that the actor may not see.
    """
    original = session.scalar(select(Proposal).where(Proposal.reference == reference))
    if original is None or not sees(standing(session, actor, original), Machine.PROPOSAL, original.state):
        raise NotFound(NOT_THERE)
    organization = _may_start(session, actor, organization_id)
    if original.organization_id != organization.id:
        raise NotFound(NOT_THERE)  # a data partner reads the answers of others, and does not write on with them
    person = session.get_one(Person, actor.person_id)
    references = [dataset.reference for dataset in datasets_in(session, original.id)]
    chosen = datasets_by_references(session, actor, references, offered_only=True)
    suggested, sources = prefilled_answers(organization, chosen, now)
    dates = {key: suggested[key] for key, source in sources.items() if source == Source.CALENDAR.value}
    known = _answers_known_to(session, actor, original)
    kept = {key: answer for key, answer in stored_answers(known).items() if key not in _PASSED_WITH_TIME}
    copy = _new(session, organization, person, {**kept, **dates}, now)
    copy.copied_from_id = original.id
    carried = dict.fromkeys((key for key, answer in kept.items() if answer), Source.COPY.value)
    copy.prefilled = {**carried, **dict.fromkeys(dates, Source.CALENDAR.value)}
    session.flush()
    for dataset in chosen:
        session.add(ProposalItem(proposal_id=copy.id, dataset_id=dataset.id))
    _add_lead(session, copy, organization, person, now)
    _copy_team(session, actor, original, copy, person, now)
    copy_co_applicants(session, actor, original, copy, now)
    record_event(
        session, Event.PROPOSAL_STARTED, actor, copy, now, {"title": "", "copied_from": reference}, organization
    )
    return copy


def _answers_known_to(session: Session, actor: Actor, original: Proposal) -> Mapping[str, object]:
    """A colleague reads what was sent; what the team has written since is its own."""
    sent = session.get(ProposalVersion, original.current_version_id) if original.current_version_id else None
    writes = may(standing(session, actor, original), Action.EDIT_PROPOSAL)
    return original.answers if sent is None or writes else answers_of(sent.content)


_PASSED_WITH_TIME = frozenset({"decision_by", "starts_on", "ends_on", "first_report_on"})


def save_answers(
    session: Session,
    actor: Actor,
    reference: str,
    values: Mapping[str, object],
    now: datetime,
    writing: Writing | None = None,
) -> Saved:
    """Store answers as far as they can be stored: cleaned, capped, incomplete ones too. Keys of no question are left out.

    An answer that somebody else saved after the page was opened keeps their text, and both are returned.

    Raises:
        NotFound, NotAllowed, WrongState: the actor may not write on it, or not now. Never because of what was typed.
    """
    writing = writing or Writing()
    proposal = locked(session, reference)
    permitted(session, Action.EDIT_PROPOSAL, actor, proposal)
    parts = _parts(session, proposal)
    given = {key: cleaned(parts[key], raw) for key, raw in values.items() if key in parts}
    differing = {k: each.answer for k, each in given.items() if not _equal(proposal.answers.get(k), each.answer)}
    wanted = {k: answer for k, answer in differing.items() if not _is_stale(proposal, k, answer, writing)}
    clashes = [_clash(session, proposal, k, wanted[k]) for k in wanted if _is_newer(proposal, k, writing)]
    changed = [key for key in wanted if key not in {clash.key for clash in clashes}]
    _store(proposal, actor, {key: wanted[key] for key in changed}, writing, now)
    session.flush()
    outdate_suggestions(session, proposal, changed, now)
    if changed and not (writing.is_automatic and _recorded_lately(session, actor, proposal, now)):
        facts: JSONObject = {"title": "", "answers": sorted(changed)}
        record_event(session, Event.PROPOSAL_EDITED, actor, proposal, now, facts)
    return Saved(proposal, tuple(changed), tuple(clashes), tuple(key for key, each in given.items() if each.was_cut))


def _may_start(session: Session, actor: Actor, organization_id: int) -> Organization:
    organization = session.get(Organization, organization_id)
    if organization is None or organization.id not in actor.organization_ids:
        raise NotFound(NOT_THERE)
    roles = standing_at(actor, organization) | actor.roles_at(organization.id)
    permit(Action.START_PROPOSAL, roles, Machine.ORGANIZATION)
    if Capacity.MEMBER not in CAPACITIES[organization.kind]:
        raise Invalid(N_("Only members propose uses. Ask the secretariat to add your organization as a member too."))
    return organization


def _offered(session: Session, actor: Actor, references: Sequence[str]) -> list[Dataset]:
    wanted = list(dict.fromkeys(reference.strip().upper() for reference in references))
    found = datasets_by_references(session, actor, wanted[:MOST_DATASETS], offered_only=True)
    if len(found) < len(wanted):
        raise Invalid(
            N_("One of these datasets is not open to proposals now. Choose another one in the catalog."),
            field="datasets",
        )
    return found


def _new(
    session: Session, organization: Organization, lead: Person, answers: Mapping[str, Answer], now: datetime
) -> Proposal:
    proposal = Proposal(
        reference=yearly_reference(session, "PR", now.year),
        organization_id=organization.id,
        lead_id=lead.id,
        title=str(answers.get("title", "")),
        answers={**answers},
        created_at=now,
        updated_at=now,
    )
    session.add(proposal)
    return proposal


def _add_lead(session: Session, proposal: Proposal, organization: Organization, lead: Person, now: datetime) -> None:
    session.add(
        TeamMember(
            proposal_id=proposal.id,
            person_id=lead.id,
            name=lead.name,
            email=lead.email,
            organization_name=organization.name,
            is_lead=True,
            added_at=now,
        )
    )
    session.flush()


def _copy_team(session: Session, actor: Actor, original: Proposal, copy: Proposal, lead: Person, now: datetime) -> None:
    """The same people, each asked anew: nobody's acceptance of the terms is carried over."""
    for member in session.scalars(select(TeamMember).where(TeamMember.proposal_id == original.id)).all():
        if member.email.lower() == lead.email.lower() or member.state is MemberState.DECLINED:
            continue
        named = TeamMember(
            proposal_id=copy.id,
            person_id=member.person_id,
            name=member.name,
            email=member.email,
            organization_name=member.organization_name,
            added_at=now,
        )
        session.add(named)
        session.flush()
        ask_member(session, actor, copy, named, now)


def _parts(session: Session, proposal: Proposal) -> dict[str, Part]:
    """Every field that is kept among the answers, the data partners' own questions included."""
    parts = {part.key: part for step in BANK.steps for part in step.parts()}
    for question in extra_questions(datasets_in(session, proposal.id)):
        parts[question.key] = Part(question.key, Shape.WORDS, limit=EXTRA_WORDS)
    return {key: part for key, part in parts.items() if part.shape not in (Shape.DATASETS, Shape.TEAM)}


def _equal(stored: object, answer: object) -> bool:
    return stored == answer or (not stored and not answer)


def _from_this_page(proposal: Proposal, key: str, writing: Writing) -> bool:
    last = proposal.saves.get(key)
    return bool(writing.page) and isinstance(last, dict) and last.get("page") == writing.page


def _is_stale(proposal: Proposal, key: str, answer: Answer, writing: Writing) -> bool:
    """Whether the page only sends back what it was shown, while somebody else has written something new."""
    return writing.shown.get(key) == mark(answer) and not _from_this_page(proposal, key, writing)


def _is_newer(proposal: Proposal, key: str, writing: Writing) -> bool:
    """Whether what is stored is not what the page was shown, and came from another page than this one."""
    shown = writing.shown.get(key)
    return (
        shown is not None and shown != mark(proposal.answers.get(key)) and not _from_this_page(proposal, key, writing)
    )


def _clash(session: Session, proposal: Proposal, key: str, yours: Answer) -> Clash:
    stored, last = proposal.answers.get(key), proposal.saves.get(key)
    by = session.get(Person, last["by"]) if isinstance(last, dict) and last.get("by") else None
    return Clash(key, stored if isinstance(stored, str | list) else "", yours, by.name if by else "")


def _store(proposal: Proposal, actor: Actor, answers: Mapping[str, Answer], writing: Writing, now: datetime) -> None:
    if not answers:
        return
    saved: JSONObject = {"by": actor.person_id, "at": now.isoformat(), "page": writing.page[:40]}
    proposal.answers = {**proposal.answers, **answers}
    proposal.saves = {**proposal.saves, **dict.fromkeys(answers, saved)}
    proposal.prefilled = {key: source for key, source in proposal.prefilled.items() if key not in answers}
    proposal.title = str(proposal.answers.get("title", ""))
    proposal.updated_at = now


def _recorded_lately(session: Session, actor: Actor, proposal: Proposal, now: datetime) -> bool:
    """Whether this person's writing stands in the history for the last ten minutes, so that saving by itself adds no more."""
    statement = select(HistoryEvent.seq).where(
        HistoryEvent.thing == "proposal",
        HistoryEvent.thing_ref == proposal.reference,
        HistoryEvent.type == Event.PROPOSAL_EDITED.value,
        HistoryEvent.actor_pid == actor.pid,
        HistoryEvent.at > now - BETWEEN_EVENTS,
    )
    return session.scalar(statement.limit(1)) is not None
