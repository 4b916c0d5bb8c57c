"""From the frozen record to the policy that is attached to the letter."""

from app.agreements.library import version as agreement_version
from app.grants.record import GrantedDataset, Record, record_hash
from app.letters.odrl import DatedDuty, Party, Policy, Target, rules_of

# What each kind of duty is called in ODRL; the others are terms of our own.
_ACTIONS = {"attribute": "attribute", "delete": "delete", "report": "inform"}


def policy(record: Record, public_url: str) -> Policy:
    """The same facts as the letter, with addresses in the place of names."""
    root = public_url.rstrip("/")
    agreement = f"{root}/agreement/{record.agreement_version}"
    specs = agreement_version(record.agreement_version).terms.specs
    return Policy(
        uri=f"{root}/register/{record.number}",
        number=record.number,
        title=record.title,
        issued_at=record.issued_at,
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        agreement=record.agreement_version,
        agreement_uri=agreement,
        agreement_sha256=record.agreement_sha256,
        record_sha256=record_hash(record),
        assigner=_assigner(record, root),
        assignee=Party(f"{root}/organizations/{record.member.slug}", record.member.name),
        purposes=record.purposes,
        purpose_words=record.purpose_words,
        targets=tuple(_target(dataset, root) for dataset in record.datasets),
        rules=tuple(
            rule
            for dataset in record.datasets
            for rule in rules_of(dataset.terms, specs, agreement, _address(dataset, root))
        ),
        duties=tuple(
            DatedDuty(_ACTIONS.get(d.kind, f"x:{d.kind}"), d.sentence, f"{agreement}#{d.clause}", d.due_on)
            for d in record.duties
        ),
    )


def _assigner(record: Record, root: str) -> Party:
    """A data partner that wishes to stay unnamed stands behind the consortium."""
    if record.partner_is_unnamed:
        return Party(root, record.consortium)
    return Party(f"{root}/organizations/{record.data_partner.slug}", record.data_partner.name)


def _target(dataset: GrantedDataset, root: str) -> Target:
    return Target(_address(dataset, root), dataset.reference, dataset.title, dataset.release)


def _address(dataset: GrantedDataset, root: str) -> str:
    return f"{root}/datasets/{dataset.reference}"
