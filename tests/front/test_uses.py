"""What everyone may know of the uses of a dataset, and how long answers on it took."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.foundation.files import FileStore
from app.front.uses import PublicUses
from app.grants.models import Grant, GrantDataset
from app.rules.actors import NOBODY
from app.rules.vocabulary import Visibility
from app.rules.workflow import GrantState, ProposalState
from app.web.words import day
from tests.factories.grants import NOW, make_active, make_issued, press_in
from tests.factories.proposals import make_cast, make_proposal

KNOWN = PublicUses()


@pytest.fixture(autouse=True)
def at_the_time_of_the_story() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def active(session: Session, tmp_path: Path) -> Grant:
    """A grant in force on one dataset."""
    return make_active(session, FileStore("memory:///"), press_in(tmp_path))


def dataset_of(session: Session, grant: Grant) -> Dataset:
    return session.scalars(
        select(Dataset)
        .join(GrantDataset, GrantDataset.dataset_id == Dataset.id)
        .where(GrantDataset.grant_id == grant.id)
    ).one()


def test_a_grant_in_force_is_a_use_on_the_page_of_its_dataset(
    session: Session, active: Grant, client: FlaskClient
) -> None:
    dataset = dataset_of(session, active)
    session.commit()
    text = client.get(f"/datasets/{dataset.reference}", follow_redirects=True).get_data(as_text=True)
    assert active.title in text
    assert f"/register/{active.number}" in text
    assert "one use so far" in client.get("/datasets").get_data(as_text=True)
    assert KNOWN.in_force(session, dataset.id) == 1


@pytest.mark.parametrize(("closed", "last"), [(timedelta(days=30), 0), (timedelta(days=-30), -30)])
def test_a_use_lasted_until_its_grant_ended_whenever_it_was_closed(
    app: Flask, session: Session, active: Grant, closed: timedelta, last: int
) -> None:
    dataset = dataset_of(session, active)
    end = datetime.combine(active.ends_on, time(12), UTC)
    active.state, active.state_since = GrantState.CLOSED, end + closed
    session.flush()
    with time_machine.travel(end + timedelta(days=60)), app.test_request_context():
        (use,) = KNOWN.uses_of(session, NOBODY, dataset.id)
        assert use.until == day(active.ends_on + timedelta(days=last))


def test_a_grant_whose_letter_is_not_sealed_yet_is_no_use(session: Session) -> None:
    dataset = dataset_of(session, make_issued(session)[0])
    assert KNOWN.use_counts(session, [dataset.id]) == {}
    assert list(KNOWN.uses_of(session, NOBODY, dataset.id)) == []
    assert KNOWN.in_force(session, dataset.id) == 0


def test_a_use_that_the_register_does_not_name_is_not_named_here(session: Session, active: Grant) -> None:
    dataset = dataset_of(session, active)
    dataset.visibility = Visibility.MEMBERS
    session.flush()
    assert list(KNOWN.uses_of(session, NOBODY, dataset.id)) == []


def test_waits_are_told_for_each_dataset_that_was_answered_on(session: Session) -> None:
    cast = make_cast(session)
    asked = [dataset.id for dataset in cast.datasets]
    for count in range(1, 4):
        assert KNOWN.waits(session, asked) == {}, f"{count - 1} answers are too few to tell"
        make_proposal(session, ProposalState.DECIDED, cast=cast)
    waits = KNOWN.waits(session, [*asked, 0])
    assert set(waits) == set(asked)
    assert all(wait.count == 3 and wait.low == wait.median == wait.high for wait in waits.values())
