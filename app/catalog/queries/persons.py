"""What the officer reads of a sample that may name persons: which columns, and what the steward said of them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.profiles import persons_kept
from app.history.queries import happenings
from app.rules.events import Event


@dataclass(frozen=True)
class Suspected:
    """Columns that look as if they named persons, and whether the rows are said to be made up."""

    columns: tuple[str, ...]
    is_made_up: bool


def suspected(dataset: Dataset) -> Suspected | None:
    """What looks like persons in the rows and the shape that a listing shows; None where nothing does."""
    columns = persons_kept(dataset.sample, dataset.profile)
    return Suspected(columns, bool((dataset.sample or {}).get("is_synthetic"))) if columns else None


def why_no_persons(session: Session, dataset: Dataset) -> str:
    """What the steward said with the sample that is there; empty where nothing was said."""
    edits = happenings(session, [("listing", dataset.reference)], newest_first=True)
    facts = (one.facts for one in edits if one.type == Event.LISTING_EDITED.value)
    brought = next((one for one in facts if one.get("page") == "sample"), {})
    return str(brought.get("no_persons", ""))
