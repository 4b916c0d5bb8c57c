"""The certificate of deletion (clause 20.2): who deleted what, where, how and when, signed with a typed name."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from app.duties.commands.acting import lift_when_settled, locked, moved, require_permitted
from app.duties.models import DeletionCertificate
from app.duties.queries.duties import is_for_the_end
from app.duties.queries.terms import allowed_copies
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, WrongState
from app.foundation.hashing import sha256_hex
from app.foundation.said import words_of
from app.foundation.text import clean_line, fold
from app.foundation.words import N_
from app.grants.commands.acting import record_event
from app.grants.duties import day_words
from app.grants.letter import partner_name
from app.grants.models import Duty, Grant
from app.grants.record import Record, from_json
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.duties import DELETED_AT_THE_END, DELETION_METHODS, KEPT_WORDS, DeletionMethod, DutyKind
from app.rules.events import Event


@dataclass(frozen=True)
class Deletion:
    """What the signatory says. `kept` is a code of the agreement's levels: none, legal or integrity."""

    what: str
    where: str
    methods: tuple[DeletionMethod, ...]
    deleted_on: date | None
    by_whom: str
    backups_by: date | None
    kept: str
    kept_words: str
    typed_name: str


def certify(
    session: Session, actor: Actor, number: str, duty_id: int, said: Deletion, now: datetime
) -> DeletionCertificate:
    """Certify the deletion. The text is composed, hashed and kept; the data partner reads it next.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; WrongState too while the grant still runs.
        Invalid: something is not said, lies in the future, or the typed name is not that of the one who signs.
    """
    grant, duty = locked(session, number, duty_id)
    require_permitted(session, Action.DO_DUTY, actor, grant, duty)
    if duty.kind != DutyKind.DELETE:
        raise WrongState(N_("This duty has no certificate. Open it from the grant."))
    if is_for_the_end(grant, duty, now.astimezone(UTC).date()):
        raise WrongState(
            N_("The grant has not ended, so the data may still be used. Certify when it has; or close it first.")
        )
    _check(grant, actor, said, now)
    content = _content(said)
    body = _text(grant, duty, from_json(grant.record), actor, said, now)
    row = DeletionCertificate(
        duty_id=duty.id,
        grant_id=grant.id,
        content=content,
        body=body,
        body_sha256=sha256_hex(body.encode()),
        signed_by_id=actor.person_id or 0,
        signed_name=clean_line(said.typed_name),
        authentication=actor.authentication,
        signed_at=now,
    )
    session.add(row)
    session.flush()
    facts: dict[str, object] = {"sha256": row.body_sha256, "signed_by": row.signed_name, "certificate": row.id}
    record_event(session, Event.DELETION_CERTIFIED, actor, grant, now, facts)
    moved(session, Action.DO_DUTY, actor, grant, duty, now, sha256=row.body_sha256)
    lift_when_settled(session, grant, now)
    return row


def _check(grant: Grant, actor: Actor, said: Deletion, now: datetime) -> None:
    for field, text, missing in (
        ("what", said.what, N_("Say what was deleted: files, tables, copies, models.")),
        ("where", said.where, N_("Say where it was: each server, device and account.")),
        ("by_whom", said.by_whom, N_("Say who deleted it, by name.")),
    ):
        words_of(text, missing, field)
    if not said.methods:
        raise Invalid(N_("Choose at least one way in which it was deleted."), field="methods")
    if said.deleted_on is None or said.deleted_on > now.astimezone(UTC).date():
        raise Invalid(
            N_("Enter the day on which it was deleted, like 14 3 2027; not one in the future."), field="deleted_on"
        )
    if said.kept not in allowed_copies(grant):
        raise Invalid(
            N_("The terms of this grant do not allow such a copy. Delete it, or ask the data partner."), field="kept"
        )
    if said.kept != "none":
        words_of(said.kept_words, N_("Name the sealed copy: where it is, why, and until when."), "kept_words")
    if fold(said.typed_name) != fold(actor.name):
        raise Invalid(N_("Type your own full name as your account has it; it is your signature."), field="typed_name")


def _content(said: Deletion) -> JSONObject:
    return {
        "what": said.what,
        "where": said.where,
        "methods": [method.value for method in said.methods],
        "deleted_on": said.deleted_on.isoformat() if said.deleted_on else None,
        "by_whom": said.by_whom,
        "backups_by": said.backups_by.isoformat() if said.backups_by else None,
        "kept": said.kept,
        "kept_words": said.kept_words,
    }


def _text(grant: Grant, duty: Duty, record: Record, actor: Actor, said: Deletion, now: datetime) -> str:
    """The certificate as it is hashed; plain text, so that anyone can check the hash with any tool."""
    lines = [
        "CERTIFICATE OF DELETION",
        "",
        f"Grant: {grant.number}, {record.title}",
        f"Record of the grant (SHA-256): {grant.record_hash}",
        f"From {partner_name(record)} to {record.member.name}",
        f"Under the common agreement, version {record.agreement_version}, clause 20.2",
        *(f"Dataset: {dataset.reference}, {dataset.title}, release {dataset.release}" for dataset in record.datasets),
        *([f"Only this: {duty.sentence}"] if duty.round > DELETED_AT_THE_END else []),
        "",
        f"What was deleted: {words_of(said.what)}",
        f"Where it was: {words_of(said.where)}",
        "How: " + "; ".join(DELETION_METHODS[method] for method in said.methods),
        f"When: {day_words(said.deleted_on) if said.deleted_on else ''}",
        f"By whom: {clean_line(said.by_whom)}",
    ]
    if said.backups_by:
        lines.append(f"Backups are overwritten by: {day_words(said.backups_by)}")
    kept = f" {words_of(said.kept_words)}" if said.kept != "none" else ""
    return "\n".join(
        [
            *lines,
            f"Kept: {KEPT_WORDS[said.kept]}{kept}",
            "",
            f"Signed for {record.member.name} by {clean_line(said.typed_name)},",
            f"at {now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, signed in by {actor.authentication}.",
            "",
        ]
    )
