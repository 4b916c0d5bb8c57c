"""Harvesting: a source is read from a real server, what differs is shown, and only what a steward says is taken."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.catalog.commands.checking import pause, resume
from app.catalog.models import Dataset
from app.catalog.queries import sent_together
from app.exchange.commands.harvest_publishers import say_whose
from app.exchange.commands.harvest_runs import choose
from app.exchange.commands.harvest_sources import (
    Settings,
    ask_to_read,
    edit_source,
    end_source,
    open_run,
    pause_source,
    read_what_is_due,
    resume_source,
    start_source,
)
from app.exchange.models import Finding, HarvestRun, HarvestSource, KeptChoice
from app.exchange.queries.harvests import awaited
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.organizations.models import Membership, Organization, Person
from app.organizations.naming import named_for
from app.outbox.models import OutboxMessage
from app.reactions.table import HANDLERS, Work
from app.rules import publishers
from app.rules.actors import Actor
from app.rules.harvests import Answer, Kind, NewOnes, RunState, Schedule
from app.rules.roles import Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import HarvestState, ListingState
from tests.catalog.people import NOW, actor, partner, person
from tests.factories.catalog import make_dataset
from tests.factories.organizations import make_person, make_secretariat
from tests.support.sites import LOOPBACK, Site

pytestmark = pytest.mark.both_databases
TRIPS = {"identifier": "trips", "title": "Trips", "description": "By hour and stop.", "keyword": ["bus"]}
TAPS = {"identifier": "taps", "title": "Taps", "description": "By stop and day."}
RIDES = {"identifier": "rides", "title": "Rides", "description": "By street."}
OTHERS = [{"identifier": f"other-{n}", "title": f"Other {n}", "description": "By day."} for n in range(8)]
WEEK = timedelta(days=7)


class Desk:
    """A data partner whose catalog stands on a site, its steward, and the worker that reads it."""

    def __init__(self, app: Flask, session: Session, site: Site) -> None:
        self.app, self.session, self.site, self.now = app, session, site, NOW
        self.partner: Organization = partner(session, "Acme", lists_unchecked=True)
        self.steward: Person = person(session, self.partner, Role.STEWARD)
        self.source: HarvestSource | None = None

    @property
    def actor(self) -> Actor:
        return actor(self.partner, Role.STEWARD, who=self.steward)

    def offers(self, *rows: object, **headers: str) -> None:
        self.site.gives(json.dumps({"dataset": list(rows)}).encode(), 200, **headers)

    def starts(self, **said: object) -> HarvestSource:
        settings = Settings("Open data", self.site.url(), **said)  # type: ignore[arg-type]
        self.source = start_source(self.session, self.actor, self.partner, settings, self.now)
        return self.source

    def reads(self, *rows: object, **headers: str) -> HarvestRun:
        """The source is read by the worker, on its day or by hand; what follows is done too."""
        if rows:
            self.offers(*rows, **headers)
        assert self.source is not None
        ask_to_read(self.session, self.actor, self.source.reference, self.now)
        return self.works()

    def works(self) -> HarvestRun:
        self.session.commit()
        worker.drain(self.app, lambda: self.now)
        self.session.expire_all()
        return self.session.scalars(select(HarvestRun).order_by(HarvestRun.id.desc())).first() or pytest.fail("no run")

    def says(self, run: HarvestRun, answer: Answer, *identifiers: str) -> HarvestRun:
        ids = [one.id for one in self.found(run) if one.identifier in identifiers] if identifiers else None
        assert self.source is not None
        choose(self.session, self.actor, self.source.reference, run.id, answer, ids, self.now)
        return self.works()

    def found(self, run: HarvestRun) -> list[Finding]:
        return list(self.session.scalars(select(Finding).where(Finding.run_id == run.id).order_by(Finding.id)))

    def told(self, run: HarvestRun) -> dict[str, tuple[Kind, Answer]]:
        return {one.identifier: (one.kind, one.answer) for one in self.found(run)}

    def listing(self, identifier: str) -> Dataset:
        return self.session.scalars(select(Dataset).where(Dataset.identifier == identifier)).one()

    def all_listed(self, *rows: object) -> HarvestRun:
        """The source is read, everything is taken and listed."""
        self.starts(new_ones=NewOnes.PUBLISH)
        return self.says(self.reads(*rows), Answer.CHOSEN)


@pytest.fixture
def desk(app: Flask, session: Session, site: Site, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setitem(app.config, "HARVEST_NETWORKS", LOOPBACK)
    return Desk(app, session, site)


def mails(session: Session) -> list[str]:
    wanted = select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id)
    return [str(message.payload["subject"]) for message in session.scalars(wanted)]


def test_what_is_new_is_shown_before_anything_is_taken(desk: Desk) -> None:
    desk.starts()
    run = desk.reads(TRIPS, TAPS)
    assert run.state is RunState.FOUND
    assert desk.told(run) == dict.fromkeys(("trips", "taps"), (Kind.CREATED, Answer.WAITING))
    assert desk.session.scalars(select(Dataset)).all() == []
    assert mails(desk.session) == ["Look at 2 changes from Open data"]
    assert desk.source is not None
    assert desk.source.form == "DCAT, JSON"


def test_what_was_said_of_publishers_and_columns_holds_for_a_source(desk: Desk) -> None:
    said = KeptChoice(organization_id=desk.partner.id, columns={"thema": "title"}, publishers={"Old Office": "leave"})
    desk.session.add(said)
    desk.starts()
    desk.site.gives(b"code,thema,publisher\n1,Trips,Acme\n2,Taps,Old Office\n3,Rides,Acme\n", 200)
    run = desk.reads()
    assert [one.title for one in desk.found(run)] == ["Trips", "Rides"]
    desk.says(run, Answer.CHOSEN)
    assert sorted(desk.session.scalars(select(Dataset.title))) == ["Rides", "Trips"]


PAY = {"identifier": "pay", "title": "Payments", "description": "By day.", "publisher": "PalomaPay Inc."}


def whose(desk: Desk, run: HarvestRun, answer: publishers.Answer) -> HarvestRun:
    assert desk.source is not None
    name = str(PAY["publisher"])
    return say_whose(desk.session, desk.actor, desk.source.reference, run.id, {name: answer}, desk.now)


def test_what_may_be_another_partners_is_not_taken_before_somebody_says_whose_it_is(desk: Desk) -> None:
    partner(desk.session, "Paloma Pay")
    desk.starts(new_ones=NewOnes.PUBLISH)
    run = desk.says(desk.reads(TRIPS, PAY), Answer.CHOSEN)
    assert desk.told(run) == {"trips": (Kind.CREATED, Answer.TAKEN), "pay": (Kind.CREATED, Answer.WAITING)}
    assert run.state is RunState.FOUND
    with pytest.raises(Invalid, match="Say first whose"):
        desk.says(run, Answer.CHOSEN)
    whose(desk, run, publishers.Answer.TAKE)
    desk.says(run, Answer.CHOSEN)
    assert desk.listing("pay").publisher == "PalomaPay Inc."


def test_what_is_another_partners_is_left_and_not_found_again(desk: Desk) -> None:
    partner(desk.session, "Paloma Pay")
    desk.starts()
    run = desk.reads(PAY, TRIPS)
    whose(desk, run, publishers.Answer.LEAVE)
    desk.session.commit()
    assert desk.told(run) == {"pay": (Kind.CREATED, Answer.LEFT), "trips": (Kind.CREATED, Answer.WAITING)}
    assert desk.told(desk.reads()) == {"trips": (Kind.CREATED, Answer.WAITING)}
    with pytest.raises(WrongState):
        whose(desk, run, publishers.Answer.TAKE)


def test_what_is_listed_of_a_publisher_that_is_left_out_is_not_gone(desk: Desk) -> None:
    desk.all_listed(PAY, TRIPS)
    partner(desk.session, "Paloma Pay")
    whose(desk, desk.reads({**PAY, "title": "All payments"}, TRIPS), publishers.Answer.LEAVE)
    assert desk.told(desk.reads()) == {}
    assert desk.listing("pay").state is ListingState.LISTED


def test_a_name_that_another_partner_bears_is_never_ours(desk: Desk) -> None:
    partner(desk.session, "Paloma Pay")
    desk.starts()
    run = desk.reads(PAY)
    with pytest.raises(Invalid, match="Another data partner bears this name"):
        whose(desk, run, publishers.Answer.OURS)


def test_a_trusted_source_changes_nothing_whose_publisher_is_in_doubt(desk: Desk) -> None:
    desk.all_listed(PAY, TRIPS)
    partner(desk.session, "Paloma Pay")
    assert desk.source is not None
    trusted = Settings("Open data", desk.site.url(), is_trusted=True)
    edit_source(desk.session, desk.actor, desk.source.reference, trusted, desk.now)
    run = desk.reads({**PAY, "title": "All payments"}, {**TRIPS, "title": "All trips"})
    assert desk.told(run) == {"pay": (Kind.CHANGED, Answer.WAITING), "trips": (Kind.CHANGED, Answer.TAKEN)}


def test_what_is_said_of_columns_after_a_reading_holds_for_the_next_one(desk: Desk) -> None:
    desk.starts()
    desk.site.gives(b"code,title,thema\na,Trips,Other\n", 200)
    run = desk.reads()
    assert [one.title for one in desk.found(run)] == ["Trips"]
    said = {"thema": "title", "title": ""}
    desk.session.add(KeptChoice(organization_id=desk.partner.id, columns=said, publishers={}))
    desk.says(run, Answer.CHOSEN)
    assert [row.title for row in desk.session.scalars(select(Dataset))] == ["Trips"]


def test_what_is_taken_becomes_a_draft(desk: Desk) -> None:
    desk.starts()
    run = desk.says(desk.reads(TRIPS, TAPS), Answer.CHOSEN)
    assert run.state is RunState.SETTLED
    assert {row.state for row in desk.session.scalars(select(Dataset))} == {ListingState.DRAFT}


def test_some_are_taken_some_left_and_the_rest_waits(desk: Desk) -> None:
    desk.starts()
    run = desk.reads(TRIPS, TAPS, RIDES)
    desk.says(run, Answer.CHOSEN, "trips")
    assert desk.told(run)["trips"] == (Kind.CREATED, Answer.TAKEN)
    assert run.state is RunState.FOUND
    desk.says(run, Answer.LEFT, "taps")
    assert desk.told(run) == {
        "trips": (Kind.CREATED, Answer.TAKEN),
        "taps": (Kind.CREATED, Answer.LEFT),
        "rides": (Kind.CREATED, Answer.WAITING),
    }


def test_what_was_left_is_not_asked_again_until_it_changes(desk: Desk) -> None:
    desk.starts()
    desk.says(desk.reads(TRIPS), Answer.LEFT)
    assert desk.reads(TRIPS).state is RunState.NOTHING
    assert desk.told(desk.reads({**TRIPS, "title": "All trips"})) == {"trips": (Kind.CREATED, Answer.WAITING)}


def test_new_ones_are_listed_at_once_where_the_steward_said_so(desk: Desk) -> None:
    desk.all_listed(TRIPS)
    assert desk.listing("trips").state is ListingState.LISTED


def test_new_ones_become_drafts_once_the_secretariat_wants_each_checked_again(desk: Desk) -> None:
    desk.all_listed(TRIPS)
    desk.partner.lists_unchecked = False
    desk.says(desk.reads(TRIPS, TAPS), Answer.CHOSEN)
    assert desk.listing("trips").state is ListingState.LISTED
    assert desk.listing("taps").state is ListingState.DRAFT


def test_a_source_cannot_be_told_to_list_at_once_where_each_dataset_is_checked(desk: Desk) -> None:
    desk.partner.lists_unchecked = False
    with pytest.raises(Invalid, match="Let new ones go to the check") as refused:
        desk.starts(new_ones=NewOnes.PUBLISH)
    assert refused.value.field == "new_ones"


def test_a_change_is_shown_field_by_field(desk: Desk) -> None:
    desk.all_listed(TRIPS)
    run = desk.reads({**TRIPS, "title": "All trips", "keyword": ["bus", "tram"], "license": "By request"})
    [one] = desk.found(run)
    assert (one.kind, one.answer) == (Kind.CHANGED, Answer.WAITING)
    assert {str(each["field"]): (each["old"], each["new"], each["is_harmless"]) for each in one.changes} == {
        "title": ("Trips", "All trips", True),
        "keywords": ("bus", "bus, tram", True),
        "license_text": ("", "By request", False),
    }
    assert desk.listing("trips").title == "Trips"
    desk.says(run, Answer.CHOSEN)
    assert desk.listing("trips").title == "All trips"


def test_the_same_file_again_finds_nothing(desk: Desk) -> None:
    desk.all_listed(TRIPS)
    before = len(mails(desk.session))
    run = desk.reads(TRIPS)
    assert (run.state, run.rows, run.unchanged) == (RunState.NOTHING, 1, 1)
    assert len(mails(desk.session)) == before


def test_of_a_page_of_a_catalog_nothing_is_taken_for_gone(desk: Desk) -> None:
    desk.all_listed(TRIPS, TAPS)
    desk.site.gives(json.dumps({"totalItems": 2, "dataset": [TRIPS]}).encode(), 200)
    run = desk.reads()
    assert (run.state, desk.told(run), run.remarked) == (RunState.NOTHING, {}, 1)
    assert desk.told(desk.reads(TRIPS)) == {"taps": (Kind.VANISHED, Answer.WAITING)}


def test_what_is_gone_is_paused_with_a_reason_once_it_is_taken_and_comes_back_with_the_source(desk: Desk) -> None:
    desk.all_listed(TRIPS, TAPS)
    run = desk.reads(TRIPS)
    assert desk.told(run) == {"taps": (Kind.VANISHED, Answer.WAITING)}
    assert desk.listing("taps").state is ListingState.LISTED
    desk.says(run, Answer.CHOSEN)
    gone = desk.listing("taps")
    assert gone.state is ListingState.PAUSED
    assert gone.state_reason == f"No longer in the catalog that the data partner offers at {desk.site.url()}."
    run = desk.reads(TRIPS, TAPS)
    assert desk.told(run) == {"taps": (Kind.BACK, Answer.WAITING)}
    desk.says(run, Answer.CHOSEN)
    assert desk.listing("taps").state is ListingState.LISTED


def test_a_listing_that_a_steward_paused_is_not_opened_by_the_source(desk: Desk) -> None:
    desk.all_listed(TRIPS)
    pause(desk.session, desk.actor, desk.listing("trips").reference, "We are moving.", desk.now)
    assert desk.reads(TRIPS).state is RunState.NOTHING
    assert desk.listing("trips").state is ListingState.PAUSED


def test_a_listing_that_a_steward_opened_again_though_it_is_gone_stays_open(desk: Desk) -> None:
    desk.all_listed(TRIPS, TAPS)
    desk.says(desk.reads(TRIPS), Answer.CHOSEN)
    resume(desk.session, desk.actor, desk.listing("taps").reference, desk.now)
    assert desk.reads(TRIPS).state is RunState.NOTHING
    assert desk.listing("taps").state is ListingState.LISTED


def test_what_another_source_of_the_partner_still_holds_is_not_gone(desk: Desk) -> None:
    desk.all_listed(TRIPS, TAPS)
    first = desk.source
    assert first is not None
    desk.source = start_source(
        desk.session, desk.actor, desk.partner, Settings("Second", desk.site.url("/second")), desk.now
    )
    desk.reads(TRIPS, TAPS)
    desk.source = first
    assert desk.reads(TRIPS).state is RunState.NOTHING


def test_harmless_changes_are_taken_unseen_only_where_a_steward_said_so(desk: Desk) -> None:
    desk.all_listed(TRIPS, TAPS, *OTHERS)
    assert desk.source is not None
    trusted = Settings("Open data", desk.site.url(), new_ones=NewOnes.PUBLISH, is_trusted=True)
    edit_source(desk.session, desk.actor, desk.source.reference, trusted, desk.now)
    run = desk.reads({**TRIPS, "title": "All trips"}, RIDES, *OTHERS)
    assert desk.told(run) == {
        "trips": (Kind.CHANGED, Answer.TAKEN),
        "rides": (Kind.CREATED, Answer.WAITING),
        "taps": (Kind.VANISHED, Answer.TAKEN),
    }
    assert desk.listing("trips").title == "All trips"
    assert desk.listing("taps").state is ListingState.PAUSED
    taken = desk.session.scalars(select(HistoryEvent).where(HistoryEvent.authentication == "standing word")).all()
    assert {event.actor_pid for event in taken} == {desk.steward.pid}


@pytest.mark.parametrize(
    "change",
    [
        {"license": "Only for members"},
        {"accessRights": {"@id": "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"}},
        {"odrl:hasPolicy": {"odrl:permission": []}},
        {"conditionsOfAccess": "Ask us"},
        {"distribution": [{"downloadURL": "https://acme.example/trips.csv", "license": "Ask us"}]},
    ],
)
def test_what_touches_conditions_is_never_taken_unseen(change: dict[str, object], desk: Desk) -> None:
    desk.all_listed(TRIPS)
    assert desk.source is not None
    trusted = Settings("Open data", desk.site.url(), is_trusted=True)
    edit_source(desk.session, desk.actor, desk.source.reference, trusted, desk.now)
    assert desk.told(desk.reads({**TRIPS, **change})) == {"trips": (Kind.CHANGED, Answer.WAITING)}


def test_what_a_field_would_lose_is_never_taken_unseen(desk: Desk) -> None:
    desk.all_listed(TRIPS)
    assert desk.source is not None
    trusted = Settings("Open data", desk.site.url(), is_trusted=True)
    edit_source(desk.session, desk.actor, desk.source.reference, trusted, desk.now)
    run = desk.reads({name: value for name, value in TRIPS.items() if name != "keyword"})
    [one] = desk.found(run)
    assert one.answer is Answer.WAITING
    assert [(each["field"], each["is_harmless"], each["is_emptied"]) for each in one.changes] == [
        ("keywords", False, True)
    ]
    assert desk.listing("trips").keywords == ["bus"]


def test_a_trusted_source_leaves_what_a_steward_answered(desk: Desk) -> None:
    desk.all_listed(TAPS)
    desk.listing("taps").keywords = ["stops"]
    assert desk.source is not None
    trusted = Settings("Open data", desk.site.url(), is_trusted=True)
    edit_source(desk.session, desk.actor, desk.source.reference, trusted, desk.now)
    assert desk.told(desk.reads({**TAPS, "title": "All taps"})) == {"taps": (Kind.CHANGED, Answer.TAKEN)}
    assert (desk.listing("taps").title, desk.listing("taps").keywords) == ("All taps", ["stops"])


def test_an_import_never_changes_conditions_or_who_may_see_it(desk: Desk) -> None:
    desk.all_listed(TRIPS)
    desk.listing("trips").visibility = Visibility.MEMBERS
    desk.says(desk.reads({**TRIPS, "title": "All trips", "visibility": "public"}), Answer.CHOSEN)
    assert desk.listing("trips").visibility is Visibility.MEMBERS


def test_a_catalog_that_lost_much_at_once_pauses_nothing_unseen(desk: Desk) -> None:
    desk.all_listed(TRIPS, TAPS, *OTHERS)
    assert desk.source is not None
    trusted = Settings("Open data", desk.site.url(), is_trusted=True)
    edit_source(desk.session, desk.actor, desk.source.reference, trusted, desk.now)
    run = desk.reads(TRIPS)
    assert {answer for _kind, answer in desk.told(run).values()} == {Answer.WAITING}


def test_nothing_is_paused_unseen_while_a_row_cannot_be_read(desk: Desk) -> None:
    desk.all_listed(TRIPS, TAPS, *OTHERS)
    assert desk.source is not None
    trusted = Settings("Open data", desk.site.url(), is_trusted=True)
    edit_source(desk.session, desk.actor, desk.source.reference, trusted, desk.now)
    run = desk.reads(TRIPS, {"identifier": "taps"}, *OTHERS)
    assert (Kind.VANISHED, Answer.WAITING) in desk.told(run).values() or desk.told(run)["taps"][1] is Answer.WAITING
    refused = [one for one in desk.found(run) if one.kind is Kind.REFUSED]
    assert [(one.row, bool(one.problem), bool(one.remedy)) for one in refused] == [(2, True, True)]


def test_the_word_of_somebody_who_lists_no_more_counts_no_more(desk: Desk) -> None:
    desk.all_listed(TRIPS)
    assert desk.source is not None
    trusted = Settings("Open data", desk.site.url(), is_trusted=True)
    edit_source(desk.session, desk.actor, desk.source.reference, trusted, desk.now)
    ask_to_read(desk.session, desk.actor, desk.source.reference, desk.now)
    desk.offers({**TRIPS, "title": "All trips"})
    for held in desk.session.scalars(select(Membership).where(Membership.person_id == desk.steward.id)):
        held.ended_at = desk.now
    run = desk.works()
    assert desk.told(run) == {"trips": (Kind.CHANGED, Answer.WAITING)}
    assert desk.listing("trips").title == "Trips"


def test_an_unchanged_file_is_not_sent_again(desk: Desk) -> None:
    desk.starts()
    desk.reads(TRIPS, ETag='"1"')
    desk.site.gives(b"", 304)
    desk.now += WEEK
    read_what_is_due(desk.session, desk.now)
    assert desk.works().state is RunState.NOTHING
    assert desk.site.asked[-1][1]["if-none-match"] == '"1"'


def test_a_source_is_read_on_its_day_and_the_next_one_is_planned(desk: Desk) -> None:
    source = desk.starts(schedule=Schedule.WEEKLY)
    desk.offers(TRIPS)
    assert source.planned_at == NOW + WEEK
    read_what_is_due(desk.session, NOW + WEEK - timedelta(minutes=1))
    assert desk.session.scalars(select(HarvestRun)).all() == []
    desk.now = NOW + WEEK
    read_what_is_due(desk.session, desk.now)
    assert desk.works().state is RunState.FOUND
    assert source.planned_at == NOW + 2 * WEEK


def test_a_source_is_never_read_twice_at_once(desk: Desk) -> None:
    source = desk.starts()
    assert open_run(desk.session, source, desk.now) is not None
    assert open_run(desk.session, source, desk.now) is None
    with pytest.raises(WrongState):
        ask_to_read(desk.session, desk.actor, source.reference, desk.now)


def test_a_later_reading_takes_the_place_of_one_that_nobody_looked_at(desk: Desk) -> None:
    desk.starts()
    first = desk.reads(TRIPS)
    second = desk.reads(TRIPS, TAPS)
    assert (first.state, second.state) == (RunState.REPLACED, RunState.FOUND)
    with pytest.raises(WrongState):
        desk.says(first, Answer.CHOSEN)


def test_nothing_is_taken_while_the_source_is_being_read_again(desk: Desk) -> None:
    desk.starts()
    run = desk.reads(TRIPS)
    assert desk.source is not None
    ask_to_read(desk.session, desk.actor, desk.source.reference, desk.now)
    with pytest.raises(WrongState, match="being read"):
        choose(desk.session, desk.actor, desk.source.reference, run.id, Answer.CHOSEN, None, desk.now)


def test_a_reading_that_never_ended_keeps_the_source_from_being_read_for_no_longer_than_a_day(desk: Desk) -> None:
    source = desk.starts(schedule=Schedule.DAILY)
    lost = open_run(desk.session, source, desk.now)
    assert lost is not None
    read_what_is_due(desk.session, NOW + timedelta(days=1))
    assert lost.state is RunState.FAILED
    assert len(desk.session.scalars(select(HarvestRun)).all()) == 2


def test_what_comes_after_a_source_was_given_up_is_not_shown(desk: Desk) -> None:
    source = desk.starts()
    desk.offers(TRIPS)
    ask_to_read(desk.session, desk.actor, source.reference, desk.now)
    end_source(desk.session, desk.actor, source.reference, desk.now)
    run = desk.works()
    assert (run.state, desk.found(run)) == (RunState.REPLACED, [])


def test_what_was_not_chosen_waits_no_more_once_a_source_is_given_up_while_the_rest_is_brought_in(desk: Desk) -> None:
    source = desk.starts()
    run = desk.reads(TRIPS, TAPS)
    [trips] = [one.id for one in desk.found(run) if one.identifier == "trips"]
    choose(desk.session, desk.actor, source.reference, run.id, Answer.CHOSEN, [trips], desk.now)
    end_source(desk.session, desk.actor, source.reference, desk.now)
    desk.works()
    assert run.state is RunState.REPLACED
    assert desk.told(run)["trips"] == (Kind.CREATED, Answer.TAKEN)


def test_what_was_chosen_late_is_brought_in_though_the_next_day_of_reading_has_come(desk: Desk) -> None:
    source = desk.starts(schedule=Schedule.DAILY)
    run = desk.reads(TRIPS, TAPS)
    [trips] = [one.id for one in desk.found(run) if one.identifier == "trips"]
    choose(
        desk.session,
        desk.actor,
        source.reference,
        run.id,
        Answer.CHOSEN,
        [trips],
        NOW + timedelta(hours=23, minutes=59),
    )
    desk.now = NOW + timedelta(days=1)
    read_what_is_due(desk.session, desk.now)
    assert (run.state, run.problem) == (RunState.TAKING, "")
    desk.works()
    assert run.state is RunState.FOUND


def test_what_was_chosen_and_never_came_waits_to_be_chosen_again_though_the_file_is_the_same(desk: Desk) -> None:
    source = desk.starts(schedule=Schedule.DAILY)
    run = desk.reads(TRIPS, TAPS)
    choose(desk.session, desk.actor, source.reference, run.id, Answer.CHOSEN, None, desk.now)
    desk.now = NOW + timedelta(days=1)
    read_what_is_due(desk.session, desk.now)
    assert desk.works().state is RunState.NOTHING
    assert run.state is RunState.FOUND
    assert {answer for _kind, answer in desk.told(run).values()} == {Answer.WAITING}
    assert desk.says(run, Answer.CHOSEN).state is RunState.NOTHING
    assert (run.state, desk.listing("trips").title) == (RunState.SETTLED, "Trips")


def test_whoever_is_asked_by_name_is_named_no_more_once_they_list_no_more(desk: Desk) -> None:
    asked = person(desk.session, desk.partner, Role.DEPUTY, Role.FOCAL_POINT)
    source = desk.starts(asked_id=asked.id)
    [named] = named_for(desk.session, [awaited(source)]).values()
    assert named.first.person_id == asked.id
    held = desk.session.scalars(select(Membership).where(Membership.person_id == asked.id)).all()
    next(one for one in held if one.role is Role.DEPUTY).ended_at = desk.now
    [named] = named_for(desk.session, [awaited(source)]).values()
    assert named.first.person_id == desk.steward.id


def fails_three_times(desk: Desk, status: int = 500) -> HarvestRun:
    desk.site.gives(b"", status)
    run = desk.reads()
    for minutes in (2, 12):
        assert run.state is RunState.OPEN
        desk.now += timedelta(minutes=minutes)
        run = desk.works()
    return run


def test_a_source_that_does_not_answer_is_tried_three_times_and_then_told(desk: Desk) -> None:
    source = desk.starts()
    run = fails_three_times(desk)
    assert (run.state, run.tries, len(desk.site.asked)) == (RunState.FAILED, 3, 3)
    assert run.problem == "The server answers that something is wrong on its side. It is asked again later."
    assert source.state is HarvestState.FAILING
    assert mails(desk.session) == ["Could not be read: Open data"]


def test_a_source_that_fails_again_is_not_told_again_and_recovers_by_itself(desk: Desk) -> None:
    source = desk.starts()
    fails_three_times(desk)
    fails_three_times(desk)
    assert mails(desk.session) == ["Could not be read: Open data"]
    desk.reads(TRIPS)
    assert source.state is HarvestState.ON


@pytest.mark.parametrize(
    ("data", "words"), [(b"%PDF-1.7", "This is a PDF."), (b"", "empty"), (b"title\n", "no dataset in it"), (b"{", ".")]
)
def test_what_is_no_catalog_is_told_in_words_and_not_tried_again(data: bytes, words: str, desk: Desk) -> None:
    desk.starts()
    desk.site.gives(data)
    run = desk.reads()
    assert (run.state, len(desk.site.asked)) == (RunState.FAILED, 1)
    assert words in run.problem


def test_an_address_that_leads_into_a_private_network_is_never_asked(
    desk: Desk, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "HARVEST_NETWORKS", "")
    desk.starts()
    run = desk.reads(TRIPS)
    assert (run.state, desk.site.accepted) == (RunState.FAILED, 0)
    assert "not open to everybody" in run.problem


def test_a_worker_that_died_after_reading_starts_again_and_doubles_nothing(desk: Desk) -> None:
    desk.starts()
    desk.offers(TRIPS, TAPS)
    assert desk.source is not None
    ask_to_read(desk.session, desk.actor, desk.source.reference, desk.now)
    desk.session.commit()
    dies_before_it_writes(desk)
    assert (len(desk.site.asked), desk.session.scalars(select(Finding)).all()) == (1, [])
    desk.now += timedelta(minutes=4)  # its lease is over
    run = desk.works()
    assert (run.state, len(desk.found(run)), len(desk.site.asked)) == (RunState.FOUND, 2, 2)


def test_a_worker_that_died_while_bringing_in_starts_again_and_doubles_nothing(desk: Desk) -> None:
    desk.starts()
    run = desk.reads(*OTHERS)
    assert desk.source is not None
    choose(desk.session, desk.actor, desk.source.reference, run.id, Answer.CHOSEN, None, desk.now)
    desk.session.commit()
    dies_before_it_writes(desk)
    assert desk.session.scalars(select(Dataset)).all() == []
    desk.now += timedelta(minutes=4)
    run = desk.works()
    assert run.state is RunState.SETTLED
    assert len(desk.session.scalars(select(Dataset)).all()) == len(OTHERS)


def dies_before_it_writes(desk: Desk) -> None:
    """Take messages until the harvest's, do its slow part as the worker would, and then nothing more: as after a hard kill."""
    with desk.app.app_context():
        while True:
            taken = worker._take(desk.now, frozenset({"mail.send"}))
            assert taken is not None
            if taken.kind.startswith("harvest."):
                break
            worker._handle(desk.app, taken, lambda: desk.now)
        work = Work(desk.app.config, desk.app.extensions["onepact_files"], worker.reading, desk.now, taken.id)
        assert HANDLERS[taken.kind](work, taken.payload) is not None


