"""From the frozen record to the policy that is attached to the letter."""

from collections.abc import Iterator

from app.agreements.library import version as agreement_version
from app.grants.record import GrantedDataset, Record, record_hash
from app.letters.odrl import DatedDuty, Party, Policy, Rule, Source, Target
from app.rules.terms import Specs
from app.rules.terms.values import plain

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
        rules=tuple(rule for dataset in record.datasets for rule in _rules(dataset, specs, root, agreement)),
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


def _rules(dataset: GrantedDataset, specs: Specs, root: str, agreement: str) -> Iterator[Rule]:
    for rule in dataset.terms.rules.values():
        spec = specs[rule.parameter]
        if spec.odrl is None or rule.parameter in _FRAMED:
            continue
        kind, term, operator = spec.odrl
        yield Rule(
            kind=kind,
            term=term,
            operator=operator,
            value=plain(rule.value),
            clause=f"{agreement}#{rule.clause}",
            unit=rule.unit.value if rule.unit else None,
            target=_address(dataset, root),
            sources=tuple(Source(source.level.value, source.document) for source in rule.sources),
        )


# Said once for the whole grant: its first and last day, and its duties with dates.
_FRAMED = frozenset({"start", "end", "duties"})
