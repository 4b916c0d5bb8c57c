"""What a migration makes of rows that are there."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.changes.commands import handing, remind_of_offers
from app.exchange.models import CatalogImport, HarvestRun, HarvestSource, ImportChoice, KeptChoice
from app.exchange.queries.choices import Choices, choices_in
from app.foundation.database import make_engine
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile
from app.grants.models import Grant, SubGrant
from app.organizations.models import Person
from app.rules.harvests import NewOnes, RunState, Schedule
from app.rules.publishers import Answer
from app.rules.roles import Role
from app.rules.workflow import HarvestState
from tests.catalog.people import NOW, partner, person
from tests.changes.test_handovers import asked
from tests.factories.grants import NOW as GRANTED
from tests.factories.grants import make_active, make_ready_cast, press_in
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import Cast
from tests.support import run
from tests.support.databases import DatabaseMaker, migrate


def under_way(engine: Engine) -> None:
    """An import by page, one by program and a reading of a source, with corrections of their file and of every one."""
    with Session(engine) as session:
        acme = partner(session)
        steward = person(session, acme, Role.STEWARD)
        file = StoredFile(
            key="k", sha256="0" * 64, size=1, media_type="text/csv", filename="a.csv", thing="import",
            thing_ref=acme.slug, stored_at=NOW,
        )  # fmt: skip
        source = HarvestSource(
            reference="HS-1", organization_id=acme.id, name="A", address="https://a.example/", schedule=Schedule.WEEKLY,
            new_ones=NewOnes.DRAFT, state=HarvestState.ON, state_since=NOW, created_at=NOW,
        )  # fmt: skip
        session.add_all([file, source])
        session.flush()
        session.add(HarvestRun(source_id=source.id, state=RunState.FOUND, started_at=NOW))
        session.add(KeptChoice(organization_id=acme.id, columns={"thema": "title"}, publishers={"Old": "leave"}))
        session.add(ImportChoice(file_id=file.id, columns={"que": "unit"}, publishers={"Old": "ours"}, sheet="B"))
        for by_page in (True, False):
            session.add(
                CatalogImport(
                    organization_id=acme.id, person_id=steward.id, file_id=file.id, authentication="x", by_page=by_page,
                    is_trial=False, publishes=False, begun_at=NOW,
                )
            )  # fmt: skip
        session.commit()


def test_what_is_under_way_goes_on_with_what_held_when_runs_began_to_keep_it(
    database_kind: str, make_database: DatabaseMaker
) -> None:
    engine = make_engine(make_database(database_kind))
    under_way(engine)
    newest = int((run.ROOT / "migrations" / "HEAD").read_text(encoding="utf-8")[:4])
    migrate(engine, f"-{newest - 22}")
    migrate(engine)
    kept = Choices(kept={"thema": "title"}, publishers={"Old": Answer.LEAVE})
    with Session(engine) as session:
        by_page, by_program = (
            choices_in(row.said) for row in session.scalars(select(CatalogImport).order_by(CatalogImport.id))
        )
        assert by_page == Choices({"que": "unit"}, "B", {"thema": "title"}, {"Old": Answer.OURS})
        assert by_program == kept
        assert choices_in(session.scalars(select(HarvestRun)).one().said) == kept
    engine.dispose()


def test_the_recipient_of_an_offer_is_reminded_from_the_beginning_whatever_its_signatory_was_reminded_of(
    database_kind: str, make_database: DatabaseMaker, tmp_path: Path
) -> None:
    engine = make_engine(make_database(database_kind))
    with Session(engine) as session:
        cast = make_ready_cast(session, 1)
        grant = make_active(session, FileStore("memory:///"), press_in(tmp_path), cast)
        signatory = make_person(session, cast.member, Role.SIGNATORY, name="Helena Voss")
        reminded, left_over = (offered(session, cast, grant, signatory) for _each in range(2))
        assert remind_of_offers(session, GRANTED + timedelta(days=4)) == 2
        numbers, share = (reminded.number, left_over.number), reminded.reminded
        # As if this one had been offered after its signatory was reminded, when signing kept the share.
        left_over.state_since = GRANTED + timedelta(days=5)
        session.commit()
    newest = int((run.ROOT / "migrations" / "HEAD").read_text(encoding="utf-8")[:4])
    migrate(engine, f"-{newest - 32}")
    migrate(engine)
    with Session(engine) as session:
        shares = dict(session.execute(select(SubGrant.number, SubGrant.reminded)).all())
    assert [shares[number] for number in numbers] == [share, None]


def offered(session: Session, cast: Cast, grant: Grant, signatory: Person) -> SubGrant:
    row = handing.hand_over(session, acting(session, cast.lead), grant.number, asked(cast), GRANTED)
    return handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, GRANTED)