def test_two_workers_that_read_the_same_write_it_down_once(desk: Desk) -> None:
    desk.starts()
    desk.offers(TRIPS)
    assert desk.source is not None
    ask_to_read(desk.session, desk.actor, desk.source.reference, desk.now)
    run = desk.session.scalars(select(HarvestRun)).one()
    desk.session.commit()
    with desk.app.app_context():
        work = Work(desk.app.config, desk.app.extensions["onepact_files"], worker.reading, desk.now)
        both = [HANDLERS["harvest.read"](work, {"run": run.id}) for _ in range(2)]
        for write in both:
            assert write is not None
            with worker.writing() as session:
                write(session)
    desk.session.expire_all()
    assert len(desk.found(run)) == 1


def test_a_paused_source_is_not_read_and_one_that_was_given_up_never_again(desk: Desk) -> None:
    source = desk.starts()
    pause_source(desk.session, desk.actor, source.reference, "We rebuild it.", desk.now)
    read_what_is_due(desk.session, NOW + 9 * WEEK)
    assert desk.session.scalars(select(HarvestRun)).all() == []
    resume_source(desk.session, desk.actor, source.reference, NOW + 9 * WEEK)
    assert source.planned_at == NOW + 10 * WEEK
    end_source(desk.session, desk.actor, source.reference, NOW + 9 * WEEK)
    read_what_is_due(desk.session, NOW + 20 * WEEK)
    assert desk.session.scalars(select(HarvestRun)).all() == []
    with pytest.raises(WrongState):
        ask_to_read(desk.session, desk.actor, source.reference, desk.now)


