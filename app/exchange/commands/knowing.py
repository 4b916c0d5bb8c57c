"""What is there already of the listings that the rows of a catalog are about."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries.listings import whole
from app.exchange.commands.rows import Known, keeps_description, known_of
from app.exchange.exports.own_terms import mark_of
from app.exchange.foreign import Described
from app.organizations.models import Organization


def those_known(session: Session, organization: Organization, rows: Sequence[Described]) -> dict[str, Known]:
    """What is there of the listings that the rows are about, by the row's identifier."""
    plain = [row.identifier for row in rows if row.own is None]
    wanted = select(Dataset.identifier, Dataset.reference, Dataset.content_hash, Dataset.state, Dataset.listed_at)
    here = wanted.where(Dataset.organization_id == organization.id, Dataset.identifier.in_(plain))
    kept = _describe_themselves(session, organization, rows)
    found = {
        str(row[0]): Known(row[1], row[2], row[3], row[4], keeps_description=row[0] in kept)
        for row in session.execute(here)
    }
    return found | _own_known(session, organization, [row for row in rows if row.own is not None])


def _describe_themselves(session: Session, organization: Organization, rows: Sequence[Described]) -> set[str]:
    """Those of the rows without a description, by identifier, whose listing has one that a person wrote."""
    bare = [row.identifier for row in rows if row.own is None and not row.description]
    wanted = select(Dataset.identifier, Dataset.foreign, Dataset.description).where(
        Dataset.organization_id == organization.id, Dataset.identifier.in_(bare), Dataset.description != ""
    )
    if not bare:
        return set()
    return {
        str(identifier) for identifier, foreign, said in session.execute(wanted) if keeps_description(foreign, said)
    }


def _own_known(session: Session, organization: Organization, rows: Sequence[Described]) -> dict[str, Known]:
    """The same for rows of an export of ours, which name a listing without an identifier by its reference."""
    if not rows:
        return {}
    own = {row.own.reference: row for row in rows if row.own and row.own.reference}
    by_identifier = {row.identifier: row for row in rows}
    named = Dataset.identifier.in_(by_identifier)
    unnamed = and_(Dataset.identifier.is_(None), Dataset.reference.in_(own))
    found: dict[str, Known] = {}
    wanted = whole().where(Dataset.organization_id == organization.id, or_(named, unnamed))
    for dataset in session.scalars(wanted.execution_options(populate_existing=True)):
        row = own.get(dataset.reference)
        if dataset.identifier is not None:
            found[dataset.identifier] = known_of(dataset, by_identifier[dataset.identifier])
        # Another catalog has its own DS-0001, with another mark.
        elif row is not None and row.own is not None and row.own.mark == mark_of(dataset):
            found[row.identifier] = known_of(dataset, row)
    return found
