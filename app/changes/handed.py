"""The letter of a hand-over: the grant's own record, cut to what is handed over, between the member and the recipient."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from app.foundation.base import JSONObject
from app.foundation.hashing import canonical_json
from app.grants.duties import day_words
from app.grants.layout import Letter, Part, Row, Signature, to_html
from app.grants.letter import LANGUAGE, POLICY_FILE, letter, moved_part, proof
from app.grants.models import Grant
from app.grants.moved import MovedDay, moved_back, moved_json
from app.grants.policy import policy
from app.grants.record import Act, Record, from_json, record_hash
from app.letters import odrl
from app.letters.manuscript import Attachment, Manuscript, SignatureField
from app.letters.seal import SEAL_FIELD

FORMAT = "onepact-subgrant/1"


def as_it_runs(grant: Grant) -> Record:
    """What a grant says, with the last day that it has now: earlier than that of its letter where the data partner has left."""
    return replace(from_json(grant.record), ends_on=grant.ends_on)


def record_of(stored: Mapping[str, object]) -> Record:
    """The cut record: the member gives, the recipient takes."""
    cut = stored["grant"]
    if not isinstance(cut, Mapping):
        raise TypeError("the record of a hand-over holds no grant")
    return from_json(cut)


def parent_of(stored: Mapping[str, object]) -> JSONObject:
    """What it says of the grant above it: number, hash, data partner."""
    parent = stored["parent"]
    return dict(parent) if isinstance(parent, Mapping) else {}


def with_moved_day(stored: Mapping[str, object], before: date, ends_on: date, now: datetime) -> JSONObject:
    """The stored record with a note that its last day moved after it was signed; the letter prints it."""
    note = MovedDay(now.astimezone(UTC).date(), before, ends_on)
    return {**stored, **moved_json((*moved_back(stored), note))}


def manuscript(stored: Mapping[str, object], token: str, public_url: str) -> Manuscript:
    """The letter, ready to be rendered. The same record gives the same document."""
    record = record_of(stored)
    root = public_url.rstrip("/")
    giver = odrl.Party(f"{root}/organizations/{record.data_partner.slug}", record.data_partner.name)
    taker = odrl.Party(f"{root}/register/{record.number}", record.member.name)
    machine = replace(policy(record, public_url), assigner=giver, assignee=taker)
    return Manuscript(
        html=to_html(_letter(stored, record, token, public_url)),
        identifier=record.number,
        title=f"Hand-over letter {record.number}",
        subject=f"Permission to use data under {parent_of(stored)['number']}: {record.title}",
        author=record.consortium,
        made_at=record.issued_at.replace(microsecond=0),
        attachments=(
            Attachment(
                POLICY_FILE, canonical_json(odrl.agreement(machine)), "The terms of this hand-over for machines (ODRL)"
            ),
        ),
        signature_fields=(SignatureField(SEAL_FIELD, f"Seal of the {record.consortium}"),),
        language=LANGUAGE,
    )


def _letter(stored: Mapping[str, object], record: Record, token: str, public_url: str) -> Letter:
    parent = parent_of(stored)
    made = letter(record, token, public_url)
    signed, accepted = record.approvals[0], record.issue
    lead = (
        f"{record.data_partner.name} hands over to {record.member.name} the use of the data below, within grant "
        f"{parent['number']} of {parent['data_partner']}, and answers for it as for itself (clause 11.3). It gives no "
        f"right beyond that grant and ends with it."
    )
    return replace(
        made,
        title=f"Hand-over letter {record.number}",
        heading="Hand-over of use",
        lead=lead,
        rows=(Row("Under grant", str(parent["number"]), is_strong=True), *made.rows),
        signatures=(
            Signature(signed.name, f"for {record.data_partner.name}", _when(signed)),
            Signature(accepted.name, f"for {record.member.name}", _when(accepted)),
        ),
        evidence=(
            *_evidence(parent, record),
            *moved_part(moved_back(stored), "signing", "with the last day of the grant"),
        ),
    )


def _evidence(parent: JSONObject, record: Record) -> list[Part]:
    signed, accepted = record.approvals[0], record.issue
    return [
        Part("Signed for the member", (Row("Signed by", f"{signed.name}, for {signed.organization}"), *_rows(signed))),
        Part(
            "Accepted by the recipient",
            (Row("Accepted by", f"{accepted.name}, for {accepted.organization}"), *_rows(accepted)),
        ),
        Part(
            "What it binds",
            (
                Row("Grant", f"{parent['number']}, from {parent['data_partner']}"),
                Row("SHA-256", str(parent["record"]), is_digest=True),
                Row("Record", f"{record.number}, the data that this letter prints"),
                Row("SHA-256", record_hash(record), is_digest=True),
            ),
        ),
    ]


def _rows(act: Act) -> tuple[Row, ...]:
    at = act.at.astimezone(UTC)
    # The recipient has no account: how they answered is said in full.
    how = f"Signed in with {proof(act.how)}" if act.role else proof(act.how)
    rows = (Row("When", f"{day_words(at.date())}, {at:%H:%M:%S} UTC"), Row("How", how[:1].upper() + how[1:]))
    return (*rows, Row("Statements", act.words)) if act.words else rows


def _when(act: Act) -> str:
    at = act.at.astimezone(UTC)
    return f"{at.day} {at:%b} {at.year}, {at:%H:%M} UTC"
