"""Signing: authority, statements, typed name, one-time code. A signature binds the version's id and its text hash."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.agreements import evidence
from app.agreements.commands.acting import locked_accession, person_acting, tell
from app.agreements.evidence import Details, Trace, Typed
from app.agreements.library import Version, current_version
from app.agreements.models import Accession, SigningCode
from app.agreements.queries import newest_code
from app.agreements.statements import REQUIRED_STATEMENTS, STATEMENTS, Power, worded, words_hash
from app.foundation.errors import Invalid, WrongState
from app.foundation.text import clean, clean_line, fold
from app.foundation.words import N_
from app.organizations.models import Person
from app.rules.actions import Action
from app.rules.actors import Actor

_LONGEST = {"title": 120, "power_reference": 200, "legal_form": 120, "register_number": 120, "notice_address": 500}
_MOST_AFFILIATES = 50
_LONGEST_NAME = 120


def confirm_authority(
    session: Session, actor: Actor, reference: str, details: Details, trace: Trace, now: datetime
) -> Accession:
    """The signatory says yes, I may bind my organization, and states office, power and the organization's legal facts.

    Raises:
        Invalid: something required is missing or too long; `field` names it.
    """
    row, _ = locked_accession(session, actor, reference, Action.SIGN_ACCESSION)
    _refuse_old_version(row)
    evidence.keep_details(row, _checked(details))
    row.signatory_id = actor.person_id
    evidence.add_step(row, "authority confirmed", actor.name, trace, now)
    return row


def finish_later(
    session: Session, actor: Actor, reference: str, typed: Typed, trace: Trace, now: datetime
) -> Accession:
    """Keep what was typed and ticked, to sign another time."""
    row, _ = locked_accession(session, actor, reference, Action.SIGN_ACCESSION)
    evidence.keep_typed(row, typed)
    evidence.add_step(row, "left to finish later", actor.name, trace, now)
    return row


def sign(
    session: Session,
    actor: Actor,
    reference: str,
    typed: Typed,
    shown: tuple[str, str],
    trace: Trace,
    now: datetime,
) -> Accession:
    """Sign, with a code that was entered at this moment.

    Args:
        shown: the version id and the text hash that the signatory was shown.

    Raises:
        Invalid: a statement is not ticked, or the name is not the signatory's own.
        WrongState: the text shown is not the one that is signed, authority was not confirmed, or no code was entered.
    """
    row, after = locked_accession(session, actor, reference, Action.SIGN_ACCESSION)
    person = person_acting(session, actor)
    version, details = _ready(row, person, shown)
    _check_statements(typed.statements)
    name, code = _check_name(typed.name, person), _entered_code(session, row, person, now)
    gaps = {"organization": row.organization.name, "title": details.title, "version": version.id}
    sentences = worded(STATEMENTS, typed.statements, **gaps)
    facts = {
        "sentences": sentences,
        "sentences_hash": words_hash(sentences),
        "code_sent_at": code.sent_at.isoformat(),
        "title": details.title,
        **_signer(actor, person, trace),
    }
    row.typed_name, row.statements, row.signed_at, row.state = name, list(typed.statements), now, after
    evidence.keep_part(row, "signature", facts)
    evidence.add_step(row, "signed", actor.name, trace, now)
    tell(session, Action.SIGN_ACCESSION, actor, row, now, {"typed_name": name, "statements": list(typed.statements)})
    return row


def _signer(actor: Actor, person: Person, trace: Trace) -> dict[str, object]:
    """Who signs, and how it was made sure that it was they."""
    return {
        "name": person.name,
        "email": person.email,
        "authentication": f"{actor.authentication}, one-time code by mail to {person.email}",
        "address": trace.address,
        "agent": trace.agent,
    }


def _ready(row: Accession, person: Person, shown: tuple[str, str]) -> tuple[Version, Details]:
    """The version and the facts to sign; raises WrongState when the text or the authority is another."""
    version, details = _refuse_old_version(row), evidence.details_of(row)
    if shown != (version.id, version.text_hash) or version.text_hash != row.agreement_hash:
        raise WrongState(
            N_("The text you were shown is not the one that is signed. Open the page again and read it anew.")
        )
    if details is None or row.signatory_id != person.id:
        raise WrongState(N_("Confirm first that you may sign for your organization; the page begins with it."))
    return version, details


def _entered_code(session: Session, row: Accession, person: Person, now: datetime) -> SigningCode:
    """The code that was entered at this moment; raises WrongState when there is none."""
    code = newest_code(session, row.id, person.id)
    if code is None or code.used_at != now:
        raise WrongState(N_("Enter the code from your mail to sign."))
    return code


def _refuse_old_version(row: Accession) -> Version:
    version = current_version()
    if version.id != row.agreement_version:
        raise WrongState(
            N_(
                "A newer version of the agreement has been published since. Open the agreement's page and sign that one."
            )
        )
    return version


def _checked(details: Details) -> Details:
    words = {name: clean_line(getattr(details, name)) for name in _LONGEST if name != "notice_address"}
    words["notice_address"] = clean(details.notice_address)
    for name, required in (("title", _NO_TITLE), ("notice_address", _NO_ADDRESS)):
        if not words[name]:
            raise Invalid(required, name)
    for name, longest in _LONGEST.items():
        if len(words[name]) > longest:
            raise Invalid(N_("Shorten this answer; the instrument has no room for more."), name)
    if details.power not in set(Power):
        raise Invalid(N_("Choose where your power to sign comes from."), "power")
    affiliates = tuple(dict.fromkeys(name for name in map(clean_line, details.affiliates) if name))
    if len(affiliates) > _MOST_AFFILIATES or any(len(name) > _LONGEST_NAME for name in affiliates):
        raise Invalid(N_("Name up to 50 affiliates, one on each line, each in up to 120 characters."), "affiliates")
    return Details(power=details.power, affiliates=affiliates, **words)


_NO_TITLE = N_("Give your office or title, as it should stand under the signature.")
_NO_ADDRESS = N_("Give the postal address to which notices are sent.")


def _check_statements(ticked: Sequence[str]) -> None:
    if not set(ticked) >= REQUIRED_STATEMENTS:
        raise Invalid(N_("Tick each statement, or hand over to somebody who can make it."), "statements")


def _check_name(typed: str, person: Person) -> str:
    name = clean_line(typed)
    if fold(name) != fold(person.name):
        raise Invalid(
            N_(
                "Type your full name as it stands in your profile. If it is wrong there, your focal point can change it."
            ),
            "name",
        )
    return name
