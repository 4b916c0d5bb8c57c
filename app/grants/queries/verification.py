"""What was issued: by the bytes of a file, by a number, by the code on a letter. Anyone asks, so it tells what they hold."""

import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.agreements.models import Accession
from app.foundation.stored_files import StoredFile
from app.grants.models import Grant, SubGrant
from app.grants.record import Record, from_json
from app.letters.inspect import inspect
from app.letters.keys import Known
from app.letters.verdict import Issued, Judgment, judge
from app.rules.grant_days import NOT_YET
from app.rules.workflow import BINDS, GrantState, SubGrantState

_NO_TOKEN = "0" * 16


@dataclass(frozen=True)
class Shown:
    """A judgment, and the grant that it is about where the one who asks holds its letter."""

    judgment: Judgment
    record: Record | None = None
    grant: Grant | None = None


def judge_file(session: Session, data: bytes, known: Known, now: datetime) -> Shown:
    """Judge a file that somebody brings. Nothing of it is kept."""
    findings = inspect(data, known)
    by_file = _issued_as(session, findings.sha256, now)
    by_number = _issued_under(session, findings.number, now) if findings.number else None
    judgment = judge(findings, by_file, by_number)
    grant = _grant(session, judgment.number) if by_file else None
    return Shown(judgment, from_json(grant.record) if grant else None, grant)


def grant_with_code(session: Session, number: str, code: str) -> Grant | None:
    """The sealed grant of this number, for somebody who has the code on its letter; None for every other pair alike."""
    grant = _grant(session, number)
    expected = grant.verify_token if grant is not None and grant.sealed_at is not None else _NO_TOKEN
    given = "".join(code.split()).lower()
    is_right = hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))
    return grant if is_right and grant is not None and grant.sealed_at is not None else None


def status_of(grant: Grant, now: datetime) -> Issued:
    """Whether the grant gives a right at this moment, by its state and its days in UTC, whatever the worker has done so far."""
    today = now.astimezone(UTC).date()
    in_time = grant.starts_on <= today <= grant.ends_on
    gives_right = grant.state is GrantState.ACTIVE and in_time
    status, since = grant.state.value, grant.state_since
    if grant.state is GrantState.ACTIVE and today > grant.ends_on:
        status = GrantState.EXPIRED.value
    if status == GrantState.EXPIRED.value:
        since = _midnight(grant.ends_on + timedelta(days=1))
    if grant.state is GrantState.ACTIVE and today < grant.starts_on:
        status, since = NOT_YET, _midnight(grant.starts_on)
    reason, follows = grant.state_reason or None, grant.successor_number
    return Issued(grant.number, gives_right, status, since, reason, follows, grant.ends_on)


def is_in_force(grant: Grant, now: datetime) -> bool:
    """Whether the data may be used at this moment. The one answer for access, delivery and verifying: by state and by time."""
    return status_of(grant, now).gives_right


def sub_status_of(row: SubGrant, grant: Grant, now: datetime) -> Issued:
    """Whether a hand-over gives a right at this moment: only while it is active, in its days, and its grant gives one."""
    today = now.astimezone(UTC).date()
    above = status_of(grant, now)
    is_active = row.state is SubGrantState.ACTIVE
    gives_right = is_active and row.starts_on <= today <= row.ends_on and above.gives_right
    status, since, reason = row.state.value, row.state_since, row.state_reason or None
    if is_active and today > row.ends_on:
        status, since = GrantState.EXPIRED.value, _midnight(row.ends_on + timedelta(days=1))
    elif is_active and not above.gives_right:
        status, since, reason = above.status, above.since or row.state_since, above.reason
    return Issued(row.number, gives_right, status, since, reason, ends_on=row.ends_on)


def subgrant_with_code(session: Session, number: str, code: str) -> SubGrant | None:
    """The sealed hand-over of this number, for somebody who has the code on its letter; None for every other pair alike."""
    row = _subgrant(session, number)
    expected = row.verify_token if row is not None and row.sealed_at is not None else _NO_TOKEN
    given = "".join(code.split()).lower()
    is_right = hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))
    return row if is_right and row is not None and row.sealed_at is not None else None


def _issued_as(session: Session, sha256: str, now: datetime) -> Issued | None:
    file = session.scalar(
        select(StoredFile).where(
            StoredFile.sha256 == sha256, StoredFile.thing.in_(_ABOUT), StoredFile.media_type == _PDF
        )
    )
    return _ABOUT[file.thing](session, file.thing_ref, now) if file else None


def _issued_under(session: Session, number: str, now: datetime) -> Issued | None:
    found = _about_grant(session, number, now) or _about_accession(session, number, now)
    return found or _about_subgrant(session, number, now)


def _about_grant(session: Session, number: str, now: datetime) -> Issued | None:
    grant = _grant(session, number)
    return status_of(grant, now) if grant is not None and grant.sealed_at is not None else None


def _about_accession(session: Session, reference: str, _now: datetime) -> Issued | None:
    """An executed agreement is sealed by us too; a scan of one that was signed on paper is not."""
    row = session.scalar(select(Accession).where(Accession.reference == reference, Accession.on_paper.is_(False)))
    if row is None or row.document_id is None:
        return None
    return Issued(reference, row.state in BINDS, row.state.value, row.ended_at or row.countersigned_at)


def _about_subgrant(session: Session, number: str, now: datetime) -> Issued | None:
    row = _subgrant(session, number)
    return sub_status_of(row, row.grant, now) if row is not None and row.sealed_at is not None else None


_PDF = "application/pdf"
_ABOUT = {"grant": _about_grant, "accession": _about_accession, "subgrant": _about_subgrant}


def _grant(session: Session, number: str | None) -> Grant | None:
    return session.scalar(select(Grant).where(Grant.number == number)) if number else None


def _subgrant(session: Session, number: str) -> SubGrant | None:
    return session.scalar(select(SubGrant).where(SubGrant.number == number).options(joinedload(SubGrant.grant)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
