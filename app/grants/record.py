"""The frozen record of a grant: it is the grant, and the letter is its printed copy. Nothing in it changes after issue, but
for a last day that comes earlier before the letter is sealed.

`Record` is written by `commands.issuing` and read by letter, pages and register; its canonical JSON is hashed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.foundation.base import JSONObject
from app.foundation.hashing import content_hash
from app.foundation.plain import items, table
from app.grants.duties import DatedDuty
from app.grants.moved import MovedDay, moved_back, moved_json
from app.grants.succession import Succession, succession_back, succession_json
from app.rules.terms import EffectiveTerms, as_record, from_record

FORMAT = "onepact-grant/1"


@dataclass(frozen=True)
class Party:
    """An organization as it was called at issue."""

    slug: str
    name: str


@dataclass(frozen=True)
class GrantedDataset:
    """A dataset as it was listed at issue, with the terms that hold for it."""

    reference: str
    title: str
    release: str
    unit: str
    content_hash: str
    is_public: bool
    terms: EffectiveTerms


@dataclass(frozen=True)
class Act:
    """Somebody's act: an approval or the issue. `how` says how it was made sure that it was they."""

    name: str
    role: str
    organization: str
    at: datetime
    how: str
    words: str = ""
    # The reference of what it was about: a dataset, or a change of the whole grant.
    dataset: str = ""

    @property
    def is_on_change(self) -> bool:
        """Whether it was a decision on a change, not on one dataset."""
        return self.dataset.startswith("GC-")


@dataclass(frozen=True)
class Named:
    """A person who may handle the data."""

    name: str
    organization: str
    is_lead: bool


@dataclass(frozen=True)
class Record:
    """All that was granted, by whom, to whom, under which agreement, until when."""

    number: str
    title: str
    consortium: str
    issued_at: datetime
    agreement_version: str
    agreement_title: str
    agreement_sha256: str
    proposal: str
    proposal_version: int
    proposal_sha256: str
    data_partner: Party
    partner_is_unnamed: bool
    member: Party
    datasets: tuple[GrantedDataset, ...]
    purposes: tuple[str, ...]
    purpose_words: str
    benefit: str
    theme: str
    countries: tuple[str, ...]
    access_mode: str
    kept_where: str
    kept_in: str
    people: tuple[Named, ...]
    starts_on: date
    ends_on: date
    duties: tuple[DatedDuty, ...]
    approvals: tuple[Act, ...]
    issue: Act
    predecessor: str | None = None
    succession: Succession | None = None
    # Further members that stand behind a joint proposal.
    co_applicants: tuple[Party, ...] = ()
    moved: tuple[MovedDay, ...] = ()

    @property
    def term_began_on(self) -> date:
        """The first day of the term: an amendment goes on with that of the grant before it (clause 19.2)."""
        return self.succession.term_began_on if self.succession else self.starts_on


def _joint(record: Record) -> JSONObject:
    return {"co_applicants": [_party(each) for each in record.co_applicants]} if record.co_applicants else {}


def to_json(record: Record) -> JSONObject:
    """The record as plain values that canonical JSON can carry."""
    # Records without such a part say nothing of it, so that their hash stays what their letters print.
    following: JSONObject = {"succession": succession_json(record.succession)} if record.succession else {}
    return {
        "format": FORMAT,
        "number": record.number,
        "title": record.title,
        "consortium": record.consortium,
        "issued_at": _moment(record.issued_at),
        "agreement": {
            "version": record.agreement_version,
            "title": record.agreement_title,
            "sha256": record.agreement_sha256,
        },
        "proposal": {
            "reference": record.proposal,
            "version": record.proposal_version,
            "sha256": record.proposal_sha256,
        },
        "data_partner": {**_party(record.data_partner), "is_unnamed": record.partner_is_unnamed},
        "member": _party(record.member),
        "datasets": [_dataset(dataset) for dataset in record.datasets],
        "purpose": {"codes": list(record.purposes), "words": record.purpose_words},
        "benefit": record.benefit,
        "theme": record.theme,
        "countries": list(record.countries),
        "access_mode": record.access_mode,
        "kept": {"where": record.kept_where, "country": record.kept_in},
        "people": [{"name": p.name, "organization": p.organization, "is_lead": p.is_lead} for p in record.people],
        "term": {"starts_on": record.starts_on.isoformat(), "ends_on": record.ends_on.isoformat()},
        "duties": [_duty(duty) for duty in record.duties],
        "approvals": [_act(act) for act in record.approvals],
        "issue": _act(record.issue),
        "predecessor": record.predecessor,
        **following,
        **_joint(record),
        **moved_json(record.moved),
    }


