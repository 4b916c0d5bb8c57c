"""What follows from events of agreements: people are asked to sign, codes are sent, the executed document is sealed."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements import commands, document, library, queries
from app.agreements.binding import is_bound
from app.agreements.clocks import clock_of
from app.agreements.commands.codes import VALID, one_time_code
from app.agreements.models import Accession, SigningCode
from app.agreements.status import AFTER_END, STILL_BOUND
from app.foundation.base import JSONObject
from app.foundation.errors import NotFound
from app.history.models import LogHead
from app.history.queries import Happening
from app.letters.keys import fingerprint, load_seal
from app.letters.render import render
from app.letters.seal import Sealed, changed, sealer
from app.organizations.models import Organization, Person
from app.organizations.queries import (
    deputies_of,
    directors,
    focal_points_of,
    officers,
    organization_by_slug,
    person_by_email,
    signatories_of,
    stewards_of,
)
from app.outbox.commands import enqueue
from app.reactions.mail import Recipient, write_mail
from app.reactions.work import Apply, Handler, Reaction, Work
from app.rules.actors import SYSTEM
from app.rules.events import Event
from app.rules.roles import CAPACITIES, Role
from app.rules.workflow import AccessionState

OPEN, CODE, DOCUMENT = "accession.open", "accession.code", "accession.document"


def open_for_signature(work: Work, payload: JSONObject) -> Apply | None:
    """Open an accession in each capacity of a new organization, where none was begun."""

    def apply(session: Session) -> None:
        organization = organization_by_slug(session, str(payload["organization"]))
        for capacity in sorted(CAPACITIES[organization.kind]):
            commands.open_accession(session, SYSTEM, organization.id, capacity, work.now)

    return apply


def send_code(work: Work, payload: JSONObject) -> Apply | None:
    """The mail with a one-time code; none when the code has expired while the mail waited."""

    def apply(session: Session) -> None:
        code = session.get(SigningCode, int(str(payload["code"])))
        if code is None or code.expires_at <= work.now:
            return
        person = session.get_one(Person, code.person_id)
        row = session.get_one(Accession, code.accession_id)
        digits = one_time_code(str(work.settings["SECRET_KEY"]), code)
        context = {
            "code": f"{digits[:3]} {digits[3:]}",
            "organization": _organization(session, row).name,
            "minutes": int(VALID.total_seconds() // 60),
            "until": code.expires_at,
        }
        to, link = Recipient(person.name, person.email), f"/sign/{row.reference}/text#sign"
        write_mail(session, work, "signing_code", to, context, row.reference, link)

    return apply


def seal_document(work: Work, payload: JSONObject) -> Apply | None:
    """Render and seal the executed agreement of one accession; nothing where it has its document already."""
    reference = str(payload["accession"])
    with work.reading() as session:
        row = queries.accession(session, reference)
        if row.document is not None:
            return None
        version, house = library.version(row.agreement_version), _house(session, work)
        manuscript = document.manuscript(row, version, house)
    sealed = _sealed(work, render(manuscript).pdf, reference)
    facts: dict[str, object] = {
        "level": sealed.level,
        "sealed_at": sealed.sealed_at.isoformat(),
        "seal_fingerprint": sealed.seal_fingerprint,
    }

    def apply(session: Session) -> None:
        commands.keep_document(session, work.files, reference, sealed.pdf, facts, work.now)

    return apply


def ask_to_open(session: Session, happening: Happening, work: Work) -> None:
    """A new organization is asked to sign."""
    enqueue(session, OPEN, {"organization": happening.ref}, work.now, about=happening.ref)


def ask_to_seal(session: Session, happening: Happening, work: Work) -> None:
    """A countersigned accession gets its document."""
    enqueue(session, DOCUMENT, {"accession": happening.ref}, work.now, about=happening.ref)


def ask_signatories(session: Session, happening: Happening, work: Work) -> None:
    """To every authorized signatory: there is something to sign. Or, after a hand-over, to the one who was asked."""
    row = queries.accession(session, happening.ref)
    asked = [row.signatory] if row.signatory else signatories_of(session, row.organization_id)
    _tell(session, work, row, "agreement_to_sign", asked, f"/sign/{row.reference}", {"by": happening.actor})


def ask_new_signatory(session: Session, happening: Happening, work: Work) -> None:
    """To somebody who has just become an authorized signatory, while something waits for a signature."""
    if Role.SIGNATORY.value not in _words(happening.facts.get("roles")):
        return
    organization = session.scalar(select(Organization).where(Organization.slug == happening.ref))
    person = _person(session, happening)
    if organization is None or person is None:
        return
    waiting = session.scalars(
        select(Accession.reference).where(
            Accession.organization_id == organization.id, Accession.state == AccessionState.OPEN
        )
    )
    for reference in waiting.all():
        row = queries.accession(session, reference)
        _tell(session, work, row, "agreement_to_sign", [person], f"/sign/{reference}", {"by": ""})


def ask_to_countersign(session: Session, happening: Happening, work: Work) -> None:
    """To the secretariat: check and countersign."""
    row = queries.accession(session, happening.ref)
    link = f"/desk/agreement/{row.reference}"
    _tell(session, work, row, "agreement_to_countersign", _secretariat(session), link, {"by": happening.actor})


def tell_of_decline(session: Session, happening: Happening, work: Work) -> None:
    """To the secretariat and the organization's focal points: it declined, and why."""
    row = queries.accession(session, happening.ref)
    people = [*_secretariat(session), *focal_points_of(session, row.organization_id)]
    context = {"by": happening.actor, "reason": row.decline_reason or ""}
    _tell(session, work, row, "agreement_declined", people, f"/sign/{row.reference}", context)


