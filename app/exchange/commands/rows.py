"""One row and the listing that is there: whether it is taken, what it changes, and how it is written onto the listing."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from app.catalog.commands.writing import set_countries, set_themes
from app.catalog.models import AdmittedOrganization, Dataset, DatasetCondition, DatasetCountry, DatasetTheme
from app.catalog.said import FIELDS, changed, said
from app.exchange.commands.filling import fill_own
from app.exchange.commands.results import Difference
from app.exchange.foreign import Described, Refused
from app.exchange.foreign.keeping import came_in, is_said, placed_in
from app.foundation.base import JSONObject
from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.workflow import ListingState, is_possible

_SHORTENED = 300


@dataclass(frozen=True)
class Known:
    """What has to be known of a listing to say what a row does to it."""

    reference: str
    content_hash: str
    state: ListingState
    listed_at: datetime | None
    # Whether the listing says by itself what the row says, as with an export of ours that comes back.
    says_it: bool = False
    # Whether it keeps a description where the row has none.
    keeps_description: bool = False


@dataclass(frozen=True)
class Plan:
    """What happens with a row that is taken."""

    row: Described
    # Of the listing that is there; empty for a new one.
    reference: str
    is_same: bool
    lists: bool

    @property
    def is_new(self) -> bool:
        """Whether a listing is begun."""
        return not self.reference

    @property
    def changes(self) -> bool:
        """Whether anything is written."""
        return self.lists or not self.is_same


def planned(row: Described, known: Known | None, *, publish: bool) -> Plan | Refused:
    """What happens with a row, given the listing that has its identifier."""
    if known is None:
        return Plan(row, "", is_same=False, lists=publish and bool(row.description))
    is_same = known.content_hash == row.content_hash or known.says_it
    if not is_same and (refusal := _refusal(row, known)):
        return refusal
    lists = publish and bool(row.description) and is_possible(Action.PUBLISH_IMPORTED, known.state)
    return Plan(row, known.reference, is_same=is_same, lists=lists)


def known_of(dataset: Dataset, row: Described) -> Known:
    """The same of a listing that is loaded, with its countries, themes and conditions, beside the row that is about it."""
    days = (row.coverage_start, row.coverage_end, row.release)
    is_own = row.own is not None and row.own.is_in(dataset)
    says_it = is_own and days == (dataset.coverage_start, dataset.coverage_end, dataset.release)
    keeps = keeps_description(dataset.foreign, dataset.description)
    return Known(dataset.reference, dataset.content_hash, dataset.state, dataset.listed_at, says_it, keeps)


def keeps_description(foreign: JSONObject, description: str) -> bool:
    """Whether a description stays though the catalog has none: a person wrote it."""
    return bool(description) and not came_in(foreign, "description", description)


def _refusal(row: Described, known: Known) -> Refused | None:
    """Why a row cannot go onto the listing that is there."""
    if not is_possible(Action.EDIT_LISTING, known.state):
        problem = f"{known.reference} was withdrawn"
        return Refused(
            row.row, "identifier", row.identifier, problem, N_("Give the dataset a new identifier to list it anew.")
        )
    is_bare = not row.description and (row.own is not None or not known.keeps_description)
    if is_bare and known.listed_at is not None and known.state is not ListingState.DRAFT:
        problem = f"the description is gone, but {known.reference} is listed"
        return Refused(row.row, "description", "", problem, N_("Describe the dataset, or withdraw the listing first."))
    return None


def written(row: Described) -> dict[str, object]:
    """The columns of a listing that the row says, whatever stood there before."""
    return {
        "title": row.title,
        **row.may_be_unsaid,
        "foreign": row.foreign,
        "content_hash": row.content_hash,
    }


def begun(row: Described) -> dict[str, object]:
    """The columns of a new listing that the row says."""
    return {
        **written(row),
        "identifier": row.identifier,
        "summary": row.summary,
        "publisher": row.publisher,
        "contact": row.contact,
        "spatial_resolution": row.spatial_resolution,
        "dictionary": list(row.dictionary),
    }


def fill(dataset: Dataset, row: Described, now: datetime) -> None:
    """Write what the foreign catalog says. What it cannot know stays as the partner's defaults or a steward left it."""
    if row.own is not None:
        fill_own(dataset, row, row.own, now)
        return
    values = written(row)
    is_unsaid = placed_in(dataset.foreign) == tuple(one.country for one in dataset.countries)
    for column in _left(dataset, row):
        values.pop(column)
    for column, value in values.items():
        setattr(dataset, column, value)
    dataset.updated_at = now
    dataset.publisher = row.publisher or dataset.publisher
    dataset.contact = row.contact or dataset.contact
    dataset.summary = dataset.summary or row.summary
    dataset.spatial_resolution = row.spatial_resolution or dataset.spatial_resolution
    if row.dictionary:
        dataset.dictionary = list(row.dictionary)
    if row.countries or is_unsaid:  # what a person said of its place, if only that the title misleads, stays
        set_countries(dataset, row.countries or row.placed)
    if not dataset.themes:
        set_themes(dataset, row.themes)


def _left(dataset: Dataset, row: Described) -> set[str]:
    """The columns that stay: the row says nothing of them, and what stands there came from a person."""
    unsaid = [column for column, value in row.may_be_unsaid.items() if not is_said(value)]
    left = {column for column in unsaid if not came_in(dataset.foreign, column, getattr(dataset, column))}
    start, end = (getattr(dataset if day in left else row, day) for day in ("coverage_start", "coverage_end"))
    # One day of a person's and one of the catalog's that contradict each other are no period: the catalog's stands.
    return left if not (start and end and start > end) else left - {"coverage_start", "coverage_end"}


def as_filled(dataset: Dataset, row: Described, now: datetime) -> Dataset:
    """What a listing would hold once this row is taken: a copy that no session knows. `whole` listings only."""
    held = {column.key: deepcopy(getattr(dataset, column.key)) for column in Dataset.__table__.columns}
    copy = Dataset(**held)
    copy.countries = [DatasetCountry(country=one.country) for one in dataset.countries]
    copy.themes = [DatasetTheme(theme=one.theme) for one in dataset.themes]
    copy.conditions = [DatasetCondition(parameter=one.parameter, value=one.value) for one in dataset.conditions]
    copy.admitted = [AdmittedOrganization(organization_id=one.organization_id) for one in dataset.admitted]
    fill(copy, row, now)
    return copy


def differences(dataset: Dataset, row: Described, now: datetime) -> tuple[Difference, ...]:
    """What the row would change, field by field, in words."""
    before, after = said(dataset), said(as_filled(dataset, row, now))
    return tuple(Difference(FIELDS[name], _shown(before[name]), _shown(after[name])) for name in changed(before, after))


def _shown(value: object) -> str:
    if isinstance(value, list | tuple | set):
        value = ", ".join(str(item.get("name", "")) if isinstance(item, dict) else str(item) for item in value)
    text = "" if value is None else str(value)
    return text if len(text) <= _SHORTENED else f"{text[:_SHORTENED]}…"
