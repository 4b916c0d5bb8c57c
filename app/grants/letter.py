"""From the frozen record to the letter: what it shows, its policy for machines, and the manuscript that is rendered."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from babel import Locale
from markupsafe import Markup

from app.agreements.library import version as agreement_version
from app.foundation.hashing import canonical_json
from app.grants.duties import day_words
from app.grants.layout import Changed, Letter, Part, Promise, Row, Signature, to_html
from app.grants.moved import MovedDay
from app.grants.policy import policy
from app.grants.record import Act, GrantedDataset, Record, record_hash
from app.grants.ways import way_words
from app.letters import odrl, qr
from app.letters.manuscript import Attachment, Manuscript, SignatureField
from app.letters.seal import SEAL_FIELD
from app.rules.roles import ROLE_NAMES, Role
from app.rules.terms import EffectiveRule, Level, Mode, Specs, promises, shown

LANGUAGE = "en"
POLICY_FILE = "policy.jsonld"
# As people read how somebody proved who they were; other ways are printed as they were recorded.
_PROOFS = {
    "password": "password",
    "otp": "one-time code",
    "totp": "one-time code",
    "webauthn": "passkey",
    "demo link": "demonstration link",
}
_HASH_MARK = 32


def manuscript(record: Record, token: str, public_url: str) -> Manuscript:
    """The letter of a grant, ready to be rendered. The same record gives the same document."""
    title = f"Grant letter {record.number}"
    data = canonical_json(odrl.agreement(policy(record, public_url)))
    return Manuscript(
        html=to_html(letter(record, token, public_url)),
        identifier=record.number,
        title=title,
        subject=f"Permission to use data: {record.title}",
        author=record.consortium,
        made_at=record.issued_at.replace(microsecond=0),
        attachments=(Attachment(POLICY_FILE, data, "The terms of this grant for machines (ODRL)"),),
        signature_fields=(SignatureField(SEAL_FIELD, f"Seal of the {record.consortium}"),),
        language=LANGUAGE,
    )


def letter(record: Record, token: str, public_url: str) -> Letter:
    """What the letter shows, in reading order."""
    address = qr.verify_address(public_url, record.number, token)
    digest = record_hash(record)
    partner = partner_name(record)
    return Letter(
        language=LANGUAGE,
        number=record.number,
        title=f"Grant letter {record.number}",
        consortium=record.consortium,
        issued_on=day_words(record.issued_at.astimezone(UTC).date()),
        lead=_lead(record, partner),
        rows=tuple(_rows(record)),
        promises_heading=f"What {record.member.name} promises",
        promises=tuple(_promises(record)),
        signatures=(_approver(record, partner), _signature(record.issue, ROLE_NAMES[Role.DIRECTOR])),
        # Ours, made of digits and escaped text.
        qr_code=Markup(qr.svg(address, f"QR code with the address {address}")),  # noqa: S704
        code=_grouped(token),
        record_mark=_grouped(digest[:_HASH_MARK], 8),
        evidence_note=(
            "Who agreed to this grant, when, and how it was made sure that it was they. Times are UTC. "
            "The seal of the consortium covers every byte of this file."
        ),
        evidence=tuple(_evidence(record, partner, digest)),
        annex=tuple(_annex(record)),
        verify_page=f"{public_url.rstrip('/')}/verify",
        heading=_HEADINGS[record.succession.kind if record.succession else ""],
        changes_heading=f"What is not as in {record.predecessor}",
        changes=_changes(record),
    )


_HEADINGS = {"": "Grant of use", "amends": "Amended grant of use", "renews": "Renewed grant of use"}


def _changes(record: Record) -> tuple[Changed, ...]:
    """What differs from the letter before, in words."""
    differences = record.succession.differences if record.succession else ()
    return tuple(Changed(each.label, each.before or "–", each.after or "–") for each in differences)


def partner_name(record: Record) -> str:
    """The data partner's name, unless it wishes to stay unnamed."""
    return f"A data partner of the {record.consortium}" if record.partner_is_unnamed else record.data_partner.name


def country(code: str) -> str:
    """A country's name in the letter's language."""
    return str(Locale(LANGUAGE).territories.get(code.upper(), code))


def _lead(record: Record, partner: str) -> str:
    which = "dataset" if len(record.datasets) == 1 else "datasets"
    lead = (
        f"{partner} grants {record.member.name} the use of the {which} below, for the purpose and time stated, "
        f"under the {record.agreement_title}, version {record.agreement_version}, which both have signed."
    )
    if record.succession is None:
        return lead
    return f"{lead} This letter {record.succession.kind} {record.predecessor} and stands in its place from its seal on."


def _rows(record: Record) -> Iterator[Row]:
    for dataset in record.datasets:
        named = [f"{dataset.title}, {dataset.reference}", f"release {dataset.release}" if dataset.release else ""]
        yield Row("Dataset", ", ".join(filter(None, named)))
    yield Row("Purpose", ": ".join(filter(None, (_purposes(record), record.purpose_words))))
    units = list(dict.fromkeys(dataset.unit for dataset in record.datasets if dataset.unit))
    smallest = _smallest_cell(record.datasets)
    if units or smallest:
        yield Row("Finest unit", "; ".join([*units, *smallest]))
    yield Row("Access", _access(record))
    if record.co_applicants:
        yield Row("Together with", ", ".join(each.name for each in record.co_applicants))
    if record.people:
        names = [f"{p.name} (lead)" if p.is_lead else p.name for p in record.people]
        yield Row("People", ", ".join(names))
    ends = f"clause {agreement_version(record.agreement_version).clause('term').number} says when it ends earlier"
    yield Row("In force", f"{day_words(record.starts_on)} to {day_words(record.ends_on)}; {ends}", is_strong=True)


