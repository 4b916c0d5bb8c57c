"""Brings the consortium as far as every example begins with: work in every stage, done by the people whose it is."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, update

import config
from app.catalog.commands import create, publish, save_page, send_to_check
from app.factory import create_app
from app.foundation.database import make_engine
from app.foundation.files import FileStore
from app.grants.commands import activate
from app.grants.commands.letters import Press, sealed_letter
from app.letters.keys import ensure_keys
from app.letters.seal import Sealed
from app.organizations.models import Organization
from app.outbox.models import MessageState, OutboxMessage
from app.rules.workflow import ListingState
from tests.machine.act import Act, Do
from tests.machine.acts import AREAS
from tests.machine.acts.promises import keep_drafts
from tests.machine.consortium import BEGINS, DATASETS, make_people, pages
from tests.machine.elsewhere import Elsewhere, elsewhere
from tests.machine.exercised import Tally
from tests.machine.machine import Stage
from tests.machine.world import CONSORTIUM, World
from tests.support.sites import LOOPBACK

SECRETS = {"SECRET_KEY": secrets.token_hex(32), "SEAL_PASSPHRASE": secrets.token_hex(32)}
PASSPHRASE = "a passphrase for tests only"


@contextmanager
def staged(url: str, folder: Path) -> Iterator[Stage]:
    """The consortium in an empty, migrated database, with the application that its worker's handlers run in."""
    engine, files = make_engine(url), FileStore("memory:///")
    said = {"ONEPACT_HOME": str(folder), "DATABASE_URL": url, "HARVEST_NETWORKS": LOOPBACK, **SECRETS}
    app = create_app(config.read(said))
    try:
        with elsewhere() as catalog:
            yield Stage(engine, files, found(engine, files, folder / "keys", app, catalog), app, catalog, Tally())
    finally:
        engine.dispose()


def found(engine: Engine, files: FileStore, folder: Path, app: Flask, catalog: Elsewhere) -> Sealed:
    """Write the consortium into an empty database and commit it; returns the letter that stands in for every letter."""
    press = _press(folder)
    with engine.connect() as connection, connection.begin():
        world = World(connection, files, Sealed(b"", "", "", BEGINS, ""), BEGINS, app, catalog)
        with world.rows.listening():
            refused = world.transaction(lambda: make_people(world.session))
            assert refused is None
            _join(world)
            _list(world)
            _then(world, lambda: keep_drafts(world))
            letter = world.letter = _propose(world, press)
            _go_on(world)
            _work_off(world)
            return letter


def _work_off(world: World) -> None:
    """What was enqueued so far counts as done, so that the examples' worker begins with what happens in them."""
    done = {"state": MessageState.DONE, "done_at": world.now}
    _then(world, lambda: world.session.execute(update(OutboxMessage).values(**done)))


def _press(folder: Path) -> Press:
    ensure_keys(folder, PASSPHRASE, CONSORTIUM, datetime.now(UTC))
    return Press(folder, PASSPHRASE, None, "https://data.meridian.example")


def _act(area: str, name: str) -> Act:
    return next(act for act in AREAS[area] if act.name == name)


def _do(world: World, area: str, name: str, who: str, ref: str, more: object = None) -> None:
    world.now += timedelta(minutes=7)
    refused = world.attempt(_act(area, name), Do(who, ref, more))
    assert refused is None, f"{name} by {who} on {ref}: {refused}"


def _then(world: World, work: Callable[[], object]) -> None:
    world.now += timedelta(minutes=7)
    refused = world.transaction(work)
    assert refused is None, refused


def _join(world: World) -> None:
    """One member signs here, the others on paper; one member has yet to sign."""
    _do(world, "accessions", "open accession", "fenna", "coastal", "member")
    opened = world.rows.all("accession")[0].reference
    _do(world, "accessions", "sign", "fenna", opened)
    _do(world, "accessions", "countersign", "jonas", opened)
    _do(world, "accessions", "open accession", "tobi", "tidal", "member")
    second = world.rows.all("accession")[1].reference
    _do(world, "accessions", "sign", "tobi", second)
    _do(world, "accessions", "countersign", "ines", second)
    for slug in ("acme", "paloma", "tidal"):
        _do(world, "accessions", "record paper", "jonas", slug)
    _do(world, "accessions", "open accession", "hugo", "harbor", "member")
    for name, focal, slug in (("rosa", "fenna", "coastal"), ("marta", "fenna", "coastal"), ("tess", "tobi", "tidal")):
        _do(world, "teams", "vouch", focal, slug, world.view().people[name].id)


