"""What a rule looks at, read from the version of a proposal that was sent."""

from collections.abc import Mapping

from app.catalog.models import Dataset
from app.proposals.models import ProposalVersion
from app.proposals.queries.versions import answers_of
from app.rules.consents import ItemFacts
from app.rules.questions import months_between, purposes, text, typed_day


def facts_of(version: ProposalVersion, dataset: Dataset) -> ItemFacts:
    """One dataset of the version: what is asked comes from the version, the sensitivity from the listing as it is now."""
    answers = answers_of(version.content)
    start, end = typed_day(answers.get("starts_on")), typed_day(answers.get("ends_on"))
    return ItemFacts(
        dataset=dataset.reference,
        sensitivity=dataset.sensitivity.value if dataset.sensitivity else "",
        member=_member(version.content),
        purposes=frozenset(purposes(answers)),
        access_mode=text(answers, "access_mode"),
        personal_data=text(answers, "personal_data"),
        months=months_between(start, end) if start and end else None,
    )


def _member(content: Mapping[str, object]) -> str:
    organization = content.get("organization")
    return str(organization.get("slug", "")) if isinstance(organization, Mapping) else ""
