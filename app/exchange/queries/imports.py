"""What is read of imports: those of programs, for whoever lists for their organization, and those of one upload."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Select, String, and_, cast, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.catalog.completeness import missing
from app.catalog.models import Dataset, DatasetCondition
from app.catalog.queries import MOST_TOGETHER, is_ready
from app.catalog.queries.listings import whole
from app.catalog.standing import steward_of
from app.exchange.models import CatalogImport, ImportedListing
from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.organizations.models import Organization
from app.organizations.queries import organizations_of
from app.rules.actors import Actor
from app.rules.vocabulary import Frequency, Visibility
from app.rules.workflow import ListingState

_NEWEST = 50
# So many drafts are looked at for those that lack nothing, before the next ones are.
_AT_ONCE = MOST_TOGETHER + 1


def imports_of(session: Session, viewer: Actor) -> list[CatalogImport]:
    """The newest imports that programs asked for, the newest first."""
    return list(session.scalars(_seen_by(viewer).order_by(CatalogImport.id.desc()).limit(_NEWEST)))


def import_seen_by(session: Session, viewer: Actor, import_id: int) -> CatalogImport:
    """One import. Raises NotFound."""
    found = session.scalar(_seen_by(viewer).where(CatalogImport.id == import_id))
    if found is None:
        raise NotFound(N_("There is no such import."))
    return found


def newest_of(session: Session, file_id: int, *, is_trial: bool | None = None) -> CatalogImport | None:
    """The newest look at an uploaded catalog, or its newest import; the newest of both where nothing is said."""
    wanted = select(CatalogImport).where(CatalogImport.file_id == file_id, CatalogImport.by_page)
    if is_trial is not None:
        wanted = wanted.where(CatalogImport.is_trial.is_(is_trial))
    return session.scalar(wanted.order_by(CatalogImport.id.desc()).limit(1))


def ready_drafts(session: Session, row: CatalogImport) -> list[Dataset]:
    """The drafts that an import brought and that lack nothing, up to one more than are sent in one act, in their order."""
    return _drafts(session, row, is_ready, *_may_be_ready())


def lacking_drafts(session: Session, row: CatalogImport) -> list[Dataset]:
    """The drafts that an import brought and that lack a required answer, up to one more than are completed in one act."""
    lacks = or_(*(not_(condition) for condition in _may_be_ready()), _is_shown_to_nobody())
    return _drafts(session, row, lambda one: bool(missing(one)), lacks)


def _drafts(
    session: Session, row: CatalogImport, is_wanted: Callable[[Dataset], bool], *conditions: ColumnElement[bool]
) -> list[Dataset]:
    wanted = (
        whole()
        .join(ImportedListing, ImportedListing.dataset_id == Dataset.id)
        .where(ImportedListing.import_id == row.id, Dataset.state == ListingState.DRAFT, *conditions)
        .order_by(Dataset.id)
        .limit(_AT_ONCE)
    )
    found, until = list[Dataset](), 0
    while len(found) < _AT_ONCE and (some := session.scalars(wanted.where(Dataset.id > until)).all()):
        found += [one for one in some if is_wanted(one)]
        until = some[-1].id
    return found[:_AT_ONCE]


def partner_named(session: Session, viewer: Actor, slug: str) -> Organization:
    """The organization of that slug among those that the viewer lists for; the only one where none is named.

    Raises:
        Invalid: there is no such one, or none is named and there are several.
    """
    mine = [row for row in organizations_of(session, viewer) if row.id in steward_of(viewer)]
    found = [row for row in mine if row.slug == slug or (not slug and len(mine) == 1)]
    if not found:
        names = ", ".join(row.slug for row in mine)
        message = (
            N_("Name the data partner as partner=…, one of: %(names)s.")
            if mine
            else N_("You list for no data partner.")
        )
        raise Invalid(message % {"names": names} if mine else message, field="partner")
    return found[0]


def _may_be_ready() -> list[ColumnElement[bool]]:
    """What the database can tell of the answers that a draft must have, so that no draft is loaded in vain."""
    texts = (Dataset.title, Dataset.summary, Dataset.description, Dataset.unit, Dataset.contact)
    lists = (Dataset.keywords, Dataset.not_good_for)
    choices = (Dataset.coverage_start, Dataset.access_mode, Dataset.sensitivity)
    return [
        *(text != "" for text in texts),
        *(cast(one, String) != "[]" for one in lists),
        *(one.is_not(None) for one in choices),
        Dataset.countries.any(),
        Dataset.themes.any(),
        Dataset.conditions.any(DatasetCondition.parameter == "permitted_purposes"),
        Dataset.frequency != Frequency.UNKNOWN,
    ]


def _is_shown_to_nobody() -> ColumnElement[bool]:
    return and_(Dataset.visibility == Visibility.NAMED, ~Dataset.admitted.any())


def _seen_by(viewer: Actor) -> Select[CatalogImport]:
    wanted = select(CatalogImport).where(CatalogImport.organization_id.in_(steward_of(viewer)), ~CatalogImport.by_page)
    return wanted.options(joinedload(CatalogImport.organization))
