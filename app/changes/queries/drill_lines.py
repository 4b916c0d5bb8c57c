"""One line of the drill: who would have to delete what; and those whose deletion is owed since a dataset was left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.grants.duties import deletes
from app.grants.models import Duty, Grant
from app.grants.record import GrantedDataset, from_json
from app.rules.duties import DELETED_AT_THE_END, DutyKind
from app.rules.terms.values import as_number
from app.rules.workflow import OWED


@dataclass(frozen=True)
class Line:
    """Somebody who would have to delete: under which number, what, where it is kept, by whom, and by when."""

    number: str
    is_handed_over: bool
    organization: str
    datasets: tuple[str, ...]
    people: tuple[str, ...]
    kept: tuple[str, str]
    state: str
    delete_by: date
    days: int
    derived_too: bool
    models_too: bool
    certificate: bool


def line_of(
    number: str, organization: str, datasets: Sequence[GrantedDataset], people: Sequence[str], ended: date, today: date
) -> Line:
    """What one organization would have to delete, once the use ended on a day."""
    days = min(as_number(each.terms.value("deletion_days") or 0) for each in datasets)
    by = ended + timedelta(days=days)
    return Line(
        number=number,
        is_handed_over=False,
        organization=organization,
        datasets=tuple(f"{each.title}, {each.reference}" for each in datasets),
        people=tuple(people),
        kept=("", ""),
        state="",
        delete_by=by,
        days=(by - today).days,
        derived_too=any(each.terms.value("derived_delete") is True for each in datasets),
        models_too=any(each.terms.value("ai_use") == "train_delete" for each in datasets),
        certificate=any(each.terms.value("deletion_certificate") is True for each in datasets),
    )


def dropped_lines(session: Session, grants: ColumnElement[bool], reference: str, today: date) -> list[Line]:
    """Datasets that a change left out of these grants and whose deletion is still owed: of one reference, or all of them."""
    owed = (
        select(Duty, Grant)
        .join(Grant, Grant.id == Duty.grant_id)
        .where(grants, Duty.kind == DutyKind.DELETE, Duty.round > DELETED_AT_THE_END, Duty.state.in_(OWED))
        .options(joinedload(Grant.member))
        .order_by(Duty.id)
    )
    found = []
    for duty, grant in session.execute(owed):
        each = _left_out(session, grant, duty)
        if each is None or duty.due_on is None or reference not in ("", each.reference):
            continue
        record = from_json(grant.record)
        people = [person.name for person in record.people]
        line = line_of(grant.number, grant.member.name, [each], people, today, today)
        found.append(
            replace(
                line,
                kept=(record.kept_where, record.kept_in),
                state=grant.state.value,
                delete_by=duty.due_on,
                days=(duty.due_on - today).days,
            )
        )
    return found


def _left_out(session: Session, grant: Grant, duty: Duty) -> GrantedDataset | None:
    """The dataset that a duty says to delete, as an earlier grant of the chain named it."""
    before = session.get(Grant, grant.predecessor_id) if grant.predecessor_id else None
    while before is not None:
        for each in from_json(before.record).datasets:
            if duty.sentence == deletes(each.title):
                return each
        before = session.get(Grant, before.predecessor_id) if before.predecessor_id else None
    return None
