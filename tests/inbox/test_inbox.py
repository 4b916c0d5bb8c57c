"""The inbox: each row once, in the right group, with its date; and the number in the page's head is the number of rows."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.catalog.models import Dataset
from app.foundation.files import FileStore
from app.foundation.stored_files import store_file
from app.grants.models import Duty
from app.history.commands import Subject, record
from app.inbox.queries import SHOWN, Inbox, Part, inbox, stretch, waiting_for
from app.inbox.your_data import your_data
from app.organizations.models import Membership
from app.proposals.commands.conversation import comment
from app.proposals.commands.intake import Request, pass_intake, request_changes
from app.proposals.queries.named import settle
from app.proposals.step_models import VersionDataset
from app.rules.events import Event
from app.rules.roles import Role
from app.rules.tasks import Group
from app.rules.workflow import GrantState, ItemState, ListingState
from tests.factories.grants import make_issued, make_ready_cast
from tests.factories.organizations import acting
from tests.factories.review import (
    ALL_YES,
    Scene,
    actor_of,
    hand_in,
    make_draft,
    make_person,
    make_scene,
    scene_in_intake,
    scene_in_review,
)
from tests.support.application import Client

NOW = datetime.now(UTC)
EVERYONE = ("jonas", "helena", "aude", "lucia", "tom", "pia", "rosa", "marta", "fenna", "otto")
A, N = ItemState.APPROVED, ItemState.NOT_APPROVED


def _of(scene: Scene, who: str, now: datetime = NOW) -> Inbox:
    scene.session.flush()
    return inbox(scene.session, scene.actor(who), now)


def _sentences(found: Inbox, *groups: Group) -> list[str]:
    return [row.sentence for group in groups for row in found.of(group)]


def _changes(scene: Scene) -> None:
    request_changes(scene.session, scene.actor("lucia"), scene.ref, [Request("Shorter?")], NOW)


def _decided(scene: Scene) -> None:
    scene.decides("lucia", "streets", A, NOW)
    scene.decides("pia", "shops", N, NOW)


def _refused(scene: Scene) -> None:
    scene.decides("lucia", "streets", N, NOW)
    scene.decides("pia", "shops", N, NOW)


def _late(scene: Scene) -> None:
    scene.proposal.waiting_since = NOW - timedelta(days=30)


def _late_issue(scene: Scene) -> None:
    _decided(scene)
    _late(scene)


def _late_answer(scene: Scene) -> None:
    _changes(scene)
    scene.proposal.waiting_since = NOW - timedelta(days=45)


def _orphaned(scene: Scene) -> None:
    of = select(Membership).where(Membership.person_id == scene.people["pia"].id)
    scene.session.scalars(of).one().ended_at = NOW


def _half(scene: Scene) -> None:
    scene.decides("lucia", "streets", A, NOW)


SITUATIONS = {
    "draft": (make_scene, None),
    "intake": (lambda session: scene_in_intake(session, NOW), None),
    "review": (lambda session: scene_in_review(session, NOW), None),
    "half decided": (lambda session: scene_in_review(session, NOW), _half),
    "changes": (lambda session: scene_in_review(session, NOW), _changes),
    "decided": (lambda session: scene_in_review(session, NOW), _decided),
    "not approved": (lambda session: scene_in_review(session, NOW), _refused),
    "late": (lambda session: scene_in_review(session, NOW), _late),
    "nobody there": (lambda session: scene_in_review(session, NOW), _orphaned),
    "late intake": (lambda session: scene_in_intake(session, NOW), _late),
    "late issue": (lambda session: scene_in_review(session, NOW), _late_issue),
    "late answer": (lambda session: scene_in_review(session, NOW), _late_answer),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_number_in_the_head_is_the_number_of_rows_that_wait(session: Session, situation: str) -> None:
    make, then = SITUATIONS[situation]
    scene = make(session)
    if then is not None:
        then(scene)
    for who in EVERYONE:
        found = _of(scene, who)
        assert waiting_for(session, scene.actor(who)) == len(found.yours), who


@pytest.mark.parametrize(
    ("situation", "who", "sentence"),
    [
        ("intake", "jonas", "Check a proposal"),
        ("review", "lucia", "Decide on a proposal"),
        ("review", "pia", "Decide on a proposal"),
        ("changes", "rosa", "Answer the changes asked for"),
        ("decided", "helena", "Issue the grants"),
        ("late", "lucia", "Decide on a proposal"),
        ("late", "tom", "Decide on a proposal"),
        ("late", "jonas", "Follow up with %(name)s"),
        ("nobody there", "jonas", "Follow up with %(name)s"),
    ],
)
def test_whose_turn_it_is_finds_it_in_front(session: Session, situation: str, who: str, sentence: str) -> None:
    make, then = SITUATIONS[situation]
    scene = make(session)
    if then is not None:
        then(scene)
    found = _of(scene, who)
    assert _sentences(found, Group.OVERDUE, Group.YOURS) == [sentence]
    assert found.yours[0].group is (Group.OVERDUE if situation == "late" else Group.YOURS)
    assert found.yours[0].due is not None
    assert found.yours[0].button


@pytest.mark.parametrize(
    ("situation", "who", "after", "initials"),
    [
        ("late", "jonas", "Acme Maps, Paloma Pay", "LP"),
        ("late intake", "helena", "Jonas Oyelaran", "JO"),
        ("late issue", "jonas", "Helena Voss", "HV"),
        ("late answer", "jonas", "Rosa Lindqvist", "RL"),
    ],
)
def test_who_cannot_do_it_follows_up_with_those_who_should_have(
    session: Session, situation: str, who: str, after: str, initials: str
) -> None:
    make, then = SITUATIONS[situation]
    scene = make(session)
    assert then is not None
    then(scene)
    row = _of(scene, who).yours[0]
    assert (row.sentence, row.endpoint) == ("Follow up with %(name)s", "proposals.show")
    assert (row.facts, row.initials) == ((("name", after),), initials)


@pytest.mark.parametrize(
    ("situation", "who", "sentence"),
    [
        ("intake", "rosa", "%(name)s checks it"),
        ("review", "rosa", "%(name)s decide"),
        ("half decided", "rosa", "%(name)s decides"),
        ("half decided", "lucia", "%(name)s decides"),
        ("review", "tom", "%(name)s decide"),
        ("changes", "lucia", "%(name)s answers the changes"),
        ("decided", "rosa", "%(name)s issues the grants"),
    ],
)
def test_who_waits_sees_who_is_waited_for(session: Session, situation: str, who: str, sentence: str) -> None:
    make, then = SITUATIONS[situation]
    scene = make(session)
    if then is not None:
        then(scene)
    found = _of(scene, who)
    assert _sentences(found, Group.OTHERS) == [sentence]
    assert found.yours == ()


@pytest.mark.parametrize("situation", SITUATIONS)
def test_those_it_does_not_concern_have_nothing_of_it(session: Session, situation: str) -> None:
    make, then = SITUATIONS[situation]
    scene = make(session)
    if then is not None:
        then(scene)
    for who in ("otto", "fenna"):
        assert _of(scene, who).rows == (), who
    if situation in ("draft", "intake"):
        for who in ("lucia", "tom", "pia"):
            assert _of(scene, who).rows == (), who


def test_a_draft_is_unfinished_and_does_not_count(session: Session) -> None:
    scene = make_scene(session)
    assert _sentences(_of(scene, "rosa"), Group.UNFINISHED) == ["Finish a draft"]
    assert _sentences(_of(scene, "marta"), Group.UNFINISHED) == ["%(name)s finishes the draft"]
    assert waiting_for(session, scene.actor("rosa")) == 0


def test_an_ended_proposal_is_in_nobodys_inbox(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    _refused(scene)
    for who in EVERYONE:
        assert _of(scene, who).rows == (), who


def test_a_listing_in_check_waits_for_the_officer_and_its_steward_waits(session: Session) -> None:
    scene = make_scene(session)
    listing: Dataset = scene.datasets["streets"]
    listing.state, listing.state_since = ListingState.IN_CHECK, NOW
    assert _sentences(_of(scene, "jonas"), Group.YOURS) == ["Check a listing"]
    assert _sentences(_of(scene, "lucia"), Group.OTHERS) == ["The secretariat checks your listing"]
    assert _sentences(_of(scene, "pia")) == []
    assert waiting_for(session, scene.actor("jonas")) == 1
    listing.state, listing.state_reason = ListingState.DRAFT, "Say what one row is."
    assert _sentences(_of(scene, "lucia"), Group.YOURS) == ["Mend a listing that came back"]
    assert waiting_for(session, scene.actor("lucia")) == 1


def test_what_one_did_lately_is_kept_for_two_weeks(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    comment(session, scene.actor("rosa"), scene.ref, "Centers are enough.", NOW)
    done = _of(scene, "rosa").done
    assert done[0].name == "Comment posted"
    assert done[0].reference == scene.ref
    assert _of(scene, "rosa", NOW + timedelta(days=15)).done == ()
    assert _of(scene, "marta").done == ()


def test_what_one_did_lately_is_gone_once_one_may_no_longer_open_it(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    comment(session, scene.actor("pia"), scene.ref, "Shops are counted by month.", NOW)
    assert [each.reference for each in _of(scene, "pia").done] == [scene.ref]
    for row in session.scalars(select(Membership).where(Membership.person_id == scene.people["pia"].id)):
        row.ended_at = NOW
    assert _of(scene, "pia").done == ()


def test_what_one_did_lately_is_there_for_each_kind_of_thing(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    [grant] = make_issued(session, cast, NOW)
    listing, accession = session.scalars(select(Dataset)).first(), session.scalars(select(Accession)).first()
    assert listing is not None
    assert accession is not None
    actor = acting(session, cast.director)
    for kind, thing, ref in (
        (Event.GRANT_SUSPENDED, "grant", grant.number),
        (Event.LISTING_RETURNED, "listing", listing.reference),
        (Event.ACCESSION_COUNTERSIGNED, "accession", accession.reference),
    ):
        record(session, kind, actor, Subject(thing, ref), NOW)
    found = {(each.thing, each.reference) for each in inbox(session, actor, NOW).done}
    assert found >= {("grant", grant.number), ("listing", listing.reference), ("accession", accession.reference)}


def test_who_lost_the_role_has_nothing_waiting_from_that_moment_on(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    assert waiting_for(session, scene.actor("pia")) == 1
    of = select(Membership).where(Membership.person_id == scene.people["pia"].id)
    session.scalars(of).one().ended_at = NOW
    session.flush()
    assert waiting_for(session, scene.actor("pia")) == 0


@pytest.mark.parametrize("who", ["rosa", "lucia", "jonas", "helena"])
def test_it_takes_a_fixed_number_of_statements_and_the_number_a_few(session: Session, who: str) -> None:
    scene = scene_in_review(session, NOW)
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    def counted() -> tuple[int, int]:
        actor = scene.actor(who)
        settle(session)
        session.expire_all()
        event.listen(session.get_bind(), "before_cursor_execute", note)
        statements.clear()
        inbox(session, actor, NOW)
        whole = len(statements)
        statements.clear()
        waiting_for(session, actor)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return whole, len(statements)

    counted()
    before = counted()
    for number in range(4):
        more = make_draft(
            session, scene.organizations["coastal"], [scene.people["rosa"]], list(scene.datasets.values()),
            reference=f"PR-2026-07{number:02d}",
        )  # fmt: skip
        hand_in(session, more, scene.people["rosa"], NOW)
    after = counted()
    assert before == after
    assert after[1] == 1


def test_the_page_greets_by_name_and_number(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    scene.session.commit()
    client.sign_in_as(scene.people["lucia"])
    text = client.get("/inbox").text
    assert "One thing waits for you, Lucía" in text
    assert "Read and decide" in text
    client.sign_in_as(scene.people["otto"])
    text = client.get("/inbox").text
    assert "All clear, Otto" in text
    assert scene.proposal.title not in text


def test_a_lead_who_left_the_member_reads_nothing_of_its_duties(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    (grant,) = make_issued(session, cast)
    letter = store_file(session, FileStore("memory:///"), b"%PDF-", "x.pdf", "application/pdf", ("grant", "x"), NOW)
    grant.letter_id, grant.state = letter.id, GrantState.ACTIVE
    session.scalars(select(Duty).where(Duty.grant_id == grant.id)).first().due_on = NOW.date()  # type: ignore[union-attr]
    session.flush()
    rows = inbox(session, acting(session, cast.lead), NOW).yours
    assert [row.endpoint for row in rows] == ["duties.show"]
    membership = session.scalars(select(Membership).where(Membership.person_id == cast.lead.id)).one()
    membership.ended_at = NOW
    session.flush()
    assert inbox(session, acting(session, cast.lead), NOW).rows == ()
    assert waiting_for(session, acting(session, cast.lead)) == 0


def test_visitors_are_asked_to_sign_in(client: Client) -> None:
    assert client.get("/inbox").status_code == 303


def test_several_are_reminded_of_and_handed_on_at_once(client: Client, session: Session) -> None:
    scene = scene_in_intake(session, NOW)
    deputy = make_person(session, "Ida Ruiz", (scene.organizations["secretariat"], Role.OFFICER))
    session.commit()
    client.sign_in_as(scene.people["jonas"])
    text = client.get("/inbox").text
    assert "With those that are ticked" in text
    assert "Who has how much open" in text
    answer = client.post("/inbox/hand-on", data={"ref": scene.ref, "person": str(deputy.id)})
    assert answer.status_code == 303
    assert waiting_for(session, scene.actor("jonas")) == 0
    assert waiting_for(session, actor_of(session, deputy)) == 1
    assert client.post("/inbox/remind", data={"ref": scene.ref}).status_code == 303
    client.sign_in_as(scene.people["lucia"])
    assert client.post("/inbox/hand-on", data={"ref": scene.ref, "person": "1"}).status_code == 404


def test_what_cannot_be_handed_on_is_named_and_the_rest_is(client: Client, session: Session) -> None:
    scene = scene_in_intake(session, NOW)
    other = make_draft(
        session,
        scene.organizations["other"],
        [scene.people["otto"]],
        list(scene.datasets.values()),
        reference="PR-2026-0900",
    )
    hand_in(session, other, scene.people["otto"], NOW)
    pass_intake(session, scene.actor("jonas"), other.reference, ALL_YES, NOW)
    deputy = make_person(session, "Ida Ruiz", (scene.organizations["secretariat"], Role.OFFICER))
    session.commit()
    client.sign_in_as(scene.people["jonas"])
    assert "Choose, to hand on" in client.get("/inbox").text
    data = {"ref": [scene.ref, other.reference], "person": str(deputy.id)}
    said = client.post("/inbox/hand-on", data=data, follow_redirects=True).text
    assert "One handed on. Not PR-2026-0900: Somebody else is waited for now." in said
    assert waiting_for(session, actor_of(session, deputy)) == 1


def test_what_a_colleague_takes_leaves_the_inbox_of_the_other(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    session.commit()
    client.sign_in_as(scene.people["tom"])
    assert "I take this" in client.get("/inbox").text
    assert client.post(f"/proposals/{scene.ref}/take").status_code == 303
    assert waiting_for(session, scene.actor("lucia")) == 0
    assert waiting_for(session, scene.actor("tom")) == 1
    assert _sentences(_of(scene, "lucia"), Group.OTHERS) == ["%(name)s decide"]


def test_a_long_queue_is_shown_in_pages_and_counted_whole(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    for number in range(SHOWN + 5):
        more = make_draft(
            session, scene.organizations["coastal"], [scene.people["rosa"]], list(scene.datasets.values()),
            reference=f"PR-2026-05{number:02d}",
        )  # fmt: skip
        hand_in(session, more, scene.people["rosa"], NOW)
    session.commit()
    found = _of(scene, "jonas")
    assert found.counts[Part.WEEK] == waiting_for(session, scene.actor("jonas")) == SHOWN + 5
    assert len(found.parts[Part.WEEK]) == SHOWN
    client.sign_in_as(scene.people["jonas"])
    assert f"Show the next of {SHOWN + 5}" in client.get("/inbox").text
    second = client.get("/inbox/week?page=2").text
    assert "Page 2 of 2" in second
    first = [row.values for row in stretch(session, scene.actor("jonas"), NOW, Part.WEEK, 1).rows]
    rest = [row.values for row in stretch(session, scene.actor("jonas"), NOW, Part.WEEK, 2).rows]
    assert len(first) == SHOWN
    assert len(rest) == 5
    assert not set(first) & set(rest)
    assert client.get("/inbox/sometime").status_code == 404


def test_a_stale_link_leads_to_who_dealt_with_it(client: Client, session: Session) -> None:
    scene = scene_in_intake(session, NOW)
    other = make_person(session, "Ida Ruiz", (scene.organizations["secretariat"], Role.OFFICER))
    scene.pass_on(NOW)
    session.commit()
    client.sign_in_as(other)
    answer = client.get(f"/proposals/{scene.ref}/intake", follow_redirects=True)
    assert answer.status_code == 200
    assert "A colleague has dealt with it." in answer.text
    assert "Jonas Oyelaran" in answer.text


def test_what_is_overdue_on_a_date_of_its_own_says_by_how_many_days(client: Client, session: Session) -> None:
    cast = make_ready_cast(session, 1)
    (grant,) = make_issued(session, cast)
    letter = store_file(session, FileStore("memory:///"), b"%PDF-", "x.pdf", "application/pdf", ("grant", "x"), NOW)
    grant.letter_id, grant.state = letter.id, GrantState.ACTIVE
    duty = session.scalars(select(Duty).where(Duty.grant_id == grant.id, Duty.due_on.is_not(None))).first()
    assert duty is not None
    duty.due_on = NOW.date() - timedelta(days=3)
    session.commit()
    client.sign_in_as(cast.lead)
    assert ", 3 days over" in client.get("/inbox").get_data(as_text=True)


def test_it_is_narrowed_to_one_kind_of_thing_by_its_address(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    scene.session.commit()
    client.sign_in_as(scene.people["lucia"])
    assert "Read and decide" in client.get("/inbox?about=proposals").text
    text = client.get("/inbox?about=grants").text
    assert "Read and decide" not in text
    assert "None of them waits for you" in text
    assert "show everything again" in text
    assert "Read and decide" in client.get("/inbox?about=nonsense").text
    rest = client.get("/inbox/later?about=grants")
    assert (rest.status_code, "Read and decide" in rest.text) == (200, False)


def test_a_data_steward_reads_what_became_of_the_data_this_month(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    (line,) = your_data(session, scene.actor("lucia"), NOW)
    assert (line.asked, line.in_force, line.members, line.outputs) == (1, 0, 0, 0)
    (later,) = your_data(session, scene.actor("lucia"), NOW + timedelta(days=40))
    assert later.asked == 0
    assert your_data(session, scene.actor("rosa"), NOW) == []
    assert your_data(session, scene.actor("jonas"), NOW) == []


def test_a_proposal_at_intake_is_not_counted_to_data_stewards_nor_a_dataset_of_an_unsent_draft(
    session: Session,
) -> None:
    scene = scene_in_intake(session, NOW)
    assert [line.asked for line in your_data(session, scene.actor("lucia"), NOW)] == [0]
    scene.pass_on(NOW)
    session.execute(delete(VersionDataset).where(VersionDataset.dataset_id == scene.datasets["streets"].id))
    counted = {who: [line.asked for line in your_data(session, scene.actor(who), NOW)] for who in ("lucia", "pia")}
    assert counted == {"lucia": [0], "pia": [1]}, "what stands in the draft alone was asked of nobody"