def tell_in_force(session: Session, happening: Happening, work: Work) -> None:
    """To everyone who can act now: signatories, focal points, stewards."""
    row = queries.accession(session, happening.ref)
    people = _people(session, row.organization_id)
    _tell(session, work, row, "agreement_in_force", people, f"/sign/{row.reference}", {"since": row.countersigned_at})


def tell_of_end(session: Session, happening: Happening, work: Work) -> None:
    """To the same people: it has ended, and what follows. Whom each grant concerns is told by `leaving`."""
    row = queries.accession(session, happening.ref)
    is_still_bound = is_bound(session, row.organization_id, row.capacity)
    follows = STILL_BOUND if is_still_bound else AFTER_END[row.capacity]
    context = {"reason": str(happening.facts.get("reason", "")), "follows": follows}
    people = _people(session, row.organization_id)
    _tell(session, work, row, "agreement_ended", people, f"/sign/{row.reference}", context)


def _tell(
    session: Session,
    work: Work,
    row: Accession,
    template: str,
    people: Iterable[Person],
    link: str,
    more: Mapping[str, object],
) -> None:
    clock = clock_of(session, row, work.now)
    context = {
        "organization": row.organization.name,
        "capacity": row.capacity,
        "version": row.agreement_version,
        "due": clock.due if clock else None,
        **more,
    }
    for person in dict.fromkeys(people):
        write_mail(session, work, template, Recipient(person.name, person.email), context, row.reference, link)


def _sealed(work: Work, pdf: bytes, reference: str) -> Sealed:
    keys = _keys(work)
    timestamp_url = str(work.settings["TIMESTAMP_URL"]) or None
    seals = sealer(keys, str(work.settings["SEAL_PASSPHRASE"]), timestamp_url, changed(keys))
    return seals.seal(pdf, work.now, f"Executed agreement {reference}")


def _house(session: Session, work: Work) -> document.House:
    head = session.get(LogHead, 1)
    certificate = load_seal(_keys(work), str(work.settings["SEAL_PASSPHRASE"])).certificate
    return document.House(
        str(work.settings["CONSORTIUM_NAME"]),
        work.public_url,
        head.size if head else 0,
        head.root if head else "",
        fingerprint(certificate),
    )


def _keys(work: Work) -> Path:
    return Path(str(work.settings["ONEPACT_HOME"])) / "keys"


def _organization(session: Session, row: Accession) -> Organization:
    return session.get_one(Organization, row.organization_id)


def _secretariat(session: Session) -> list[Person]:
    return [*officers(session), *directors(session)]


def _people(session: Session, organization_id: int) -> list[Person]:
    found = (signatories_of, focal_points_of, stewards_of, deputies_of)
    return [person for query in found for person in query(session, organization_id)]


def _person(session: Session, happening: Happening) -> Person | None:
    """Whom an event on an organization's people is about: named by key, or the one who accepted the invitation."""
    key = happening.facts.get("person_id")
    if key is not None:
        return session.get(Person, int(str(key)))
    email = happening.facts.get("email")
    if email:
        return person_by_email(session, str(email))
    name = str(happening.facts.get("person", ""))
    try:
        organization = organization_by_slug(session, happening.ref)
    except NotFound:
        return None
    return next((person for person in signatories_of(session, organization.id) if person.name == name), None)


def _words(raw: object) -> tuple[str, ...]:
    return tuple(str(word) for word in raw) if isinstance(raw, list | tuple) else ()


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.ACCESSION_OPENED: (ask_signatories,),
    Event.ACCESSION_REOPENED: (ask_signatories,),
    Event.ACCESSION_HANDED_OVER: (ask_signatories,),
    Event.ACCESSION_SIGNED: (ask_to_countersign,),
    Event.ACCESSION_DECLINED: (tell_of_decline,),
    Event.ACCESSION_COUNTERSIGNED: (ask_to_seal, tell_in_force),
    Event.ACCESSION_RECORDED: (tell_in_force,),
    Event.ACCESSION_ENDED: (tell_of_end,),
    Event.ORGANIZATION_ADDED: (ask_to_open,),
    Event.INVITATION_ACCEPTED: (ask_new_signatory,),
    Event.ROLES_CHANGED: (ask_new_signatory,),
}
HANDLERS: dict[str, Handler] = {OPEN: open_for_signature, CODE: send_code, DOCUMENT: seal_document}
