"""The index is derived: it follows by itself, can be deleted or damaged at any time, and never shows what is gone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.catalog.models import Dataset, ListingChange
from app.catalog.standing import admitted_to, audience_of, audiences_of
from app.organizations.models import Organization
from app.rules.actors import NOBODY, OPERATOR
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from app.search.engine import following
from app.search.engine.following import follow, index_state, last_change
from app.search.engine.shelf import Shelf, mended, place
from app.search.engine.snapshot import Broken, Snapshot
from app.search.queries import SearchRequest, search
from tests.catalog.people import actor, organization, partner
from tests.factories.catalog import make_dataset

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


@pytest.fixture
def shelf(session: Session, tmp_path: Path) -> Shelf:
    """An index in a folder, as an installation has it."""
    return place(session.get_bind().engine, tmp_path / "index")


def found(session: Session, text: str = "heat") -> list[str]:
    return [hit.dataset.title for hit in search(session, NOBODY, SearchRequest(text)).hits]


@pytest.mark.usefixtures("shelf")
def test_a_search_finds_what_was_just_written(session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, title="Heat by block")
    assert found(session) == ["Heat by block"]
    row.title = "Rain by block"
    session.add(ListingChange(dataset_id=row.id))
    session.flush()
    assert (found(session), found(session, "rain")) == ([], ["Rain by block"])


@pytest.mark.usefixtures("shelf")
def test_what_is_no_longer_offered_leaves_counts_and_rows(session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, title="Heat by block")
    assert found(session) == ["Heat by block"]
    row.state = ListingState.WITHDRAWN
    session.add(ListingChange(dataset_id=row.id))
    session.flush()
    page = search(session, NOBODY, SearchRequest("heat"))
    assert (page.hits, page.total) == ((), 0)


@pytest.mark.usefixtures("shelf")
def test_a_row_that_changed_unnoticed_is_not_shown(session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, title="Heat by block")
    assert found(session) == ["Heat by block"]
    row.visibility = Visibility.NAMED
    session.flush()
    page = search(session, NOBODY, SearchRequest("heat"))
    assert (page.hits, page.total) == ((), 0)


def test_a_deleted_index_is_made_again(session: Session, acme: Organization, shelf: Shelf) -> None:
    make_dataset(session, acme, title="Heat by block")
    assert found(session) == ["Heat by block"]
    assert shelf.folder is not None
    for path in sorted(shelf.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert found(session) == ["Heat by block"]


@pytest.mark.parametrize("damage", [b"", b"{}", b"not json", b'{"name": "elsewhere"}'])
def test_an_index_with_a_damaged_name_is_made_again(
    session: Session, acme: Organization, shelf: Shelf, damage: bytes
) -> None:
    make_dataset(session, acme, title="Heat by block")
    assert found(session) == ["Heat by block"]
    assert shelf.folder is not None
    (shelf.folder / "index.json").write_bytes(damage)
    assert found(session) == ["Heat by block"]


def test_an_index_with_damaged_files_is_made_again(session: Session, acme: Organization, shelf: Shelf) -> None:
    make_dataset(session, acme, title="Heat by block")
    assert found(session) == ["Heat by block"]
    assert shelf.folder is not None
    for path in shelf.folder.rglob("*"):
        if path.is_file() and path.name not in ("index.json", "lock"):
            # In place it would be cut short under those who still have it open, which ends a process (SIGBUS).
            damaged = path.with_name(f"{path.name}.damaged")
            damaged.write_bytes(b"\0" * 100)
            damaged.replace(path)
    place(session.get_bind().engine, shelf.folder)  # another process opens it
    assert found(session) == ["Heat by block"]


def test_an_index_that_breaks_while_it_is_asked_is_built_anew_and_asked_again_once(
    session: Session, acme: Organization, shelf: Shelf
) -> None:
    make_dataset(session, acme, title="Heat by block")
    states: list[Snapshot | None] = []

    def ask() -> list[str]:
        titles = found(session)
        states.append(shelf.current())
        if len(states) == 1:
            raise Broken("a file is gone")
        return titles

    assert mended(session, ask) == ["Heat by block"]
    assert states[0] is not states[1]
    with pytest.raises(Broken):
        mended(session, lambda: (_ for _ in ()).throw(Broken("a file is gone")))


def test_an_index_that_cannot_be_written_finds_nothing_and_says_so(
    session: Session, acme: Organization, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    place(session.get_bind().engine, tmp_path / "file" / "index")
    make_dataset(session, acme, title="Heat by block")
    page = search(session, NOBODY, SearchRequest("heat"))
    assert (page.total, page.is_behind) == (0, True)


def test_a_catalog_too_large_for_a_search_is_left_to_the_worker(
    session: Session, acme: Organization, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_SMALL_CATALOG", 1)
    for _ in range(2):
        make_dataset(session, acme, title="Heat by block")
    page = search(session, NOBODY, SearchRequest("heat"))
    assert (page.total, page.is_behind) == (0, True)
    assert index_state(session) == ("is not there", False)
    assert follow(session, shelf)
    assert len(found(session)) == 2


def test_an_index_of_a_later_state_was_left_over_from_before_a_restore(
    session: Session, acme: Organization, shelf: Shelf
) -> None:
    make_dataset(session, acme, title="Heat by block")
    assert found(session) == ["Heat by block"]
    session.query(ListingChange).delete()
    session.flush()
    assert index_state(session) == ("belongs to another database or an older version", False)
    follow(session, shelf, is_fresh=True)
    assert index_state(session)[1]


def test_two_processes_with_one_folder_see_what_the_other_wrote(
    session: Session, acme: Organization, shelf: Shelf
) -> None:
    make_dataset(session, acme, title="Heat by block")
    assert follow(session, Shelf(shelf.folder))
    held = shelf.current()
    assert held is not None
    assert held.held.position == last_change(session)
    make_dataset(session, acme, title="Heat by street")
    assert follow(session, Shelf(shelf.folder))
    assert len(found(session)) == 2


def test_a_lock_that_a_killed_process_left_does_not_stop_the_next(
    session: Session, acme: Organization, shelf: Shelf
) -> None:
    make_dataset(session, acme, title="Heat by block")
    assert found(session) == ["Heat by block"]
    program = (
        "import sys, time; from pathlib import Path; from app.search.engine.shelf import Shelf\n"
        "shelf = Shelf(Path(sys.argv[1])); held = shelf.current()\n"
        "with shelf.writing(5) as ours:\n"
        "    writer = shelf._index.writer(15_000_000, 1); print(ours, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(shelf.folder)], cwd=ROOT, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"True\n"
        with shelf.writing(0.1) as is_ours:
            assert not is_ours
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    make_dataset(session, acme, title="Heat by street")
    assert sorted(found(session)) == ["Heat by block", "Heat by street"]


def admitting(row: Dataset) -> frozenset[str]:
    return audience_of(row.visibility, row.organization_id, [each.organization_id for each in row.admitted])


def test_audiences_admit_exactly_whom_the_database_admits(session: Session, acme: Organization) -> None:
    member, other, both = (organization(session, kind) for kind in (Kind.MEMBER, Kind.MEMBER, Kind.BOTH))
    secretariat = organization(session, Kind.SECRETARIAT)
    rows = [
        make_dataset(session, owner, visibility=visibility, admitted=admitted)
        for owner in (acme, both)
        for visibility in Visibility
        for admitted in ([], [member], [member, both])
    ]
    viewers = [
        NOBODY, OPERATOR, actor(acme, Role.STEWARD), actor(member, Role.PROJECT_STAFF), actor(other, Role.SIGNATORY),
        actor(both, Role.FOCAL_POINT), actor(secretariat, Role.OFFICER), actor(secretariat, Role.REVIEWER),
    ]  # fmt: skip
    for viewer in viewers:
        own = audiences_of(viewer)
        by_index = {row.id for row in rows if own is None or own & admitting(row)}
        by_database = {row.id for row in session.query(type(rows[0])).filter(admitted_to(viewer))}
        assert by_index == by_database, viewer
