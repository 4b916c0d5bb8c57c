"""The list of proposals, narrowed and as a table: by where it stands, who asks, whose data, what is due, words; within rights."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.proposals.models import Proposal
from app.proposals.queries.lists import keys, proposals
from app.proposals.queries.narrowing import Due, Narrowing, choices, conditions
from app.proposals.queries.whose_turn import turns
from app.rules.turns import Turn
from app.rules.vocabulary import Visibility
from tests.factories.pipelines import make_board
from tests.factories.proposals import NOW
from tests.factories.review import MONDAY, Scene, make_scene, scene_in_intake, scene_in_review
from tests.support.application import Client


def _found(scene: Scene, who: str, days: int = 0, **asked: object) -> list[str]:
    """The references of what somebody's list holds, open or ended, so many days later."""
    viewer, now = scene.actor(who), MONDAY + timedelta(days=days)
    narrowing = Narrowing(**asked)  # type: ignore[arg-type]
    ids = [
        *keys(scene.session, viewer, now, asked=narrowing),
        *keys(scene.session, viewer, now, ended=True, asked=narrowing),
    ]
    rows = scene.session.scalars(select(Proposal).where(Proposal.id.in_(ids)))
    return [row.reference for row in rows]


def test_each_turn_finds_exactly_the_proposals_of_which_it_is_said(session: Session) -> None:
    boards = [make_board(session, each) for each in ("default@1", "committee@1", "ethics@1", "default@1", "default@1")]
    boards[3].asks("steward")
    boards[4].approve()
    make_board(session, "crisis@1", passed=False)
    viewer = boards[0].actor("officer")
    everything = session.scalars(select(Proposal)).all()
    said = {key: answer.turn for key, answer in turns(session, everything, NOW).items()}
    for turn in Turn:
        found = session.scalars(select(Proposal.id).where(*conditions(viewer, Narrowing(turn=turn), NOW))).all()
        assert set(found) == {key for key, of in said.items() if of is turn}, turn
    assert {Turn.CHECKING, Turn.VOTING, Turn.ETHICS_READING, Turn.DECIDING, Turn.CHANGING, Turn.ISSUING} <= {
        *said.values()
    }


@pytest.mark.parametrize(
    ("words", "is_found"), [("care blocks", True), ("BLOCKS", True), ("care trams", False), ("%", False), ("_", False)]
)
def test_all_words_must_stand_in_the_title(session: Session, words: str, is_found: bool) -> None:
    scene = scene_in_review(session)
    scene.proposal.title = "Who reaches a Care Block? Blocks in Bogotá"
    session.flush()
    assert (_found(scene, "jonas", words=words) == [scene.ref]) is is_found


def test_a_reference_is_found_too(session: Session) -> None:
    scene = scene_in_review(session)
    assert _found(scene, "jonas", words=scene.ref.lower()) == [scene.ref]


def test_who_asks_and_whose_data_are_offered_as_far_as_they_are_known(session: Session) -> None:
    scene = scene_in_review(session)
    slugs = {name: row.slug for name, row in scene.organizations.items()}
    for who in ("jonas", "rosa", "lucia"):
        offered = choices(session, scene.actor(who))
        assert slugs["coastal"] in dict(offered.organizations), who
        assert {slugs["acme"], slugs["paloma"]} <= set(dict(offered.partners)), who
    assert choices(session, scene.actor("otto")).organizations == ()
    assert _found(scene, "jonas", partner=slugs["acme"]) == [scene.ref]
    assert _found(scene, "jonas", organization=slugs["acme"]) == []


def test_a_data_partner_that_is_hidden_is_neither_offered_nor_found(session: Session) -> None:
    scene = scene_in_review(session)
    acme = scene.organizations["acme"]
    for dataset in scene.datasets.values():
        if dataset.organization_id == acme.id:
            dataset.visibility = Visibility.NAMED
    session.flush()
    assert acme.slug not in dict(choices(session, scene.actor("pia")).partners)
    assert _found(scene, "pia", partner=acme.slug) == []
    assert _found(scene, "pia") == [scene.ref]
    for who in ("lucia", "rosa", "jonas"):
        assert acme.slug in dict(choices(session, scene.actor(who)).partners), who
        assert _found(scene, who, partner=acme.slug) == [scene.ref], who


def test_what_a_draft_asks_for_is_found_by_its_team_alone(session: Session) -> None:
    scene = make_scene(session)
    acme = scene.organizations["acme"].slug
    assert len(_found(scene, "rosa", partner=acme)) == 1
    for who in ("jonas", "lucia"):
        assert _found(scene, who, partner=acme) == []
        assert choices(session, scene.actor(who)).organizations == ()


def test_what_is_due_goes_by_the_readers_own_date(session: Session) -> None:
    scene = scene_in_review(session)
    scene.organizations["acme"].country = "EG"  # Sunday to Thursday
    session.flush()
    days = {
        who: next(d for d in range(30) if _found(scene, who, d, due=Due.OVERDUE)) for who in ("lucia", "pia", "jonas")
    }
    assert days["jonas"] == min(days.values())
    assert _found(scene, "lucia", 0, due=Due.WEEK) == []
    assert _found(scene, "lucia", 8, due=Due.WEEK) == [scene.ref]
    assert _found(scene, "lucia", due=Due.YOURS) == [scene.ref]
    assert _found(scene, "rosa", due=Due.YOURS) == []


def test_a_list_that_is_narrowed_counts_what_it_holds(session: Session) -> None:
    scene = scene_in_intake(session)
    shown = proposals(session, scene.actor("jonas"), MONDAY, asked=Narrowing(turn=Turn.DECIDING))
    assert (shown.rows, shown.open_count, shown.pages) == ((), 0, 1)
    shown = proposals(session, scene.actor("jonas"), MONDAY, asked=Narrowing(turn=Turn.CHECKING))
    assert ([row.proposal.reference for row in shown.rows], shown.open_count) == ([scene.ref], 1)


def _table(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/proposals/list.csv{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_table_holds_what_the_list_holds_and_no_formula(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    scene.proposal.title = "=SUM(A1:A9) of trips"
    session.commit()
    client.sign_in_as(scene.people["jonas"])
    [row] = _table(client)
    assert row["title"] == "'=SUM(A1:A9) of trips"
    assert (row["reference"], row["state"]) == (scene.ref, "With the data partners")
    assert row["url"].endswith(f"/proposals/{scene.ref}")
    assert _table(client, "?q=trips&state=deciding") == [row]
    assert _table(client, "?q=nothing+like+it") == []
    assert _table(client, "?show=ended") == []


def test_who_may_not_know_of_it_gets_an_empty_table(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    session.commit()
    client.sign_in_as(scene.people["otto"])
    slug = scene.organizations["coastal"].slug
    assert _table(client) == []
    known, unknown = (client.get(f"/proposals?organization={each}").text for each in (slug, "nobody-at-all"))
    assert scene.proposal.title not in known
    assert known.replace(slug, "nobody-at-all") == unknown


@pytest.mark.parametrize(
    "query", ["?state=nonsense", "?due=never", "?page=x&q=%00", "?organization=x&partner=y", "?q=" + "a" * 5000]
)
def test_what_cannot_be_asked_for_narrows_nothing_or_finds_nothing(
    client: Client, session: Session, query: str
) -> None:
    scene = scene_in_review(session)
    session.commit()
    client.sign_in_as(scene.people["jonas"])
    assert client.get(f"/proposals{query}").status_code == 200
