"""Needing the same, and pledging to a need: who may, how often, what others see of it and who is told."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.needs.commands import Pledged, end, leave, pledge, support, take_back
from app.needs.models import DataNeed
from app.needs.queries import need_by_reference, pledged_datasets
from app.organizations.models import Membership
from app.outbox.models import OutboxMessage
from app.reactions.table import react
from app.reactions.work import Work
from app.rules.actions import Action
from app.rules.actors import NOBODY, Actor
from app.rules.pledges import PledgeKind
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from tests.catalog.people import NOW, actor, organization, partner, person
from tests.factories.catalog import make_dataset
from tests.needs.test_needs import Scene
from tests.support.application import Client
from tests.support.working import working

INSIGHT = Pledged(PledgeKind.INSIGHT, "Counts by district.")


@pytest.fixture
def scene(session: Session) -> Scene:
    return Scene(session)


@pytest.fixture
def need(scene: Scene) -> DataNeed:
    return scene.post()


@pytest.fixture
def other(session: Session) -> Actor:
    """Somebody of another member."""
    at = organization(session, Kind.MEMBER, "Other Bank")
    return actor(at, Role.FOCAL_POINT, who=person(session, at, Role.FOCAL_POINT))


def read(session: Session, viewer: Actor, need: DataNeed) -> DataNeed:
    session.expire_all()
    return need_by_reference(session, viewer, need.reference)


def test_a_member_is_counted_once_until_it_says_that_it_needs_it_no_more(
    session: Session, scene: Scene, need: DataNeed, other: Actor
) -> None:
    support(session, other, need.reference, NOW)
    with pytest.raises(WrongState, match="already"):
        support(session, other, need.reference, NOW)
    assert [one.organization.name for one in read(session, scene.steward, need).supports] == ["Other Bank"]
    leave(session, other, need.reference, NOW)
    assert read(session, scene.steward, need).supports == []
    with pytest.raises(WrongState, match="not among"):
        leave(session, other, need.reference, NOW)


def test_who_posted_it_who_lists_data_and_strangers_do_not_support_it(
    session: Session, scene: Scene, need: DataNeed
) -> None:
    for somebody, error in ((scene.asking, NotAllowed), (scene.steward, NotAllowed), (NOBODY, NotFound)):
        with pytest.raises(error):
            support(session, somebody, need.reference, NOW)


def test_data_partners_alone_pledge_one_of_each_kind(
    session: Session, scene: Scene, need: DataNeed, other: Actor
) -> None:
    pledge(session, scene.steward, need.reference, INSIGHT, NOW)
    with pytest.raises(Invalid, match="pledged this already"):
        pledge(session, scene.steward, need.reference, INSIGHT, NOW)
    pledge(session, scene.steward, need.reference, Pledged(PledgeKind.STAFF_TIME, "Two days."), NOW)
    assert [one.kind for one in read(session, other, need).pledges] == [PledgeKind.INSIGHT, PledgeKind.STAFF_TIME]
    for somebody, error in ((scene.asking, NotAllowed), (other, NotAllowed), (scene.signatory, NotFound)):
        with pytest.raises(error):
            pledge(session, somebody, need.reference, INSIGHT, NOW)
    with pytest.raises(Invalid) as said:
        pledge(session, scene.steward, need.reference, Pledged(PledgeKind.DATA, "  "), NOW)
    assert said.value.field == "offer"


def test_a_pledge_names_a_listed_dataset_of_ones_own_and_only_those_see_it_who_may(
    session: Session, scene: Scene, need: DataNeed, other: Actor
) -> None:
    foreign = make_dataset(session, partner(session))
    draft = make_dataset(session, scene.partner, state=ListingState.DRAFT)
    for row in (foreign, draft):
        with pytest.raises(Invalid) as said:
            pledge(session, scene.steward, need.reference, Pledged(PledgeKind.DATA, "Here.", row.reference), NOW)
        assert said.value.field == "dataset"
    mine = make_dataset(session, scene.partner, visibility=Visibility.NAMED, admitted=[scene.member])
    pledge(session, scene.steward, need.reference, Pledged(PledgeKind.DATA, "Here.", mine.reference), NOW)
    seen = [list(pledged_datasets(session, viewer, read(session, viewer, need))) for viewer in (scene.asking, other)]
    assert seen == [[mine.id], []]


def test_a_pledge_is_taken_back_by_its_own_data_partner(session: Session, scene: Scene, need: DataNeed) -> None:
    pledge(session, scene.steward, need.reference, INSIGHT, NOW)
    key = read(session, scene.steward, need).pledges[0].id
    foreign = partner(session)
    with pytest.raises(NotFound):
        take_back(session, actor(foreign, Role.STEWARD), need.reference, key, NOW)
    take_back(session, scene.steward, need.reference, key, NOW)
    assert read(session, scene.steward, need).pledges == []
    with pytest.raises(NotFound):
        take_back(session, scene.steward, need.reference, key, NOW)


def test_nothing_is_added_to_a_need_that_is_over(session: Session, scene: Scene, need: DataNeed, other: Actor) -> None:
    end(session, scene.asking, need.reference, Action.MEET_NEED, "", NOW)
    with pytest.raises(WrongState):
        support(session, other, need.reference, NOW)
    with pytest.raises(WrongState):
        pledge(session, scene.steward, need.reference, INSIGHT, NOW)


# ---- who is told


@pytest.fixture
def work(app: Flask, session: Session) -> Iterator[Work]:
    with working(app, session, NOW) as work:
        yield work


def told(session: Session, work: Work) -> dict[str, str]:
    """To whom the newest event leads to a mail, with its subject."""
    before = set(session.scalars(select(OutboxMessage.id)))
    apply = react(work, {"seq": session.scalars(select(HistoryEvent.seq).order_by(HistoryEvent.seq.desc())).first()})
    assert apply is not None
    apply(session)
    session.flush()
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send"))
    return {str(row.recipient): str(row.payload["subject"]) for row in rows if row.id not in before}


def test_those_who_need_it_are_told_of_pledges_and_those_who_helped_of_its_end(
    session: Session, scene: Scene, need: DataNeed, other: Actor, work: Work
) -> None:
    asking, steward = scene.people["asking"].email, scene.people["steward"].email
    support(session, other, need.reference, NOW)
    assert told(session, work) == {asking: "Other Bank needs it too: Who walks where?"}
    pledge(session, scene.steward, need.reference, INSIGHT, NOW)
    assert set(told(session, work)) == {asking, other.email}
    end(session, scene.asking, need.reference, Action.MEET_NEED, "Acme has it.", NOW)
    assert told(session, work) == dict.fromkeys((other.email, steward), "A data need is met: Who walks where?")


def test_who_may_not_know_of_it_any_more_gets_no_mail_of_it(
    session: Session, scene: Scene, need: DataNeed, other: Actor, work: Work
) -> None:
    support(session, other, need.reference, NOW)
    pledge(session, scene.steward, need.reference, INSIGHT, NOW)
    gone = Membership.person_id.in_([other.person_id, scene.people["steward"].id])
    for membership in session.scalars(select(Membership).where(gone)):
        membership.ended_at = NOW
    assert set(told(session, work)) == {scene.people["asking"].email}
    end(session, scene.asking, need.reference, Action.MEET_NEED, "Acme has it.", NOW)
    assert told(session, work) == {}


# ---- the page


def test_support_and_pledges_are_given_and_taken_back_on_the_page(
    session: Session, scene: Scene, need: DataNeed, app: Flask, client: Client
) -> None:
    mine = make_dataset(session, scene.partner, title="Footfall by block")
    member = organization(session, Kind.MEMBER, "Other Bank")
    client.sign_in_as(person(session, member, Role.PROJECT_STAFF))
    session.commit()
    path = f"/needs/{need.reference}"
    assert "My organization needs this too" in client.get(path).text
    assert client.post(f"{path}/support").status_code == 303
    assert "One more organization needs this: Other Bank." in " ".join(client.get(path).text.split())
    steward = app.test_client()
    assert isinstance(steward, Client)
    steward.sign_in_as(scene.people["steward"])
    assert "one more needs it" in steward.get("/needs").text
    empty = steward.post(f"{path}/pledge", data={"kind": "insight", "offer": ""})
    assert empty.status_code == 422
    assert 'value="insight" checked' in empty.text
    assert steward.post(f"{path}/pledge", data={"kind": "gold", "offer": "x"}).status_code == 422
    given = {"kind": "data", "offer": "We list this.", "dataset": mine.reference}
    assert steward.post(f"{path}/pledge", data=given).status_code == 303
    page = client.get(path).text
    assert "We list this." in page
    assert "Footfall by block" in page
    assert "Take it back" not in page
    key = need_by_reference(session, scene.steward, need.reference).pledges[0].id
    assert client.post(f"{path}/pledges/{key}/take-back").status_code == 403
    assert steward.post(f"{path}/pledges/{key}/take-back").status_code == 303
    assert client.post(f"{path}/leave").status_code == 303
    assert "Nothing yet." in client.get(path).text


def test_somebody_who_left_a_member_is_not_its_voice_any_more(session: Session, need: DataNeed, client: Client) -> None:
    member = organization(session, Kind.MEMBER)
    gone = person(session, member, Role.PROJECT_STAFF)
    session.scalars(select(Membership).where(Membership.person_id == gone.id)).one().ended_at = NOW
    client.sign_in_as(gone)
    session.commit()
    assert client.post(f"/needs/{need.reference}/support").status_code == 404
