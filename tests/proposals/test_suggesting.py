"""A reviewer suggests another text; the team takes it in one step or says why not; a changed answer leaves it behind."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.proposals.commands.drafting import save_answers
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.suggesting import accept, decline, suggest, take_back
from app.proposals.queries.cases import case
from app.proposals.queries.talk import history
from app.proposals.queries.workspace import suggestions, suggestions_at
from app.proposals.standing import standing
from app.proposals.workspace_models import Suggestion
from app.rules.actions import Action
from app.rules.workflow import ProposalState, SuggestionState
from tests.factories.review import ANSWERS, MONDAY, Scene, scene_in_intake, scene_in_review
from tests.support.application import Client

LATER = MONDAY + timedelta(days=1)
NEW = "Origin and destination by block center and hour"


def _suggests(
    scene: Scene, who: str = "lucia", answer: str = "variables", text: str = NEW, why: str = ""
) -> Suggestion:
    return suggest(scene.session, scene.actor(who), scene.ref, answer, text, MONDAY, why)


def _changes(scene: Scene) -> None:
    request_changes(scene.session, scene.actor("lucia"), scene.ref, [Request("Take the edit.")], MONDAY)


def test_the_team_takes_a_suggestion_in_one_step_while_changes_are_asked_for(session: Session) -> None:
    scene = scene_in_review(session)
    row = _suggests(scene, why="Our default.")
    _changes(scene)
    accept(session, scene.actor("marta"), scene.ref, row.id, LATER)
    assert scene.proposal.answers["variables"] == NEW
    assert (row.state, row.settled_at, row.settled_by_id) == (SuggestionState.ACCEPTED, LATER, scene.people["marta"].id)
    types = session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq.desc()).limit(2)).all()
    assert types == ["proposal.edited", "suggestion.accepted"]


def test_while_the_proposal_is_being_read_a_suggestion_waits(session: Session) -> None:
    scene = scene_in_review(session)
    row = _suggests(scene)
    with pytest.raises(WrongState, match="once changes are asked for"):
        accept(session, scene.actor("rosa"), scene.ref, row.id, LATER)
    assert row.state is SuggestionState.OPEN
    [view] = suggestions(
        session, scene.actor("rosa"), scene.proposal, standing(session, scene.actor("rosa"), scene.proposal)
    )
    assert view.waits_for_changes
    assert Action.ACCEPT_SUGGESTION not in view.acts
    _changes(scene)
    [offered] = suggestions_at(session, scene.actor("rosa"), scene.proposal)["variables"]
    assert Action.ACCEPT_SUGGESTION in offered.acts


def test_a_step_is_not_called_completed_while_a_suggested_edit_to_it_waits(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    row = _suggests(scene)
    _changes(scene)
    client.sign_in_as(scene.people["rosa"])

    def notes() -> dict[str, str]:
        page = client.get(f"/proposals/{scene.ref}/edit/need").text
        return dict(re.findall(r"<b>([^<]+)</b><span>([^<]*)</span></a></li>", re.sub(r">\s+<", "><", page)))

    before = notes()
    assert before["Supply"] == "One suggested edit waits"
    assert before["Value"] == "Completed"
    decline(session, scene.actor("rosa"), scene.ref, row.id, "Centers blur the schools.", LATER)
    assert notes()["Supply"] == "Completed"


def test_declining_needs_a_word(session: Session) -> None:
    scene = scene_in_review(session)
    row = _suggests(scene)
    with pytest.raises(Invalid):
        decline(session, scene.actor("rosa"), scene.ref, row.id, " ", LATER)
    decline(session, scene.actor("rosa"), scene.ref, row.id, "Centers blur the schools.", LATER)
    assert (row.state, row.answer_words) == (SuggestionState.DECLINED, "Centers blur the schools.")
    with pytest.raises(WrongState):
        accept(session, scene.actor("rosa"), scene.ref, row.id, LATER)


def test_an_answer_that_the_team_changes_itself_leaves_the_suggestion_behind(session: Session) -> None:
    scene = scene_in_review(session)
    row, other = _suggests(scene), _suggests(scene, answer="question", text="Which houses lie too far from care?")
    _changes(scene)
    save_answers(session, scene.actor("rosa"), scene.ref, {"variables": "Only sums by district"}, LATER)
    assert (row.state, other.state) == (SuggestionState.OUTDATED, SuggestionState.OPEN)
    [shown] = suggestions_at(session, scene.actor("rosa"), scene.proposal)["variables"]
    assert shown.is_outdated


def test_taking_one_of_two_on_the_same_answer_outdates_the_other(session: Session) -> None:
    scene = scene_in_review(session)
    first, second = _suggests(scene), _suggests(scene, who="pia", text="Shops by month")
    _changes(scene)
    accept(session, scene.actor("rosa"), scene.ref, first.id, LATER)
    assert (first.state, second.state) == (SuggestionState.ACCEPTED, SuggestionState.OUTDATED)


def test_saving_what_is_there_already_outdates_nothing(session: Session) -> None:
    scene = scene_in_review(session)
    row = _suggests(scene)
    _changes(scene)
    save_answers(session, scene.actor("rosa"), scene.ref, {"variables": ANSWERS["variables"]}, LATER)
    assert row.state is SuggestionState.OPEN


def test_who_made_it_or_a_colleague_takes_it_back_and_nobody_else(session: Session) -> None:
    scene = scene_in_review(session)
    row = _suggests(scene)
    for who in ("jonas", "rosa", "aude"):
        with pytest.raises(NotAllowed):
            take_back(session, scene.actor(who), scene.ref, row.id, LATER)
    take_back(session, scene.actor("tom"), scene.ref, row.id, LATER)
    assert row.state is SuggestionState.WITHDRAWN


def test_another_data_partner_of_the_proposal_learns_of_no_suggestion(session: Session) -> None:
    scene = scene_in_review(session)
    row = _suggests(scene, who="lucia", why="Our default.")

    def of(who: str) -> tuple[list[int], set[str]]:
        actor = scene.actor(who)
        seen = suggestions(session, actor, scene.proposal, standing(session, actor, scene.proposal))
        happened = history(session, actor, case(session, actor, scene.ref, LATER))
        return [each.id for each in seen], {each.type for each in happened if each.type.startswith("suggestion.")}

    assert of("pia") == ([], set())
    for reader in ("lucia", "tom", "rosa", "marta", "jonas"):
        assert of(reader) == ([row.id], {"suggestion.made"}), reader
    for act in (take_back, accept):
        with pytest.raises(NotFound):
            act(session, scene.actor("pia"), scene.ref, row.id, LATER)


@pytest.mark.parametrize("who", ["rosa", "marta", "fenna", "helena", "aude"])
def test_the_team_and_those_who_only_read_suggest_nothing(session: Session, who: str) -> None:
    scene = scene_in_review(session)
    with pytest.raises(NotAllowed):
        _suggests(scene, who=who)


def test_who_may_not_know_of_the_proposal_learns_nothing(session: Session) -> None:
    scene = scene_in_review(session)
    row = _suggests(scene)
    with pytest.raises(NotFound):
        _suggests(scene, who="otto")
    with pytest.raises(NotFound):
        accept(session, scene.actor("otto"), scene.ref, row.id, LATER)
    with pytest.raises(NotFound):
        take_back(session, scene.actor("lucia"), scene.ref, 987654, LATER)


@pytest.mark.parametrize("who", ["lucia", "jonas", "fenna"])
def test_only_the_team_settles_it(session: Session, who: str) -> None:
    scene = scene_in_review(session)
    row = _suggests(scene)
    _changes(scene)
    with pytest.raises(NotAllowed):
        accept(session, scene.actor(who), scene.ref, row.id, LATER)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("variables", "  "),
        ("variables", ANSWERS["variables"]),
        ("countries", "PE"),
        ("title", "x" * 200),
        ("no_such", "a"),
    ],
)
def test_a_text_that_does_not_fit_is_refused_and_the_field_named(session: Session, answer: str, text: str) -> None:
    scene = scene_in_review(session)
    with pytest.raises(Invalid) as refused:
        _suggests(scene, answer=answer, text=text)
    assert refused.value.field is not None
    assert answer in refused.value.field
    assert session.scalars(select(Suggestion)).all() == []


def test_the_officer_suggests_at_intake_and_while_the_team_writes(session: Session) -> None:
    scene = scene_in_intake(session)
    assert _suggests(scene, who="jonas").state is SuggestionState.OPEN
    request_changes(session, scene.actor("jonas"), scene.ref, [Request("See the edit.")], MONDAY)
    assert _suggests(scene, who="jonas", text="Another one").state is SuggestionState.OPEN


def test_nobody_suggests_while_it_is_parked(session: Session) -> None:
    scene = scene_in_review(session)
    scene.proposal.state = ProposalState.PARKED
    with pytest.raises(WrongState):
        _suggests(scene)


def test_the_database_keeps_no_declined_suggestion_without_words(session: Session) -> None:
    scene = scene_in_review(session)
    row = _suggests(scene)
    row.state, row.settled_at = SuggestionState.DECLINED, LATER
    with pytest.raises(IntegrityError):
        session.flush()
