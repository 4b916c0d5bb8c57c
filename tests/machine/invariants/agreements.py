"""W2 to W4: nothing is sent without an agreement in force, and a signature binds the text that was shown."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.agreements.library import version as published
from app.rules.roles import Capacity, Role
from app.rules.workflow import AccessionState
from tests.machine.invariants.decisions import held
from tests.machine.rows import AnyRow, Rows, rows_of


def was_in_force(row: AnyRow, at: datetime) -> bool:
    """Whether an accession was in force at a moment."""
    return (
        row.countersigned_at is not None and row.countersigned_at <= at and (row.ended_at is None or row.ended_at > at)
    )


def signed(rows: Rows, organization_id: int, capacity: Capacity, version: str, digest: str, at: datetime) -> bool:
    """Whether an organization had, at a moment, an accession in force to this text."""
    return any(
        row.capacity is capacity
        and (row.agreement_version, row.agreement_hash) == (version, digest)
        and was_in_force(row, at)
        for row in rows.of("accession", "organization_id", organization_id)
    )


def sent_under_an_agreement(session: Session) -> list[str]:
    """W2, W4: whoever sends has signed the version that the proposal names, and it is in force at that moment."""
    rows = rows_of(session)
    return [
        f"W2: version {row.id} was sent without an accession in force"
        for row in rows.all("proposal_version")
        if not signed(
            rows,
            rows.one("proposal", row.proposal_id).organization_id,
            Capacity.MEMBER,
            row.agreement_version,
            row.agreement_hash,
            row.sent_at,
        )
    ]


def signatures_bind_the_text(session: Session) -> list[str]:
    """W3: the hash that was signed is that of the published text, signed by a signatory and countersigned by others."""
    rows, found = rows_of(session), []
    for row in rows.all("accession"):
        if row.agreement_hash != published(row.agreement_version).text_hash:
            found.append(f"W3: accession {row.reference} binds another text than was published")
        if row.signed_at is not None and not held(
            rows, row.signatory_id, row.signed_at, row.organization_id, Role.SIGNATORY
        ):
            found.append(f"W3: accession {row.reference} was signed by nobody who could sign")
        if row.countersigned_at is not None and not held(
            rows, row.countersigned_by_id, row.countersigned_at, None, Role.OFFICER, Role.DIRECTOR
        ):
            found.append(f"W3: accession {row.reference} was not countersigned by the secretariat")
        if row.state is AccessionState.ENDED and row.ended_at is None:
            found.append(f"W3: accession {row.reference} ended at no moment")
    return found


INVARIANTS = (sent_under_an_agreement, signatures_bind_the_text)