def _list(world: World) -> None:
    for listed, steward in zip(DATASETS, ("lucia", "lucia", "pia", "tess", "lucia"), strict=True):

        def write(owner: str = listed.owner, who: str = steward, title: str = listed.title) -> None:
            session, actor = world.session, world.actor(who)
            at = next(row.id for row in world.rows.all("organization") if row.slug == owner)
            row = create(session, actor, session.get_one(Organization, at), world.now, title)
            for page in pages(next(each for each in DATASETS if each.title == title)):
                save_page(session, actor, row.reference, page, world.now)
            if next(each for each in DATASETS if each.title == title).is_listed:
                send_to_check(session, actor, row.reference, world.now)
                publish(session, world.actor("jonas"), row.reference, world.now)

        _then(world, write)


def _propose(world: World, press: Press) -> Sealed:
    streets, bicycles, shops, coast = (
        row.reference for row in world.rows.all("dataset") if row.state is ListingState.LISTED
    )
    stages: Sequence[tuple[str, tuple[str, ...], tuple[tuple[str, str, str, str], ...]]] = (
        ("rosa", (streets, shops), ()),
        ("marta", (streets,), (_SEND,)),
        ("marta", (streets, shops), (_SEND, _PASS)),
        ("marta", (bicycles,), (_SEND, _PASS, ("steps", "vote", "rolf", ""), ("steps", "vote", "rita", ""))),
        ("rosa", (streets, shops), (_SEND, _PASS, ("items", "approve", "lucia", streets), _SUGGEST, _ASK)),
        ("rosa", (streets,), (_SEND, _PASS, ("items", "approve with conditions", "lucia", streets))),
        (
            "rosa",
            (streets, coast),
            (
                _SEND,
                _PASS,
                _ETHICS,
                _LAW,
                ("items", "approve", "tom", streets),
                ("items", "approve", "tess", coast),
                _ISSUE,
            ),
        ),
        ("rosa", (coast,), (_SEND, _PASS)),
        ("marta", (streets,), (_SEND, _PASS, ("items", "approve", "lucia", streets), _ISSUE)),  # in a crisis
    )
    for number, (lead, datasets, steps) in enumerate(stages, 1):
        if number == len(stages):
            _do(world, "steps", "declare crisis", "helena", "secretariat")
        _do(world, "proposals", "start", lead, "coastal", datasets)
        reference = world.rows.all("proposal")[-1].reference
        if _ETHICS in steps:  # its grants begin tomorrow
            _do(world, "proposals", "answer", lead, reference, "soon")
        if number == len(stages):  # for longer than its data partner's leaving would let it run
            _do(world, "proposals", "answer", lead, reference, "long")
        for area, name, who, dataset in steps:
            ref = f"{reference}/{dataset}" if dataset else reference
            _do(world, area, name, who or lead, ref)
    first = world.rows.all("grant")[0]
    letter = sealed_letter(press, first.record, first.verify_token, datetime.now(UTC))
    _then(world, lambda: activate(world.session, world.files, first.number, letter, world.now))
    return letter


def _go_on(world: World) -> None:
    """Something of each kind is on its way, so that every next step is one act away."""
    world.now += timedelta(days=1)
    first = world.rows.all("proposal")[0].reference
    read = world.rows.all("proposal")[2].reference
    grant, second = (row.number for row in world.rows.all("grant")[:2])
    duty = next(row.id for row in world.rows.all("duty") if row.kind not in {"delete", "clear_output"})
    marta = world.view().people["marta"].id
    for area, name, who, ref, more in (
        ("promises", "begin delivery", "system", grant, None),
        ("promises", "provide access", "lucia", grant, None),
        ("promises", "do duty", "rosa", str(duty), None),
        ("promises", "submit output", "rosa", grant, None),
        ("promises", "report incident", "rosa", grant, "near miss"),
        ("changes", "ask for change", "rosa", grant, "elsewhere"),
        ("changes", "check change", "jonas", "GC-2026-0001", None),
        ("changes", "approve change", "lucia", "GC-2026-0001", None),
        ("grants", "seal", "system", second, None),
        ("handovers", "hand data over", "rosa", grant, None),
        ("consents", "write consent", "lucia", "acme", None),
        ("consents", "write consent", "pia", "paloma", None),
        ("consents", "try consent", "pia", "SC-0002", None),
        ("consents", "switch on", "pia", "SC-0002", None),
        ("steps", "suggest", "lucia", read, None),
        ("proposals", "add to team", "rosa", first, "otto"),
        ("teams", "name co-applicant", "rosa", first, "tidal"),
        ("teams", "offer lead", "rosa", first, marta),
        ("teams", "ask for card", "vera", "coastal", None),
    ):
        _do(world, area, name, who, ref, more)


_SEND = ("proposals", "send", "", "")
_PASS = ("proposals", "pass intake", "jonas", "")
_ASK = ("proposals", "ask for changes", "pia", "")
_SUGGEST = ("steps", "suggest", "lucia", "")
_ETHICS = ("steps", "pass step", "elio", "")
_LAW = ("steps", "pass step", "lena", "")
_ISSUE = ("items", "issue", "helena", "")
