"""What one data partner offers, as far as one reader finds it: no dataset, count or wait of anything else."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries import lists_for
from app.catalog.standing import known_to
from app.catalog.uses import Wait
from app.figures.queries.answers import typical_under
from app.foundation.errors import NotFound
from app.front.queries import as_wait
from app.organizations.models import Organization
from app.organizations.queries import NOT_THERE, organization_by_slug
from app.rules.actors import Actor
from app.search.queries import Facet, Names, SearchPage, SearchRequest, Sort, search

SHOWN = 8


@dataclass(frozen=True)
class Offer:
    """The newest of its datasets, with the numbers of all of them; `wait` is how long its answers took, if there were enough."""

    organization: Organization
    found: SearchPage
    wait: Wait | None


def offer_of(session: Session, viewer: Actor, slug: str, names: Names) -> Offer:
    """What the viewer finds of this organization.

    Raises:
        NotFound: that is nothing, so there may be no such organization.
    """
    row = organization_by_slug(session, slug)
    if not lists_for(session, viewer, row.id):
        raise NotFound(NOT_THERE)
    asked = SearchRequest(facets={Facet.PARTNER: frozenset({row.slug})}, sort=Sort.NEWEST, page_size=SHOWN)
    known = typical_under(session, (Dataset.organization_id == row.id) & known_to(viewer))
    return Offer(row, search(session, viewer, asked, names), as_wait(known) if known else None)
