"""Duties for those who have to do with them, and who is next for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.duties.models import DeletionCertificate, DutyEvidence, DutyReport
from app.duties.queries.waits import is_overdue, reading_clock, wait_of
from app.foundation.errors import NotFound
from app.foundation.stored_files import StoredFile
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.grants.queries.turns import Turn, turn_on
from app.grants.sides import sides
from app.organizations.calendars import calendar_of
from app.proposals.models import ProposalVersion
from app.proposals.queries.versions import answers_of
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import Progress
from app.rules.duties import (
    BINDING,
    CERTIFICATE_FILE,
    DELETED_AT_THE_END,
    ENDED,
    FELL_AWAY,
    DutyKind,
    HowDone,
    how_done,
)
from app.rules.permissions import allowed
from app.rules.visibility import sees
from app.rules.workflow import DutyState, Machine

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


@dataclass(frozen=True)
class SeenDuty:
    """One duty with all that its page shows, for one viewer."""

    grant: Grant
    duty: Duty
    how: HowDone
    may: frozenset[Action]
    evidence: Sequence[DutyEvidence]
    report: DutyReport | None
    certificates: Sequence[DeletionCertificate]
    # The sealed documents of these, by their keys, as far as they are made.
    documents: Mapping[int, StoredFile]
    turn: Turn | None
    clock: Progress | None
    is_overdue: bool
    fell_away: bool


def duty_seen_by(session: Session, viewer: Actor, number: str, duty_id: int, now: datetime) -> SeenDuty:
    """One duty of a grant; raises NotFound for those who have no business with the grant."""
    duty = session.get(Duty, duty_id)
    grant = session.scalar(with_parties().where(Grant.number == number))
    if grant is None or duty is None or duty.grant_id != grant.id:
        raise NotFound(NOT_THERE)
    roles = sides(session, viewer, grant)
    if not sees(roles, Machine.GRANT, grant.state):
        raise NotFound(NOT_THERE)
    binds = grant.state in BINDING
    may = allowed(roles, Machine.DUTY, duty.state) if binds else frozenset()
    if is_for_the_end(grant, duty, now.astimezone(UTC).date()):
        may -= {Action.DO_DUTY}
    evidence = (
        select(DutyEvidence)
        .where(DutyEvidence.duty_id == duty.id)
        .order_by(DutyEvidence.id)
        .options(joinedload(DutyEvidence.file), joinedload(DutyEvidence.given_by))
    )
    signed = _certificates_of(session, duty)
    return SeenDuty(
        grant=grant,
        duty=duty,
        how=how_done(duty.kind),
        may=may,
        evidence=session.scalars(evidence).all(),
        report=session.scalar(select(DutyReport).where(DutyReport.duty_id == duty.id)),
        certificates=signed,
        documents=documents_of(session, signed),
        # What another grant carries on is done and read there.
        turn=turn_on(session, wait_of(grant, duty), now),
        clock=reading_clock(duty, now, calendar_of(session, grant.data_partner_id)) if binds else None,
        is_overdue=binds and is_overdue(duty, now.astimezone(UTC).date()),
        fell_away=fell_away(duty),
    )


def _certificates_of(session: Session, duty: Duty) -> Sequence[DeletionCertificate]:
    """The newest first; where one came back, another was signed."""
    found = select(DeletionCertificate).where(DeletionCertificate.duty_id == duty.id)
    newest_first = found.order_by(DeletionCertificate.id.desc())
    return session.scalars(newest_first.options(joinedload(DeletionCertificate.signed_by))).all()


def duties_of(session: Session, grant: Grant) -> Sequence[Duty]:
    """Every duty of a grant: those with a day in the order of days, then those that hold always."""
    rows = session.scalars(select(Duty).where(Duty.grant_id == grant.id)).all()
    return sorted(rows, key=lambda duty: (duty.due_on is None, duty.due_on or date.max, duty.id))


def first_overdue(session: Session, viewer: Actor, number: str, now: datetime) -> Duty | None:
    """What of a grant has been overdue for longest; None where nothing is. Raises NotFound as `duty_seen_by`."""
    grant = session.scalar(select(Grant).where(Grant.number == number))
    if grant is None or not sees(sides(session, viewer, grant), Machine.GRANT, grant.state):
        raise NotFound(NOT_THERE)
    today = now.astimezone(UTC).date()
    found = duties_of(session, grant) if grant.state in BINDING else ()
    return next((duty for duty in found if is_overdue(duty, today)), None)


def fell_away(duty: Duty) -> bool:
    """Whether nobody has to do it, as the use ended before its day. A waiver has the data partner's own words."""
    return duty.state is DutyState.WAIVED and duty.words == FELL_AWAY


def is_for_the_end(grant: Grant, duty: Duty, today: date) -> bool:
    """Whether it is the deletion of all data of a grant that has not ended: it cannot be certified yet."""
    is_last = duty.kind == DutyKind.DELETE and duty.round == DELETED_AT_THE_END
    return is_last and grant.state not in ENDED and today <= grant.ends_on


def report_start(session: Session, grant: Grant, report: DutyReport | None) -> dict[str, object]:
    """What the report's form begins with: what was written so far, and the proposal's own indicators with baseline and target."""
    kept: dict[str, object] = dict(report.content) if report else {}
    if not kept.get("indicators"):
        version = session.get_one(ProposalVersion, grant.proposal_version_id)
        rows = answers_of(version.content).get("indicators")
        kept["indicators"] = [dict(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return kept


def certificate_by_hash(session: Session, sha256: str) -> DeletionCertificate | None:
    """The certificate whose text has this hash."""
    found = select(DeletionCertificate).where(DeletionCertificate.body_sha256 == sha256)
    return session.scalar(found.options(joinedload(DeletionCertificate.grant)).limit(1))


def certificate_of_document(session: Session, sha256: str) -> DeletionCertificate | None:
    """The certificate whose sealed document has exactly these bytes."""
    file = session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256, StoredFile.thing == CERTIFICATE_FILE))
    if file is None:
        return None
    found = select(DeletionCertificate).where(DeletionCertificate.id == int(file.thing_ref))
    return session.scalar(found.options(joinedload(DeletionCertificate.grant)))


def document_of(session: Session, row: DeletionCertificate) -> StoredFile | None:
    """The sealed document of a certificate; None until the worker has made it."""
    return documents_of(session, [row]).get(row.id)


def documents_of(session: Session, rows: Sequence[DeletionCertificate]) -> dict[int, StoredFile]:
    """The sealed documents of these certificates, by the certificates' keys."""
    refs = [str(row.id) for row in rows]
    found = select(StoredFile).where(StoredFile.thing == CERTIFICATE_FILE, StoredFile.thing_ref.in_(refs))
    return {int(file.thing_ref): file for file in session.scalars(found)} if refs else {}


def with_parties() -> Select[Grant]:
    """A grant with its two parties, to be narrowed."""
    return select(Grant).options(joinedload(Grant.data_partner), joinedload(Grant.member))