def test_one_address_has_one_source_and_must_be_a_web_address(desk: Desk) -> None:
    desk.starts()
    with pytest.raises(Invalid, match="reads this address already"):
        desk.starts()
    for address in ("file:///etc/hosts", "http://127.1/", "https://a:b@data.example.org/", ""):
        with pytest.raises(Invalid):
            start_source(desk.session, desk.actor, desk.partner, Settings("X", address), desk.now)


@pytest.mark.parametrize("act", [pause_source, end_source, resume_source, ask_to_read])
def test_somebody_else_does_not_know_of_it(act: Callable[..., object], desk: Desk) -> None:
    source = desk.starts()
    stranger = actor(partner(desk.session), Role.STEWARD)
    reason = ("Why",) if act is pause_source else ()
    with pytest.raises(NotFound):
        act(desk.session, stranger, source.reference, *reason, desk.now)


def test_a_colleague_who_does_not_list_reads_but_does_not_act(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        start_source(
            desk.session, actor(desk.partner, Role.SIGNATORY), desk.partner, Settings("X", desk.site.url()), desk.now
        )


def test_whoever_is_asked_must_list_for_the_organization(desk: Desk) -> None:
    other = person(desk.session, partner(desk.session), Role.STEWARD)
    with pytest.raises(Invalid, match="lists for this organization"):
        desk.starts(asked_id=other.id)


def test_new_ones_that_lack_nothing_go_to_the_check_in_one_act_and_are_told_once(desk: Desk) -> None:
    office = make_secretariat(desk.session)
    make_person(desk.session, office, Role.OFFICER)
    desk.starts(new_ones=NewOnes.CHECK)
    run = desk.reads(TRIPS, TAPS, RIDES)
    for identifier in ("trips", "taps"):  # somebody writes them meanwhile
        make_dataset(desk.session, desk.partner, identifier=identifier, state=ListingState.DRAFT, listed_at=None)
    desk.says(run, Answer.CHOSEN)
    assert set(desk.told(run).values()) == {(Kind.CREATED, Answer.TAKEN)}
    rows = [desk.listing(identifier) for identifier in ("trips", "taps")]
    assert {row.state for row in rows} == {ListingState.IN_CHECK}
    assert desk.listing("rides").state is ListingState.DRAFT
    assert len(sent_together(desk.session, rows[0])) == 2
    checks = [subject for subject in mails(desk.session) if "heck" in subject]
    assert [("2 listings" in subject) for subject in checks] == [True], checks
