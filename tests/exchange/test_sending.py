"""Of what an import brought, the drafts that lack nothing are found however many stand before them that lack something."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.catalog.completeness import NAMED, REQUIRED, missing
from app.catalog.models import Dataset
from app.catalog.queries import MOST_TOGETHER
from app.exchange.commands.import_runs import begin_import
from app.exchange.models import CatalogImport, ImportedListing
from app.exchange.queries.choices import Choices
from app.exchange.queries.imports import lacking_drafts, ready_drafts
from app.organizations.models import Organization, Person
from app.rules.roles import Role
from app.rules.vocabulary import Frequency, Visibility
from app.rules.workflow import ListingState
from tests.catalog.people import NOW, actor
from tests.factories.catalog import make_dataset, make_many
from tests.factories.uploads import make_upload

pytestmark = pytest.mark.both_databases


def draft(session: Session, acme: Organization, **more: object) -> Dataset:
    return make_dataset(session, acme, state=ListingState.DRAFT, listed_at=None, **more)  # type: ignore[arg-type]


def brought(session: Session, acme: Organization, steward: Person) -> CatalogImport:
    """An import that brought all that is there."""
    row = begin_import(
        session,
        actor(acme, Role.STEWARD, who=steward),
        acme,
        make_upload(session, acme, NOW).id,
        NOW,
        said=Choices(),
        publishes=False,
        is_trial=False,
    )
    links = [{"import_id": row.id, "dataset_id": one} for one in session.scalars(select(Dataset.id))]
    session.execute(insert(ImportedListing), links)
    return row


def test_ready_drafts_behind_many_that_lack_something_are_found(
    session: Session, acme: Organization, steward: Person
) -> None:
    make_many(session, draft(session, acme, countries=()), 1005)
    for _ in range(MOST_TOGETHER + 5):
        draft(session, acme, prefilled={"unit": "similar"})
    ready = [draft(session, acme).reference for _ in range(3)]
    assert [one.reference for one in ready_drafts(session, brought(session, acme, steward))] == ready


def test_no_more_than_one_beyond_what_is_sent_in_one_act_is_looked_for(
    session: Session, acme: Organization, steward: Person
) -> None:
    drafts = [draft(session, acme).id for _ in range(MOST_TOGETHER + 3)]
    found = ready_drafts(session, brought(session, acme, steward))
    assert [one.id for one in found] == drafts[: MOST_TOGETHER + 1]


LACKING: tuple[dict[str, object], ...] = (
    {"title": ""}, {"summary": ""}, {"description": ""}, {"unit": ""}, {"contact": ""}, {"keywords": []}, {"not_good_for": []},
    {"coverage_start": None}, {"access_mode": None, "collaborative_type": None}, {"sensitivity": None}, {"countries": ()},
    {"themes": ()}, {"conditions": {}}, {"conditions": {"k_min": 10}}, {"frequency": Frequency.UNKNOWN},
    {"visibility": Visibility.NAMED},
)  # fmt: skip


def test_drafts_that_lack_whichever_answer_are_found_and_no_others(
    session: Session, acme: Organization, steward: Person
) -> None:
    drafts = [draft(session, acme, **more) for more in LACKING]
    assert {each.field for one in drafts for each in missing(one)} == {one.field for one in (*REQUIRED, NAMED)}
    lacking = {one.reference for one in drafts if missing(one)}
    assert len(lacking) == len(LACKING)
    draft(session, acme)
    assert {one.reference for one in lacking_drafts(session, brought(session, acme, steward))} == lacking
