"""Bringing in what was chosen of a reading: by the importer, and by the commands that a steward would use on each listing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.accession import may_list
from app.catalog.commands import send_together
from app.catalog.commands.checking import pause, resume
from app.catalog.models import Dataset
from app.catalog.queries import is_ready
from app.catalog.queries.listings import whole
from app.catalog.standing import lists_unchecked
from app.exchange.commands.harvest_runs import bring_in_what_was_chosen, end_taking
from app.exchange.commands.harvest_sources import locked_source
from app.exchange.commands.importing import allow_import, import_rows
from app.exchange.foreign import Described
from app.exchange.models import Finding, HarvestedDataset, HarvestRun, HarvestSource
from app.foundation.errors import DomainError, NotAllowed
from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.harvests import Answer, Kind, NewOnes, as_allowed
from app.rules.workflow import is_possible

# So many are brought in by one message: short enough that others can write in between.
PART = 100
_GONE = N_("No longer in the catalog that the data partner offers at %(address)s.")
_IN_FILE = frozenset({Kind.CREATED, Kind.CHANGED, Kind.BACK})
_PUBLISHES = frozenset({NewOnes.PUBLISH})
_CHECKS = frozenset({NewOnes.CHECK})


def chosen(session: Session, run_id: int) -> list[Finding]:
    """What is brought in next, in the order of the file."""
    wanted = select(Finding).where(Finding.run_id == run_id, Finding.answer == Answer.CHOSEN)
    return list(session.scalars(wanted.order_by(Finding.row, Finding.id).limit(PART)))


def take_part(session: Session, actor: Actor, run_id: int, rows: Mapping[int, Described], now: datetime) -> None:
    """Bring in the next part of what was chosen, and ask for the one after it.

    Args:
        actor: whoever chose, with the rights of this moment. Where they no longer list for the organization, it waits again.
        rows: those of the file that `chosen` names, by their place in it.
    """
    run = session.get_one(HarvestRun, run_id)
    reference = session.scalars(select(HarvestSource.reference).where(HarvestSource.id == run.source_id)).one()
    source = locked_source(session, reference)
    run = session.get_one(HarvestRun, run_id, with_for_update=True, populate_existing=True)
    part = chosen(session, run_id)
    try:
        allow_import(session, actor, source.organization, now, publish=False)
    except NotAllowed as error:
        _give_back(session, run, error.message)
        return
    listed = [one for one in part if one.kind in _IN_FILE]
    _bring_in(session, actor, source, listed, rows, now)
    taken = [(one, _settle(session, actor, source, one, now)) for one in part if one.answer is Answer.CHOSEN]
    new = [(one, dataset) for one, dataset in taken if dataset is not None and one.kind is Kind.CREATED]
    _send(session, actor, source, new, now)
    session.flush()
    if chosen(session, run_id):
        bring_in_what_was_chosen(session, source, run, actor.person_id, actor.authentication, now)
    else:
        end_taking(session, run)


def _give_back(session: Session, run: HarvestRun, problem: str) -> None:
    for finding in session.scalars(select(Finding).where(Finding.run_id == run.id, Finding.answer == Answer.CHOSEN)):
        finding.answer, finding.problem = Answer.WAITING, problem
    end_taking(session, run)


def _bring_in(
    session: Session,
    actor: Actor,
    source: HarvestSource,
    findings: Sequence[Finding],
    rows: Mapping[int, Described],
    now: datetime,
) -> None:
    """Through the importer; a row that it refuses is told with its finding and takes no other with it."""
    publishes = _new_ones(actor, source) in _PUBLISHES and may_list(session, source.organization, now)
    for is_new in (True, False):
        some = {one.row: one for one in findings if (one.kind is Kind.CREATED) is is_new}
        wanted = [rows[place] for place in some if place in rows]
        result = import_rows(session, actor, source.organization, wanted, now, publish=is_new and publishes)
        for refused in result.refused:
            if refused.row in some:
                _refuse(some[refused.row], refused.problem, refused.remedy)
    for finding in findings:
        if finding.row not in rows:
            _refuse(finding, N_("The row is no longer in the file that was read."), N_("Read the source again."))


def _settle(session: Session, actor: Actor, source: HarvestSource, finding: Finding, now: datetime) -> Dataset | None:
    """Let the listing follow what was found. Returns it; None where that is refused."""
    here = whole().where(Dataset.organization_id == source.organization_id)
    is_known = Dataset.id == finding.dataset_id if finding.dataset_id else Dataset.identifier == finding.identifier
    dataset = session.scalar(here.where(is_known))
    if dataset is None:
        _refuse(finding, N_("There is no such listing any more."), N_("Read the source again."))
        return None
    link = session.get(HarvestedDataset, (source.id, dataset.id))
    if link is None:
        link = HarvestedDataset(source_id=source.id, dataset_id=dataset.id)
        session.add(link)
    try:
        with session.begin_nested():
            _follow(session, actor, source.address, finding, dataset, link, now)
    except DomainError as error:
        _refuse(finding, error.message, "")
        return None
    finding.dataset_id, finding.answer = dataset.id, Answer.TAKEN
    return dataset


def _send(
    session: Session, actor: Actor, source: HarvestSource, new: Sequence[tuple[Finding, Dataset]], now: datetime
) -> None:
    """Send new drafts that lack nothing to the check, in one act, where the source is to do so."""
    ready = {dataset.reference: finding for finding, dataset in new if is_ready(dataset)}
    if not ready or _new_ones(actor, source) not in _CHECKS or not may_list(session, source.organization, now):
        return
    try:
        with session.begin_nested():
            send_together(session, actor, list(ready), now)
    except DomainError as error:
        for finding in ready.values():
            _refuse(finding, error.message, "")


def _follow(
    session: Session,
    actor: Actor,
    address: str,
    finding: Finding,
    dataset: Dataset,
    link: HarvestedDataset,
    now: datetime,
) -> None:
    """What becomes of the listing besides its texts."""
    if finding.kind is Kind.VANISHED:
        if is_possible(Action.PAUSE_LISTING, dataset.state):
            pause(session, actor, dataset.reference, _GONE % {"address": address}, now)
            link.paused_at = now
        link.is_there = False
        return
    if link.paused_at is not None and is_possible(Action.RESUME_LISTING, dataset.state):
        resume(session, actor, dataset.reference, now)
    link.is_there, link.paused_at = True, None


def _new_ones(actor: Actor, source: HarvestSource) -> NewOnes:
    return as_allowed(source.new_ones, unchecked=lists_unchecked(actor, source.organization))


def _refuse(finding: Finding, problem: str, remedy: str) -> None:
    finding.answer, finding.problem, finding.remedy = Answer.REFUSED, problem, remedy
