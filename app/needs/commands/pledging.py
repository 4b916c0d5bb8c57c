"""Needing the same as somebody else, and pledging something to a need."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries import datasets_by_references
from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.text import clean
from app.foundation.words import N_
from app.needs.commands.acting import LONGEST_TEXT, locked, record_act, text_of
from app.needs.models import DataNeed, NeedPledge, NeedSupport
from app.needs.queries import NOT_THERE
from app.needs.standing import member_organizations, partner_organizations, standing
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.permissions import permit
from app.rules.pledges import PledgeKind
from app.rules.workflow import Machine


@dataclass(frozen=True)
class Pledged:
    """What a data partner would give; `dataset` is the reference of one of its own listings, or empty."""

    kind: PledgeKind
    words: str
    dataset: str = ""


def support(session: Session, actor: Actor, reference: str, now: datetime) -> DataNeed:
    """Say that the actor's organization needs this too.

    Raises:
        WrongState: it says so already.
    """
    row = _permitted(session, actor, reference, Action.SUPPORT_NEED)
    known = {one.organization_id for one in row.supports}
    open_to = member_organizations(actor) - known
    if not open_to:
        raise WrongState(N_("Your organization is among those who need this already."))
    at = session.get_one(Organization, min(open_to))
    session.add(NeedSupport(need_id=row.id, organization_id=at.id, person_id=actor.person_id, at=now))
    record_act(session, actor, row, Action.SUPPORT_NEED, now, at.slug, organization=at.name)
    return row


def leave(session: Session, actor: Actor, reference: str, now: datetime) -> DataNeed:
    """Say that the actor's organization does not need it any more.

    Raises:
        WrongState: it never said that it does.
    """
    row = _permitted(session, actor, reference, Action.LEAVE_NEED)
    own = [one for one in row.supports if one.organization_id in member_organizations(actor)]
    if not own:
        raise WrongState(N_("Your organization is not among those who need this."))
    record_act(session, actor, row, Action.LEAVE_NEED, now, own[0].organization.slug)
    session.delete(own[0])
    session.flush()
    return row


def pledge(session: Session, actor: Actor, reference: str, pledged: Pledged, now: datetime) -> DataNeed:
    """Say what the actor's organization would give. It binds nobody: data still takes a proposal and a grant.

    Raises:
        Invalid: the words are missing or too long, the dataset is none of its own, or it pledged the like already.
    """
    row = _permitted(session, actor, reference, Action.PLEDGE_TO_NEED)
    said = text_of(clean(pledged.words), LONGEST_TEXT, "offer")
    dataset = _own_dataset(session, actor, pledged.dataset)
    at = session.get_one(Organization, dataset.organization_id if dataset else min(partner_organizations(actor)))
    if any((one.organization_id, one.kind) == (at.id, pledged.kind) for one in row.pledges):
        raise Invalid(
            N_("Your organization pledged this already. Take that back first, to pledge it in other words."), "kind"
        )
    session.add(
        NeedPledge(
            need_id=row.id, organization_id=at.id, person_id=actor.person_id, kind=pledged.kind,
            dataset_id=dataset.id if dataset else None, words=said, at=now,
        )
    )  # fmt: skip
    facts = {"organization": at.name, "kind": pledged.kind.value, "words": said}
    record_act(session, actor, row, Action.PLEDGE_TO_NEED, now, at.slug, **facts)
    return row


def take_back(session: Session, actor: Actor, reference: str, pledge_id: int, now: datetime) -> DataNeed:
    """Take a pledge of the actor's own organization back; raises NotFound where there is no such."""
    row = _permitted(session, actor, reference, Action.TAKE_BACK_PLEDGE)
    found = next((one for one in row.pledges if one.id == pledge_id), None)
    if found is None or not _may_speak_for(actor, found.organization_id):
        raise NotFound(NOT_THERE)
    record_act(session, actor, row, Action.TAKE_BACK_PLEDGE, now, found.organization.slug, kind=found.kind.value)
    session.delete(found)
    session.flush()
    return row


def _may_speak_for(actor: Actor, organization_id: int) -> bool:
    """Its own people; and the system, once it has left."""
    return actor is SYSTEM or organization_id in partner_organizations(actor)


def _permitted(session: Session, actor: Actor, reference: str, action: Action) -> DataNeed:
    row = locked(session, reference)
    permit(action, standing(actor, row), Machine.NEED, row.state)
    return row


def _own_dataset(session: Session, actor: Actor, reference: str) -> Dataset | None:
    if not reference:
        return None
    found = datasets_by_references(session, actor, [reference], offered_only=True)
    if not found or found[0].organization_id not in partner_organizations(actor):
        raise Invalid(N_("Choose one of your own datasets that is listed, or none."), "dataset")
    return found[0]