def _purposes(record: Record) -> str:
    specs = agreement_version(record.agreement_version).terms.specs
    vocabulary = specs["permitted_purposes"].vocabulary
    return ", ".join(vocabulary.label(code) for code in record.purposes)


def _smallest_cell(datasets: tuple[GrantedDataset, ...]) -> list[str]:
    counts = [dataset.terms.value("k_min") for dataset in datasets]
    known = [count for count in counts if isinstance(count, int)]
    return [f"no published figure under {max(known)} units"] if known else []


def _access(record: Record) -> str:
    place = ", ".join(filter(None, (record.kept_where.rstrip(" ."), country(record.kept_in) if record.kept_in else "")))
    return "; ".join(filter(None, (way_words(record), f"kept in: {place}" if place else "")))


def _promises(record: Record) -> Iterator[Promise]:
    for duty in record.duties:
        yield Promise(duty.sentence, duty.when, duty.point)
    specs = agreement_version(record.agreement_version).terms.specs
    every = [promise for dataset in record.datasets for promise in promises(specs, dataset.terms, country)]
    for promise in dict.fromkeys(every):
        if promise.parameter == "prohibited_uses":
            yield Promise(promise.sentence.rstrip("."), "always", promise.point)


def _approver(record: Record, partner: str) -> Signature:
    first = record.approvals[0]
    if record.partner_is_unnamed:
        return Signature(partner, f"approved by its {first.role.lower()}", _when_and_how(first))
    return _signature(first, f"{first.role}, {first.organization}")


def _signature(act: Act, capacity: str) -> Signature:
    return Signature(act.name, capacity, _when_and_how(act))


def _when_and_how(act: Act) -> str:
    at = act.at.astimezone(UTC)
    return f"{at.day} {at:%b} {at.year}, {at:%H:%M} UTC, {proof(act.how)}"


def proof(how: str) -> str:
    """How somebody proved who they were, in words."""
    return " and ".join(_PROOFS.get(part, part) for part in how.split("+"))


def _evidence(record: Record, partner: str, digest: str) -> Iterator[Part]:
    for act in record.approvals:
        who = partner if record.partner_is_unnamed else f"{act.name}, {act.role.lower()}, for {act.organization}"
        about = Row("Change", act.dataset) if act.is_on_change else Row("Dataset", act.dataset)
        rows = [about, Row("Approved by", who), *_when_rows(act)]
        if act.words:
            rows.append(Row("Words", act.words) if act.is_on_change else Row("Conditions", act.words))
        yield Part("Approval of the data partner", tuple(rows))
    if record.succession:
        asked = Row("Change", f"{record.succession.change}, which {record.succession.kind} {record.predecessor}")
        digest_row = Row("SHA-256", record.succession.change_sha256, is_digest=True)
        yield Part("Change that was decided on", (asked, digest_row))
    issuer = f"{record.issue.name}, {record.issue.role.lower()}"
    yield Part("Issue", (Row("Issued by", issuer), *_when_rows(record.issue)))
    yield from moved_part(record.moved, "issue", "as the data partner has left the agreement (clause 19.7)")
    version = f"{record.agreement_title}, version {record.agreement_version}"
    yield Part(
        "What it binds",
        (
            Row("Agreement", version),
            Row("SHA-256", record.agreement_sha256, is_digest=True),
            Row("Proposal", f"{record.proposal}, version {record.proposal_version}"),
            Row("SHA-256", record.proposal_sha256, is_digest=True),
            Row("Record", f"{record.number}, the data that this letter prints"),
            Row("SHA-256", digest, is_digest=True),
        ),
    )


def moved_part(days: Sequence[MovedDay], after: str, why: str) -> Iterator[Part]:
    """What happened to the last day between the signatures and this letter; nothing where it stayed."""
    rows = tuple(
        Row(day_words(each.on), f"From {day_words(each.before)} to {day_words(each.ends_on)}, {why}") for each in days
    )
    if rows:
        yield Part(f"Last day moved after {after}", rows)


def _when_rows(act: Act) -> tuple[Row, Row]:
    return Row("When", _moment(act.at)), Row("How", f"Signed in with {proof(act.how)}")


def _moment(at: datetime) -> str:
    moment = at.astimezone(UTC)
    return f"{day_words(moment.date())}, {moment:%H:%M:%S} UTC"


def _annex(record: Record) -> Iterator[Part]:
    """Every term that the agreement leaves open, as it holds for each dataset, and the layers that made it so."""
    specs = agreement_version(record.agreement_version).terms.specs
    for dataset in record.datasets:
        rules = [rule for rule in dataset.terms.rules.values() if rule.mode is not Mode.LOCKED and rule.sources]
        rows = (_term(specs, rule) for rule in sorted(rules, key=_point) if rule.parameter not in _ELSEWHERE)
        yield Part(f"{dataset.title}, {dataset.reference}", tuple(rows))


_LAYERS = {
    Level.AGREEMENT: "agreement",
    Level.ADDENDUM: "addendum",
    Level.DATASET: "dataset",
    Level.GRANT: "this grant",
}
_ELSEWHERE = frozenset({"duties"})  # shown with their dates on the first page


def _point(rule: EffectiveRule) -> tuple[int, ...]:
    return tuple(int(part) for part in rule.point.split(".") if part.isdigit())


def _term(specs: Specs, rule: EffectiveRule) -> Row:
    levels = list(dict.fromkeys(_LAYERS[source.level] for source in rule.sources))
    spec = specs[rule.parameter]
    return Row(spec.label, shown(spec, rule.value, country), clause=rule.point, source=", ".join(levels))


def _grouped(digits: str, size: int = 4) -> str:
    return " ".join(digits[i : i + size] for i in range(0, len(digits), size))
