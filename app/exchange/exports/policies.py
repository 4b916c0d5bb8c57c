"""The terms that any use of a dataset starts from, as an ODRL Offer: the same rules in the same words as in a grant's letter."""

import json

from app.agreements.library import current_version
from app.catalog.models import Dataset
from app.catalog.terms import effective_terms
from app.exchange.exports.site import Site
from app.letters.odrl import Offer, Party, Target, offer, rules_of


def offer_text(row: Dataset, site: Site) -> str:
    """The Offer as a document."""
    version = current_version()
    agreement, target = f"{site.root}/agreement/{version.id}", site.dataset(row)
    found = Offer(
        uri=site.policy(row),
        title=row.title,
        agreement=version.id,
        agreement_uri=agreement,
        assigner=Party(site.organization(row.organization), row.organization.name),
        target=Target(target, row.reference, row.title, row.release),
        rules=tuple(rules_of(effective_terms(row, version.terms), version.terms.specs, agreement, target)),
    )
    return json.dumps(offer(found), ensure_ascii=False, indent=1) + "\n"
