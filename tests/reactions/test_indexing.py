"""Whatever changes what the search index holds of a listing leads to that listing being read anew, and nothing else does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.answers import Access
from app.catalog.commands.acts import move
from app.catalog.commands.writing import save_page
from app.catalog.models import Dataset, ListingChange
from app.foundation.base import JSONObject
from app.history.commands import Subject, record
from app.history.models import HistoryEvent
from app.history.queries import happening
from app.organizations.commands.closed_days import add_closed_day, set_time_zone
from app.reactions import indexing
from app.reactions.table import react
from app.reactions.work import Work
from app.rules.actions import Action
from app.rules.actors import NOBODY, OPERATOR, SYSTEM
from app.rules.events import Event
from app.rules.permissions import PERMISSIONS
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import ItemState, ListingState
from app.rules.workflow.listings import LISTING
from app.rules.workflow.row import Transition
from app.search.queries import Facet, SearchRequest, search
from tests.catalog.people import NOW, actor, organization, partner
from tests.factories.catalog import LISTED_AT, make_dataset
from tests.factories.review import MONDAY, Scene, hand_in, make_draft, scene_in_review

# What is recorded of a dataset whose typical wait may be another one, and of a data partner whose name or days are others.
OF_A_DATASET = {
    Event.ITEM_APPROVED, Event.ITEM_APPROVED_WITH_CONDITIONS, Event.ITEM_NOT_APPROVED, Event.ITEM_APPROVED_BY_RULE,
    Event.DECISION_UNDONE, Event.DECISION_VOIDED, Event.DECISION_REVISED,
}  # fmt: skip
OF_A_PARTNER = {Event.ORGANIZATION_EDITED, Event.CLOSED_DAYS_CHANGED}
# Of an organization or of a dataset of a proposal, but of nothing that the index holds.
OF_NO_LISTING = {
    Event.ORGANIZATION_ADDED, Event.ORGANIZATION_RESTRICTED, Event.RESTRICTION_LIFTED, Event.CHANGE_RULES_SET,
    Event.TRUSTED_TO_LIST, Event.LISTS_BY_CHECK, Event.ITEM_NOT_OFFERED,
}  # fmt: skip
# Acts on listings mark the listing themselves, in their own transaction; no reaction follows them for the index.
OF_THE_LISTING = {row.event for row in LISTING if row.action is not Action.ASK_QUESTION} | {
    Event.LISTING_CREATED, Event.LISTING_IMPORTED,
}  # fmt: skip
# Nothing of these is in the index: who asks, who may, what is granted and what is owed.
ELSEWHERE = frozenset((
    "person", "invitation", "accession", "listing_question", "harvest", "need", "proposal", "case", "suggestion", "crisis",
    "consent", "grant", "change", "subgrant", "card", "duty", "delivery", "output", "incident", "installation", "act",
))  # fmt: skip


def marked(session: Session, since: int) -> list[int]:
    return list(session.scalars(select(ListingChange.dataset_id).where(ListingChange.seq > since).distinct()))


def last(session: Session) -> int:
    return session.scalar(select(func.max(ListingChange.seq))) or 0


@pytest.mark.parametrize("event", Event)
def test_each_event_has_its_place(event: Event) -> None:
    """A new event is placed here: does it change a wait, a name, a listing, or nothing that is searched?"""
    family = event.value.split(".", 1)[0]
    follows = event in OF_A_DATASET | OF_A_PARTNER
    places = [follows, event in OF_THE_LISTING, event in OF_NO_LISTING, family in ELSEWHERE]
    assert places.count(True) == 1
    assert (event in indexing.REACTIONS) is follows


@pytest.mark.parametrize("event", sorted(indexing.REACTIONS))
def test_an_event_elsewhere_has_its_listings_read_anew(session: Session, app: Flask, event: Event) -> None:
    acme, other = partner(session, "Acme"), partner(session, "Other")
    row, second, _ = make_dataset(session, acme), make_dataset(session, acme), make_dataset(session, other)
    about = Subject("item", "PR-1") if event in OF_A_DATASET else Subject("organization", acme.slug)
    record(session, event, OPERATOR, about, NOW, {"dataset": row.reference} if event in OF_A_DATASET else {})
    session.flush()
    since = last(session)
    happened = session.scalars(select(HistoryEvent).order_by(HistoryEvent.seq.desc())).first()
    assert happened is not None
    facts: JSONObject = {"dataset": row.reference} if event in OF_A_DATASET else {}
    for reaction in indexing.REACTIONS[event]:
        reaction(session, happening(happened, facts), at_work(app, session))
    assert marked(session, since) == [row.id, second.id]


# A question stands beside the listing, and a reminder changes nothing of it.
_CHANGE_NOTHING = {Action.ASK_QUESTION, Action.REMIND_OF_CHECK}


@pytest.mark.parametrize(
    "row", [row for row in LISTING if row.action not in _CHANGE_NOTHING], ids=lambda row: row.action
)
def test_every_act_on_a_listing_has_it_read_anew(session: Session, row: Transition) -> None:
    acme = partner(session)
    may_act = PERMISSIONS[row.action].allow
    by = actor(acme, Role.STEWARD) if Role.DATASET_STEWARD in may_act else OPERATOR
    if may_act == {Role.SYSTEM}:
        by = SYSTEM
    if Role.OFFICER in may_act:
        by = actor(organization(session, Kind.SECRETARIAT), Role.OFFICER)
    for state in sorted(row.sources):
        dataset = make_dataset(session, acme, state=ListingState(state), listed_at=LISTED_AT)
        since = last(session)
        move(session, by, dataset, row.action, NOW)
        session.flush()
        assert marked(session, since) == [dataset.id]


# ---- whole ways: what people do is seen in the facet


def at_work(app: Flask, session: Session) -> Work:
    @contextmanager
    def reading() -> Iterator[Session]:
        yield session

    return Work(app.config, app.extensions["onepact_files"], reading, NOW)


@pytest.fixture
def answered(session: Session) -> Scene:
    """A dataset on which three answers came, after one, three and six working days."""
    scene = scene_in_review(session)
    search(session, NOBODY, SearchRequest())  # the index is made before anybody has answered
    for number, days in enumerate((1, 3, 8)):
        if number:
            draft = make_draft(
                session, scene.organizations["other"], [scene.people["otto"]], list(scene.datasets.values()),
                reference=f"PR-2026-08{number:02d}",
            )  # fmt: skip
            hand_in(session, draft, scene.people["otto"])
            scene.proposal = draft
            scene.pass_on()
        scene.decides("lucia", "streets", ItemState.APPROVED, MONDAY + timedelta(days=days))
    return scene


def follow_all(session: Session, app: Flask) -> None:
    """Everything that happened so far has its consequences, as the worker gives them."""
    seqs = session.scalars(select(HistoryEvent.seq).order_by(HistoryEvent.seq)).all()
    apply = react(at_work(app, session), {"seq": seqs[0], "last": seqs[-1]})
    assert apply is not None
    with app.test_request_context():
        apply(session)
    session.flush()


def waits(session: Session) -> dict[str, int]:
    page = search(session, NOBODY, SearchRequest())
    return {one.value: one.count for one in page.facets[Facet.WAIT] if one.count}


@pytest.mark.parametrize("event", sorted(OF_A_DATASET))
def test_an_answer_on_what_not_everyone_may_know_of_has_that_alone_read_anew(
    session: Session, app: Flask, event: Event
) -> None:
    acme = partner(session, "Acme")
    row = make_dataset(session, acme, visibility=Visibility.MEMBERS)
    make_dataset(session, acme)
    record(session, event, OPERATOR, Subject("item", "PR-1"), NOW, {"dataset": row.reference})
    session.flush()
    since = last(session)
    happened = session.scalars(select(HistoryEvent).order_by(HistoryEvent.seq.desc())).first()
    assert happened is not None
    for reaction in indexing.REACTIONS[event]:
        reaction(session, happening(happened, {"dataset": row.reference}), at_work(app, session))
    assert marked(session, since) == [row.id]


@pytest.mark.both_databases
@pytest.mark.usefixtures("answered")
def test_answers_move_a_dataset_in_the_wait_facet(session: Session, app: Flask) -> None:
    assert waits(session) == {"none": 2}
    follow_all(session, app)
    assert waits(session) == {"5": 1, "none": 1}


@pytest.mark.both_databases
def test_answers_on_one_dataset_move_the_others_of_its_data_partner_while_everyone_may_know_of_it(
    session: Session, app: Flask, answered: Scene
) -> None:
    make_dataset(session, answered.organizations["acme"], title="Answered by nobody yet")
    follow_all(session, app)
    assert waits(session) == {"5": 2, "none": 1}
    steward, streets = answered.actor("lucia"), answered.datasets["streets"]
    access = Access(access_mode=streets.access_mode, sensitivity=streets.sensitivity, visibility=Visibility.MEMBERS)
    save_page(session, steward, streets.reference, access, NOW)
    session.flush()
    assert waits(session) == {"none": 2}


@pytest.mark.both_databases
def test_a_day_on_which_the_data_partner_was_closed_moves_it_too(session: Session, app: Flask, answered: Scene) -> None:
    acme = answered.organizations["acme"]
    focal = actor(acme, Role.FOCAL_POINT, who=answered.people["lucia"])
    follow_all(session, app)
    assert waits(session) == {"5": 1, "none": 1}
    for days in (1, 2):
        day = (MONDAY + timedelta(days=days)).date()
        add_closed_day(session, focal, acme.id, day, "Office move", MONDAY + timedelta(days=9))
    assert waits(session) == {"5": 1, "none": 1}
    follow_all(session, app)
    assert waits(session) == {"2": 1, "none": 1}
    set_time_zone(session, focal, acme.id, "America/Bogota", NOW)
    since = last(session)
    follow_all(session, app)
    assert set(session.scalars(select(Dataset.id).where(Dataset.organization_id == acme.id))) <= set(
        marked(session, since)
    )