def from_json(data: Mapping[str, object]) -> Record:
    """A record that was stored; a KeyError, ValueError or TypeError says that it is none."""
    agreement, proposal = table(data["agreement"]), table(data["proposal"])
    purpose, kept, term = table(data["purpose"]), table(data["kept"]), table(data["term"])
    partner = table(data["data_partner"])
    return Record(
        number=str(data["number"]),
        title=str(data["title"]),
        consortium=str(data["consortium"]),
        issued_at=_moment_back(data["issued_at"]),
        agreement_version=str(agreement["version"]),
        agreement_title=str(agreement["title"]),
        agreement_sha256=str(agreement["sha256"]),
        proposal=str(proposal["reference"]),
        proposal_version=int(str(proposal["version"])),
        proposal_sha256=str(proposal["sha256"]),
        data_partner=_party_back(partner),
        partner_is_unnamed=bool(partner["is_unnamed"]),
        member=_party_back(table(data["member"])),
        datasets=tuple(_dataset_back(table(item)) for item in items(data["datasets"])),
        purposes=tuple(str(code) for code in items(purpose["codes"])),
        purpose_words=str(purpose["words"]),
        benefit=str(data["benefit"]),
        theme=str(data["theme"]),
        countries=tuple(str(code) for code in items(data["countries"])),
        access_mode=str(data["access_mode"]),
        kept_where=str(kept["where"]),
        kept_in=str(kept["country"]),
        people=tuple(_named_back(table(item)) for item in items(data["people"])),
        starts_on=date.fromisoformat(str(term["starts_on"])),
        ends_on=date.fromisoformat(str(term["ends_on"])),
        duties=tuple(_duty_back(table(item)) for item in items(data["duties"])),
        approvals=tuple(_act_back(table(item)) for item in items(data["approvals"])),
        issue=_act_back(table(data["issue"])),
        predecessor=str(data["predecessor"]) if data.get("predecessor") else None,
        succession=succession_back(table(data["succession"])) if data.get("succession") else None,
        co_applicants=tuple(_party_back(table(item)) for item in items(data.get("co_applicants", ()))),
        moved=moved_back(data),
    )


def record_hash(record: Record) -> str:
    """SHA-256 of the record's canonical JSON: what the letter prints and the register holds."""
    return content_hash(to_json(record))


def _party(party: Party) -> JSONObject:
    return {"slug": party.slug, "name": party.name}


def _party_back(data: Mapping[str, object]) -> Party:
    return Party(str(data["slug"]), str(data["name"]))


def _dataset(dataset: GrantedDataset) -> JSONObject:
    return {
        "reference": dataset.reference,
        "title": dataset.title,
        "release": dataset.release,
        "unit": dataset.unit,
        "content_hash": dataset.content_hash,
        "is_public": dataset.is_public,
        "terms": as_record(dataset.terms),
    }


def _dataset_back(data: Mapping[str, object]) -> GrantedDataset:
    return GrantedDataset(
        str(data["reference"]),
        str(data["title"]),
        str(data["release"]),
        str(data["unit"]),
        str(data["content_hash"]),
        bool(data["is_public"]),
        from_record(table(data["terms"])),
    )


def _duty(duty: DatedDuty) -> JSONObject:
    return {
        "kind": duty.kind,
        "clause": duty.clause,
        "point": duty.point,
        "sentence": duty.sentence,
        "when": duty.when,
        "due_on": duty.due_on.isoformat() if duty.due_on else None,
    }


def _duty_back(data: Mapping[str, object]) -> DatedDuty:
    due = data.get("due_on")
    kind, clause, point, sentence, when = (str(data[key]) for key in ("kind", "clause", "point", "sentence", "when"))
    return DatedDuty(kind, clause, point, sentence, when, date.fromisoformat(str(due)) if due else None)


def _act(act: Act) -> JSONObject:
    return {
        "name": act.name,
        "role": act.role,
        "organization": act.organization,
        "at": _moment(act.at),
        "how": act.how,
        "words": act.words,
        "dataset": act.dataset,
    }


def _act_back(data: Mapping[str, object]) -> Act:
    name, role, organization, how = (str(data[key]) for key in ("name", "role", "organization", "how"))
    return Act(name, role, organization, _moment_back(data["at"]), how, str(data["words"]), str(data["dataset"]))


def _named_back(data: Mapping[str, object]) -> Named:
    return Named(str(data["name"]), str(data["organization"]), bool(data["is_lead"]))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment_back(raw: object) -> datetime:
    return datetime.strptime(str(raw), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
