"""Datasets of one data partner that come in different ways: one grant says and delivers each in its own."""

from sqlalchemy.orm import Session

from app.changes.wanted import Wanted
from app.delivery import commands
from app.delivery.queries import access_of
from app.foundation.files import FileStore
from app.grants.commands import issue
from app.grants.commands.letters import Press
from app.grants.letter import letter
from app.grants.models import Grant
from app.grants.record import from_json
from app.grants.ways import way_words, ways_of
from app.organizations.models import Organization
from app.rules.vocabulary import AccessMode
from tests.factories.catalog import make_dataset
from tests.factories.changes import ask, seal
from tests.factories.grants import CONSORTIUM, NOW, director_of, make_decided, make_ready_cast
from tests.factories.organizations import acting
from tests.factories.proposals import Cast


def _mixed(session: Session, store: FileStore, press: Press) -> tuple[Cast, Grant]:
    cast = make_ready_cast(session, 1)
    partner = session.get_one(Organization, next(iter(cast.stewards)))
    chosen = [
        make_dataset(session, partner, title="Bus stops", access_mode=AccessMode.OPEN_API),
        make_dataset(session, partner, title="Trips", access_mode=AccessMode.INDICATOR_OR_MODEL),
    ]
    proposal = make_decided(session, cast, answers={"access_mode": "open_api"}, datasets=chosen)
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    seal(session, store, press, grant)
    return cast, grant


def test_the_letter_names_the_way_of_each_dataset_and_never_one_that_its_terms_do_not_offer(
    session: Session, store: FileStore, press: Press
) -> None:
    _cast, grant = _mixed(session, store, press)
    record = from_json(grant.record)
    assert [(way.mode, [each.title for each in way.datasets]) for way in ways_of(record)] == [
        ("open_api", ["Bus stops"]),
        ("indicator_or_model", ["Trips"]),
    ]
    (access,) = [row.text for row in letter(record, "t", "https://one.example").rows if row.label == "Access"]
    assert access.startswith(way_words(record))
    assert way_words(record).startswith("Open API (Bus stops); ")
    for way in ways_of(record):
        for each in way.datasets:
            assert way.mode in each.terms.value("access_modes")  # type: ignore[operator]


def test_the_delivery_has_the_steps_of_each_way_and_asks_for_what_any_of_them_needs(
    session: Session, store: FileStore, press: Press
) -> None:
    cast, grant = _mixed(session, store, press)
    commands.begin(session, grant.number, NOW)
    access = access_of(session, acting(session, cast.lead), grant, NOW)
    assert access is not None
    assert [way.titles for way in access.ways] == [("Bus stops",), ("Trips",)]
    assert access.path.may_hold_secret
    assert access.path.delivers_result
    assert len(access.path.steps) == sum(len(way.path.steps) for way in access.ways)


def test_such_a_grant_can_be_changed(session: Session, store: FileStore, press: Press) -> None:
    cast, grant = _mixed(session, store, press)
    assert ask(session, cast, grant, Wanted(drop=(from_json(grant.record).datasets[1].reference,))).kinds


def test_a_dataset_that_comes_in_another_way_can_be_added(session: Session, active: Grant, cast: Cast) -> None:
    partner = session.get_one(Organization, active.data_partner_id)
    other = make_dataset(session, partner, title="By interface", access_mode=AccessMode.OPEN_API)
    change = ask(session, cast, active, Wanted(add=(other.reference,)))
    assert change.kinds == ["add_datasets"]


def test_most_grants_have_one_way_and_say_it_without_their_datasets(granted: Grant) -> None:
    assert way_words(from_json(granted.record)) == "Secure transfer"
