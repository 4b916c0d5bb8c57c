"""What follows from harvesting: sources are read when their day comes, what was chosen is brought in, stewards are told."""

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.exchange.commands.comparing import compare
from app.exchange.commands.findings import MOST_REMARKS
from app.exchange.commands.harvest_runs import (
    TAKE_MESSAGE,
    Reading,
    note_failure,
    note_found,
    note_unchanged,
)
from app.exchange.commands.harvest_sources import READ_MESSAGE, read_what_is_due
from app.exchange.commands.harvest_taking import chosen, take_part
from app.exchange.commands.remarking import about_reading, as_lines, keep_remarks
from app.exchange.foreign import described
from app.exchange.foreign.opening import opened
from app.exchange.models import HarvestRun, HarvestSource
from app.exchange.queries.choices import choices_in, choices_of
from app.exchange.queries.harvests import awaited
from app.foundation.base import JSONObject
from app.foundation.outgoing import Fetched, Fetcher, Known, NotFetched, allowed_networks
from app.foundation.stored_files import StoredFile, store_file
from app.history.queries import Happening
from app.organizations.calendars import calendar_of
from app.organizations.naming import named_for
from app.organizations.queries import stewards_of
from app.reactions.catalog import acting_for
from app.reactions.mail import Recipient, write_mail
from app.reactions.readings import READINGS, Rows
from app.reactions.work import Apply, Handler, Job, Reaction, Work
from app.readers import Unreadable
from app.rules import publishers
from app.rules.calendar import Wait, progress
from app.rules.events import Event
from app.rules.harvests import RunState

MOST_ROWS = 20_000
_AT_ONE_READING = frozenset({RunState.OPEN})


def read_source(work: Work, payload: JSONObject) -> Apply | None:
    """Fetch a source and compare it with what is listed; what was found is written down in one transaction."""
    with work.reading() as session:
        run = session.get(HarvestRun, int(str(payload["run"])), options=[joinedload(HarvestRun.source)])
    if run is None or run.state not in _AT_ONE_READING:
        return None
    source, is_by_hand = run.source, run.asked_by_id is not None
    known = Known() if is_by_hand else Known(source.etag, source.modified)
    try:
        came = Fetcher(allowed_networks(str(work.settings["HARVEST_NETWORKS"]))).fetch(source.address, known)
        data = came.data
        if data is None or (sha256(data).hexdigest() == source.sha256 and not is_by_hand):
            return lambda session: note_unchanged(session, run.id, work.now)
        return take_in(work, run, came, data)
    except NotFetched as error:
        problem, is_lasting = error.message, error.is_lasting
    except Unreadable as error:
        problem, is_lasting = f"{error.problem} {error.remedy}", True
    return lambda session: note_failure(session, run.id, problem, work.now, is_lasting=is_lasting)


def take_in(work: Work, run: HarvestRun, came: Fetched, data: bytes) -> Apply:
    """Compare what came with what is listed, and write down what was found.

    Raises:
        Unreadable: it is no catalog, or one with too many datasets.
    """
    with work.reading() as session:
        said = choices_of(session, run.source.organization_id)
        catalog = opened(data, kept=said.kept)
        left = {name for name, answer in said.publishers.items() if answer is publishers.Answer.LEAVE}
        rows, is_part = described(catalog.entries), bool(catalog.part)
        compared = compare(session, run.source, rows, left, work.now, MOST_ROWS, is_part)
    if not compared.rows:
        raise Unreadable("There is no dataset in it.", "Give the address of the catalog itself.")

    def apply(session: Session) -> None:
        name = run.source.reference
        stored = store_file(
            session, work.files, data, f"{name}.catalog", "application/octet-stream", ("harvest", name), work.now
        )
        marks = came.known
        reading = Reading(catalog.form, stored.id, stored.sha256, marks.etag, marks.modified, compared, said)
        note_found(session, run.id, reading, work.now)
        if len(compared.remarks) > MOST_REMARKS:
            keep_remarks(session, work.files, as_lines(compared.remarks), about_reading(run.id), work.now)

    return apply


def bring_in(work: Work, payload: JSONObject) -> Apply | None:
    """The next part of what was chosen, from the file that was read then."""
    run_id = int(str(payload["run"]))
    with work.reading() as session:
        run = session.get_one(HarvestRun, run_id)
        stored = session.get(StoredFile, run.file_id or 0)
        places = {finding.row for finding in chosen(session, run_id) if finding.row}
        said = choices_in(run.said)

    def begin() -> Rows:
        data = work.files.get(stored.key) if stored else b""
        return described(opened(data, kept=said.kept).entries)

    key = (run_id, stored.sha256 if stored else "", tuple(said.kept.items()))
    rows = READINGS.those(key, begin, places) if stored else {}

    def apply(session: Session) -> None:
        take_part(session, acting_for(session, payload), run_id, rows, work.now)

    return apply


def tell_what_was_found(session: Session, happening: Happening, work: Work) -> None:
    """To the one who is asked: changes wait to be looked at, by this day."""
    source = _source(session, happening)
    days = calendar_of(session, source.organization_id)
    due = progress(Wait.FOUND_CHANGES, happening.at, happening.at, calendar=days).due
    link = f"/desk/harvests/{source.reference}/runs/{happening.facts.get('run')}"
    counts = happening.facts.get("counts")
    known = counts if isinstance(counts, Mapping) else {}
    context = {
        "number": int(str(happening.facts.get("number", 0))), "due": due,
        **{kind: int(str(known.get(kind, 0))) for kind in ("created", "changed", "vanished", "back", "refused")},
    }  # fmt: skip
    _write(session, work, source, "harvest_found", context, link)


def tell_that_it_failed(session: Session, happening: Happening, work: Work) -> None:
    """To the one who is asked: the source could not be read, and why."""
    source = _source(session, happening)
    context = {"problem": str(happening.facts.get("reason", "")), "address": source.address}
    _write(session, work, source, "harvest_failed", context, f"/desk/harvests/{source.reference}")


def tell_that_it_is_over(session: Session, happening: Happening, work: Work) -> None:
    """To the one who is asked: the source was given up for them, and why. Who gives one up themselves knows it."""
    reason = happening.facts.get("reason")
    if reason:
        source = _source(session, happening)
        context = {"reason": str(reason), "address": source.address}
        _write(session, work, source, "harvest_ended", context, f"/desk/harvests/{source.reference}")


def _source(session: Session, happening: Happening) -> HarvestSource:
    wanted = select(HarvestSource).where(HarvestSource.reference == happening.ref)
    return session.scalars(wanted.options(joinedload(HarvestSource.organization))).one()


def _write(
    session: Session,
    work: Work,
    source: HarvestSource,
    template: str,
    context: Mapping[str, object],
    link: str,
) -> None:
    named = next(iter(named_for(session, [awaited(source)]).values()), None)
    if named is None:
        return
    person = named.first
    is_own = person.person_id in {one.id for one in stewards_of(session, source.organization_id)}
    values = {"title": source.name, "partner": source.organization.name, "nobody_lists": not is_own, **context}
    write_mail(session, work, template, Recipient(person.name, person.email), values, source.reference, link)


HANDLERS: dict[str, Handler] = {READ_MESSAGE: read_source, TAKE_MESSAGE: bring_in}
SCHEDULE: tuple[Job, ...] = (read_what_is_due,)
REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.HARVEST_FOUND: (tell_what_was_found,),
    Event.HARVEST_FAILED: (tell_that_it_failed,),
    Event.HARVEST_ENDED: (tell_that_it_is_over,),
}
