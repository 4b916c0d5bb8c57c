"""Those who decide on a proposal are asked to, and hear that it has come back; where nobody is left, the secretariat hears."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select

from app.catalog.models import Dataset
from app.organizations.models import Person
from app.proposals.conflicts import holders_of
from app.proposals.models import CHANGE_REQUEST, Comment, Decision, ProposalItem, ProposalVersion
from app.proposals.queries.last_days import came_back_for_days
from app.proposals.queries.whose_turn import Holder
from app.proposals.step_models import VersionDataset
from app.reactions.proposal_people import Telling
from app.rules.actions import Action
from app.rules.pipelines import ACTS_OF_STEP, STEP_ROLES, Step
from app.rules.turns import Turn
from app.rules.workflow import ItemState, ProposalState


def ask_for_decisions(t: Telling) -> None:
    """To those who may decide for each data partner: there is a proposal to decide on. Deputies else join on the due day."""
    if t.turn.turn is not Turn.DECIDING:
        return
    for holder in t.turn.holders:
        _ask(t, holder)


def _ask(t: Telling, holder: Holder) -> None:
    t.mail("proposal_to_decide", t.people_of(holder), "/review", deputy=t.deputy_of(holder.organization_id))
    _tell_where_nobody_is_left(t, holder)


def _tell_where_nobody_is_left(t: Telling, holder: Holder) -> None:
    """To the one of the secretariat who is named, because everyone of the data partner has left or has a conflict."""
    if holder.next is not None and not holder.could_act:
        officer = t.session.get_one(Person, holder.next.person_id)
        t.mail("proposal_taken_over", [officer], waits_for=holder.organization, is_left=True)


def tell_other_deciders(t: Telling) -> None:
    """To the data partners that have not decided yet, or those who review it in its step, when the first of them asks for
    changes: their clock stands still, and what they need as well can go with it.
    """
    if not t.facts.get("further"):
        _tell_others(t, Comment.posted_at == t.happening.at)


def tell_other_deciders_anew(t: Telling) -> None:
    """The same, where the first request was taken back and with it what they would have heard, but another one stands."""
    if t.proposal.state is ProposalState.CHANGES_REQUESTED:
        _tell_others(t, Comment.withdrawn_at.is_(None))


def _tell_others(t: Telling, asks: ColumnElement[bool]) -> None:
    asking = select(Comment).where(Comment.proposal_id == t.proposal.id, Comment.kind == CHANGE_REQUEST, asks)
    if t.proposal.returns_to == Step.DATA_PARTNERS:
        t.mail("proposal_others_ask", t.without_conflict(t.stewards(_undecided(t, asking))), "/review")
    else:
        _tell_reviewers(t, asking)


def _undecided(t: Telling, asking: Select[Comment]) -> Sequence[int]:
    """The data partners that have something left to decide and have not asked."""
    undecided = (
        select(Dataset.organization_id)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .where(ProposalItem.proposal_id == t.proposal.id, ProposalItem.state == ItemState.PENDING)
        .distinct()
        .order_by(Dataset.organization_id)
    )
    asked = asking.with_only_columns(Comment.organization_id)
    return t.session.scalars(undecided.where(Dataset.organization_id.not_in(asked))).all()


def _tell_reviewers(t: Telling, asking: Select[Comment]) -> None:
    """To those who may ask in the step that asked, the secretariat's officers aside: they see to it in any step."""
    roles = ACTS_OF_STEP[Step(t.proposal.returns_to or Step.INTAKE)][Action.REQUEST_CHANGES] & STEP_ROLES
    held = holders_of(t.session, roles)
    asked = set(t.session.scalars(asking.with_only_columns(Comment.author_id)))
    keys = dict.fromkeys(key for keys in held.values() for key in keys if key not in asked)
    people = t.without_conflict([t.session.get_one(Person, key) for key in keys])
    t.mail("proposal_others_ask", people, "/verdict", is_step=True)


def tell_deciders_of_answer(t: Telling) -> None:
    """To the one who asked and to everyone whose decision is waited for: the proposal has come back. Whose dataset the team added
    meanwhile was not asked before, and is asked now; so is everyone where nobody asked, but its days had passed.
    """
    if t.turn.turn is Turn.DECIDING:
        joined, is_asked_anew = _joined(t), _came_back_for_days(t)
        for holder in t.turn.holders:
            if is_asked_anew or holder.organization_id in joined:
                _ask(t, holder)
                continue
            voided = _voided(t, holder.organization_id)
            t.mail("proposal_answered", t.people_of(holder), "/review", voided=voided)
            _tell_where_nobody_is_left(t, holder)
        deciding = {name.person_id for holder in t.turn.holders for name in holder.people}
        asked = [] if is_asked_anew else who_asked(t)
        t.mail("proposal_answered", [person for person in asked if person.id not in deciding])


def _came_back_for_days(t: Telling) -> bool:
    """Whether the team answered that its days had passed, and nothing that somebody asked for since."""
    came_back = came_back_for_days(t.session, t.proposal)
    asked = select(func.max(Comment.posted_at)).where(
        Comment.proposal_id == t.proposal.id, Comment.kind == CHANGE_REQUEST, Comment.withdrawn_at.is_(None)
    )
    last = t.session.scalar(asked)
    return came_back is not None and (last is None or last < came_back)


def _joined(t: Telling) -> frozenset[int]:
    """The data partners that the version which came back asks for the first time; none where the words stayed the same."""
    version = t.version()
    if version is None or version.number == 1 or version.sent_at != t.happening.at:
        return frozenset()
    partners = (
        select(Dataset.organization_id)
        .join(VersionDataset, VersionDataset.dataset_id == Dataset.id)
        .join(ProposalVersion, ProposalVersion.id == VersionDataset.proposal_version_id)
    )
    before = partners.where(ProposalVersion.proposal_id == t.proposal.id, ProposalVersion.number == version.number - 1)
    now = partners.where(ProposalVersion.id == version.id)
    return frozenset(t.session.scalars(now)) - frozenset(t.session.scalars(before))


def _voided(t: Telling, partner_id: int) -> str:
    """The datasets of a data partner whose decisions this new version has voided, in words."""
    version = t.version()
    statement = (
        select(Dataset.title)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .join(Decision, Decision.item_id == ProposalItem.id)
        .where(
            ProposalItem.proposal_id == t.proposal.id,
            ProposalItem.state == ItemState.PENDING,
            Dataset.organization_id == partner_id,
            Decision.voided_at >= (version.sent_at if version else t.proposal.created_at),
        )
        .group_by(ProposalItem.id, Dataset.title)
        .order_by(ProposalItem.id)
    )
    return _(" and ").join(t.session.scalars(statement))


def who_asked(t: Telling) -> list[Person]:
    """Who asked for changes last."""
    found = (
        select(Person)
        .join(Comment, Comment.author_id == Person.id)
        .where(Comment.proposal_id == t.proposal.id, Comment.kind == CHANGE_REQUEST)
        .where(Comment.withdrawn_at.is_(None))
        .order_by(Comment.id.desc())
    )
    return list(t.session.scalars(found.limit(1)))
