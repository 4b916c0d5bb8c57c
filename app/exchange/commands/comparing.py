"""Comparing a catalog with what is listed from it: what is new, what differs field by field, what is gone, what is back."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries.listings import whole
from app.exchange.commands.importing import in_batches
from app.exchange.commands.rows import as_filled
from app.exchange.exports.own_terms import mark_of
from app.exchange.foreign import Described, Refused
from app.exchange.foreign.keeping import Kept, is_said
from app.exchange.models import HarvestedDataset, HarvestSource
from app.foundation.base import JSONObject
from app.foundation.words import N_
from app.readers import Unreadable
from app.rules.actions import Action
from app.rules.harvests import FOREIGN, Kind, conditions_in, may_pass_unseen
from app.rules.workflow import ListingState, is_possible

LONGEST_SHOWN = 1000
# Ours alone: nothing that a source says.
_OWN = frozenset(
    {
        *(
            "id",
            "reference",
            "organization_id",
            "identifier",
            "state",
            "state_since",
            "state_reason",
            "typed",
            "foreign",
        ),
        *("created_at", "updated_at", "listed_at", "content_hash", "version"),
    }
)


@dataclass(frozen=True)
class Change:
    """One field: what is listed, what the source says, and whether it may be taken unseen."""

    field: str
    old: str
    new: str
    is_harmless: bool
    # Whether the field would say nothing any more.
    is_emptied: bool = False

    def to_json(self) -> JSONObject:
        """As it is stored."""
        return asdict(self)


@dataclass(frozen=True)
class Found:
    """What was found about one dataset of the catalog, or about one that is no longer in it."""

    kind: Kind
    row: int
    identifier: str
    title: str
    content_hash: str = ""
    publisher: str = ""
    dataset_id: int | None = None
    changes: tuple[Change, ...] = ()
    problem: str = ""
    remedy: str = ""

    @property
    def is_harmless(self) -> bool:
        """Whether it may be taken unseen, where the steward has said so: it lists nothing new and sets no conditions."""
        return self.kind not in {Kind.CREATED, Kind.REFUSED} and all(change.is_harmless for change in self.changes)


@dataclass(frozen=True)
class Compared:
    """A whole reading: rows, how many are as listed, what was found, and which datasets the source holds."""

    rows: int
    unchanged: int
    found: tuple[Found, ...]
    present: frozenset[int]
    # What is to be mended in the catalog and in rows that can be taken.
    remarks: tuple[Refused, ...] = ()


def compare(
    session: Session,
    source: HarvestSource,
    rows: Iterable[Described | Refused],
    left: Collection[str],
    now: datetime,
    most: int,
    is_part: bool = False,
) -> Compared:
    """What a catalog says against what is listed. Reads only.

    Of publishers that are `left` out nothing is found; what is listed of them is there still, and not gone. Of a part of a
    catalog nobody can tell what is gone.

    Raises:
        Unreadable: there are more than `most` rows in it, or it breaks off.
    """
    linked = _linked(session, source)
    count = unchanged = 0
    found, remarks = list[Found](), list[Refused]()
    present: set[int] = set()
    for batch in in_batches(rows):
        count += len(batch)
        _refuse_more(count, most)
        listed = _listed(session, source, [row for row in batch if isinstance(row, Described)])
        present |= {dataset.id for dataset in listed.values()}
        remarks += [remark for row in batch if isinstance(row, Described) for remark in remarks_on(row, left)]
        told, same = _of_batch(batch, listed, linked, left, now)
        found += told
        unchanged += same
        for dataset in listed.values():  # a catalog may be large, and none of them is needed again
            session.expunge(dataset)
    if is_part:
        present |= {key for key, link in linked.items() if link.is_there}
    else:
        found += _gone(session, source, linked, present)
    return Compared(count, unchanged, tuple(found), frozenset(present), tuple(remarks))


def _of_batch(
    batch: Iterable[Described | Refused],
    listed: Mapping[str, Dataset],
    linked: Mapping[int, HarvestedDataset],
    left: Collection[str],
    now: datetime,
) -> tuple[list[Found], int]:
    """What is found of some rows, and how many are as listed."""
    found, unchanged = list[Found](), 0
    for row in batch:
        if isinstance(row, Refused):
            found.append(_refused(row))
        elif row.publisher not in left:
            dataset = listed.get(row.identifier)
            each = _compared(row, dataset, linked.get(dataset.id) if dataset else None, now)
            found += [each] if each else []
            unchanged += each is None
    return found, unchanged


def remarks_on(row: Described, left: Collection[str]) -> list[Refused]:
    """What is to be mended; of datasets that are left out nothing, of the catalog around them all."""
    return [one for one in row.remarks if one.is_of_catalog or row.publisher not in left]


def _refuse_more(count: int, most: int) -> None:
    if count > most:
        remedy = N_("Offer it in parts, each at an address of its own.")
        raise Unreadable(f"The catalog has more than {most} datasets.", remedy)


def _linked(session: Session, source: HarvestSource) -> dict[int, HarvestedDataset]:
    rows = session.scalars(select(HarvestedDataset).where(HarvestedDataset.source_id == source.id)).all()
    return {row.dataset_id: row for row in rows}


def _listed(session: Session, source: HarvestSource, rows: Sequence[Described]) -> dict[str, Dataset]:
    """The listings that rows are about, by identifier; one without, that an export of ours names, by its reference."""
    here = whole().where(Dataset.organization_id == source.organization_id)
    named = here.where(Dataset.identifier.in_([row.identifier for row in rows]))
    found = {str(row.identifier): row for row in session.scalars(named)}
    own = {row.own.reference: row for row in rows if row.own is not None and row.own.reference}
    if own:
        for dataset in session.scalars(here.where(Dataset.identifier.is_(None), Dataset.reference.in_(own))):
            row = own[dataset.reference]
            if row.own is not None and row.own.mark == mark_of(dataset):
                found[row.identifier] = dataset
    return found


def _refused(row: Refused) -> Found:
    problem = f"{row.field}: {row.problem}" if row.field else row.problem
    return Found(Kind.REFUSED, row.row, row.value[:500], row.value, problem=problem, remedy=row.remedy)


def _compared(row: Described, dataset: Dataset | None, link: HarvestedDataset | None, now: datetime) -> Found | None:
    base = Found(Kind.CREATED, row.row, row.identifier, row.title, row.content_hash, row.publisher)
    if dataset is None:
        return base
    if not is_possible(Action.EDIT_LISTING, dataset.state):
        return None  # withdrawn for good: what the source says of it is no news
    changes = () if dataset.content_hash == row.content_hash else differences(dataset, as_filled(dataset, row, now))
    is_back = link is not None and link.paused_at is not None and dataset.state in _RESTING
    if not changes and not is_back:
        return None
    return replace(base, kind=Kind.BACK if is_back else Kind.CHANGED, dataset_id=dataset.id, changes=changes)


_RESTING = frozenset({ListingState.PAUSED})
_OPEN = frozenset({ListingState.LISTED})


def _gone(
    session: Session, source: HarvestSource, linked: Mapping[int, HarvestedDataset], present: set[int]
) -> list[Found]:
    """Listings that the source held and holds no longer, unless another source of the same partner holds them."""
    missing = {key for key, link in linked.items() if key not in present and link.paused_at is None}
    elsewhere = select(HarvestedDataset.dataset_id).where(
        HarvestedDataset.source_id != source.id, HarvestedDataset.is_there
    )
    wanted = select(Dataset).where(
        Dataset.organization_id == source.organization_id,
        Dataset.id.in_(missing),
        Dataset.state.in_(_OPEN),
        Dataset.id.not_in(elsewhere),
    )
    return [
        Found(Kind.VANISHED, 0, str(row.identifier), row.title, dataset_id=row.id)
        for row in session.scalars(wanted.order_by(Dataset.id))
    ]


def differences(old: Dataset, new: Dataset) -> tuple[Change, ...]:
    """Field by field what differs between two forms of a listing."""
    fields = [column.key for column in Dataset.__table__.columns if column.key not in _OWN]
    values = ((name, getattr(old, name), getattr(new, name)) for name in fields)
    found = [_change(name, before, after) for name, before, after in (*values, *_parts(old, new)) if before != after]
    told = {(change.old, change.new) for change in found}
    # A property that a field was read from tells the same a second time.
    return (*found, *(one for one in _foreign(old.foreign, new.foreign) if (one.old, one.new) not in told))


def _change(field: str, before: object, after: object) -> Change:
    is_emptied = not is_said(after)
    return Change(field, _told(before), _told(after), may_pass_unseen(field) and not is_emptied, is_emptied)


def _parts(old: Dataset, new: Dataset) -> Iterable[tuple[str, object, object]]:
    yield "countries", *_both(old, new, lambda one: sorted(row.country for row in one.countries))
    yield "themes", *_both(old, new, lambda one: sorted(row.theme for row in one.themes))
    yield "conditions", *_both(old, new, lambda one: {row.parameter: row.value for row in one.conditions})
    yield "admitted", *_both(old, new, lambda one: sorted(row.organization_id for row in one.admitted))


def _both(old: Dataset, new: Dataset, part: Callable[[Dataset], object]) -> tuple[object, object]:
    return part(old), part(new)


def _foreign(old: JSONObject, new: JSONObject) -> list[Change]:
    before, after = _properties(old), _properties(new)
    return [
        Change(
            FOREIGN + name, _told(before.get(name)), _told(after.get(name)),
            may_pass_unseen(FOREIGN + name) and conditions_in(before.get(name)) == conditions_in(after.get(name)),
        )
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]  # fmt: skip


def _properties(stored: JSONObject) -> dict[str, object]:
    """What stands beside the fields, without what only says a field more fully: the field tells its own change."""
    return dict(Kept.of(stored).kept)


def _told(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)[:LONGEST_SHOWN]
    if isinstance(value, Mapping | list):
        return _nested(value)[:LONGEST_SHOWN]
    return str(getattr(value, "value", value))[:LONGEST_SHOWN]


def _nested(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_nested(held)}" for name, held in value.items())
    if isinstance(value, list):
        return ", ".join(_nested(held) for held in value)
    return str(value)
