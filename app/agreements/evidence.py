"""What an accession keeps besides its columns: who is bound and how to reach them, what was typed so far, and each step taken.

It is one JSON column, read and written only through here; nothing else in the product builds or parses it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from app.agreements.models import Accession
from app.foundation.base import JSONObject


@dataclass(frozen=True)
class Trace:
    """From where somebody acted: network address and user agent, as the request brought them."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Details:
    """Facts of the instrument of accession: the signatory's office and power, and the organization's legal facts."""

    title: str = ""
    power: str = ""
    power_reference: str = ""
    legal_form: str = ""
    register_number: str = ""
    notice_address: str = ""
    affiliates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Typed:
    """What the signatory has typed and ticked so far, kept until the signature."""

    name: str = ""
    statements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One thing that happened on the way to the signature."""

    what: str
    at: datetime
    who: str
    address: str = ""
    agent: str = ""


def details_of(accession: Accession) -> Details | None:
    """The facts of the instrument; None until the signatory has confirmed authority."""
    raw = accession.evidence.get("details")
    if not isinstance(raw, Mapping):
        return None
    affiliates = raw.get("affiliates")
    names = tuple(str(name) for name in affiliates) if isinstance(affiliates, Sequence) else ()
    words = {name: str(raw.get(name, "")) for name in Details.__dataclass_fields__ if name != "affiliates"}
    return Details(affiliates=names, **words)


def typed_in(accession: Accession) -> Typed:
    """What has been typed so far."""
    raw = accession.evidence.get("typed")
    if not isinstance(raw, Mapping):
        return Typed()
    statements = raw.get("statements")
    codes = tuple(str(code) for code in statements) if isinstance(statements, Sequence) else ()
    return Typed(str(raw.get("name", "")), codes)


def steps_of(accession: Accession) -> tuple[Step, ...]:
    """What happened on the way, in order."""
    raw = accession.evidence.get("steps")
    if not isinstance(raw, Sequence):
        return ()
    return tuple(_step(item) for item in raw if isinstance(item, Mapping))


def part_of(accession: Accession, part: str) -> Mapping[str, object]:
    """One part of the evidence; empty when there is none yet."""
    raw = accession.evidence.get(part)
    return raw if isinstance(raw, Mapping) else {}


def keep_details(accession: Accession, details: Details) -> None:
    """Keep the facts of the instrument."""
    _keep(accession, "details", {**asdict(details), "affiliates": list(details.affiliates)})


def keep_typed(accession: Accession, typed: Typed) -> None:
    """Keep what was typed so far."""
    _keep(accession, "typed", {"name": typed.name, "statements": list(typed.statements)})


def keep_part(accession: Accession, part: str, facts: JSONObject) -> None:
    """Keep the facts of the signature or countersignature."""
    _keep(accession, part, facts)


def add_step(accession: Accession, what: str, who: str, trace: Trace, now: datetime) -> None:
    """Note one more thing that happened, in UTC."""
    step = {"what": what, "at": now.astimezone(UTC).isoformat(), "who": who, **asdict(trace)}
    steps = [{**asdict(known), "at": known.at.isoformat()} for known in steps_of(accession)]
    _keep(accession, "steps", [*steps, step])


def forget_signature(accession: Accession) -> None:
    """Take out what was typed by somebody who then declined or handed over."""
    accession.evidence = {key: value for key, value in accession.evidence.items() if key not in ("typed", "details")}


def _keep(accession: Accession, part: str, value: object) -> None:
    accession.evidence = {**accession.evidence, part: value}  # a new object, so that the change is seen


def _step(raw: Mapping[str, object]) -> Step:
    words = {name: str(raw.get(name, "")) for name in ("what", "who", "address", "agent")}
    return Step(at=datetime.fromisoformat(str(raw["at"])), **words)
