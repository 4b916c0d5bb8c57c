"""One line of the drill: who would have to delete what; and those whose deletion is owed since a dataset was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from app.changes.handed import record_of
from app.grants.duties import deletes, deletes_handed_over
from app.grants.models import Duty, Grant, GrantPerson, SubGrant
from app.grants.record import GrantedDataset, from_json
from app.rules.duties import DELETED_AT_THE_END, DutyKind
from app.rules.terms.values import as_number
from app.rules.workflow import OWED, SubGrantState

# By the key of a grant: that of the one before it, and its datasets.
_Named = Mapping[int, tuple[int | None, Sequence[GrantedDataset]]]


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
    # Whether the data partner holds something open for it, which it would have to switch off.
    is_open: bool = False


def deleted_by(datasets: Sequence[GrantedDataset], ended: date) -> date:
    """The last day for deleting these datasets, once their use ended on a day."""
    return ended + timedelta(days=min(as_number(each.terms.value("deletion_days") or 0) for each in datasets))


def line_of(
    number: str, organization: str, datasets: Sequence[GrantedDataset], people: Sequence[str], ended: date, today: date
) -> Line:
    """What one organization would have to delete, once the use ended on a day."""
    by = deleted_by(datasets, ended)
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


def people_on(session: Session, grants: Sequence[Grant]) -> dict[int, list[str]]:
    """The names of those who may handle the data now, the project lead first, by the key of their grant."""
    named = select(GrantPerson.grant_id, GrantPerson.name).where(
        GrantPerson.grant_id.in_([grant.id for grant in grants]), GrantPerson.ended_at.is_(None)
    )
    found: dict[int, list[str]] = {}
    for grant_id, name in session.execute(named.order_by(GrantPerson.is_lead.desc(), GrantPerson.id)):
        found.setdefault(grant_id, []).append(name)
    return found


def dropped_lines(session: Session, grants: ColumnElement[bool], reference: str, today: date) -> list[Line]:
    """Datasets that a change left out of these grants and whose deletion is still owed: of one reference, or all of them. Three
    statements, however many grants there were before.
    """
    is_owed = (grants, Duty.kind == DutyKind.DELETE, Duty.round > DELETED_AT_THE_END, Duty.state.in_(OWED))
    owed = select(Duty, Grant).join(Grant, Grant.id == Duty.grant_id).where(*is_owed)
    rows = session.execute(owed.options(joinedload(Grant.member)).order_by(Duty.id)).all()
    if not rows:
        return []
    named, people = _named(session, is_owed), people_on(session, [grant for _duty, grant in rows])
    found = []
    for duty, grant in rows:
        each = _left_out(named, grant, duty)
        if each is None or duty.due_on is None or reference not in ("", each.reference):
            continue
        record = from_json(grant.record)
        line = line_of(grant.number, grant.member.name, [each], people.get(grant.id, []), today, today)
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


def ended_lines(session: Session, grants: ColumnElement[bool], reference: str, today: date) -> list[Line]:
    """Hand-overs that have ended under these grants, or earlier ones of their chains, and whose deletion is still owed: each
    once, with the day of its own. Two statements.
    """
    is_owed = (grants, Duty.kind == DutyKind.DELETE, Duty.round > DELETED_AT_THE_END, Duty.state.in_(OWED))
    owed = select(Duty.sentence, Duty.due_on).join(Grant, Grant.id == Duty.grant_id).where(*is_owed)
    by_sentence = {sentence: due_on for sentence, due_on in session.execute(owed) if due_on is not None}
    chains = select(Grant.proposal_id, Grant.data_partner_id).join(Duty, Duty.grant_id == Grant.id).where(*is_owed)
    above = aliased(Grant)
    rows = select(SubGrant).join(above, above.id == SubGrant.grant_id)
    rows = rows.where(
        tuple_(above.proposal_id, above.data_partner_id).in_(chains),
        SubGrant.state == SubGrantState.ENDED,
        SubGrant.sealed_at.is_not(None),
    )
    found = []
    for row in session.scalars(rows.order_by(SubGrant.id)):
        due_on, record = by_sentence.get(deletes_handed_over(row.number, row.organization_name)), record_of(row.record)
        theirs = [each for each in record.datasets if reference in ("", each.reference)]
        if due_on is None or not theirs:
            continue
        line = line_of(row.number, row.organization_name, theirs, [row.person_name], today, today)
        found.append(
            replace(
                line,
                kept=(record.kept_where, record.kept_in),
                state=row.state.value,
                is_handed_over=True,
                delete_by=due_on,
                days=(due_on - today).days,
            )
        )
    return found


def _named(session: Session, is_owed: Sequence[ColumnElement[bool]]) -> _Named:
    """Of all grants in the chains of those that owe a deletion: the one before it, and the datasets that it names."""
    in_chain = aliased(Grant)
    chains = select(Grant.proposal_id, Grant.data_partner_id).join(Duty, Duty.grant_id == Grant.id).where(*is_owed)
    wanted = select(in_chain.id, in_chain.predecessor_id, in_chain.record).where(
        tuple_(in_chain.proposal_id, in_chain.data_partner_id).in_(chains)
    )
    return {key: (before, from_json(record).datasets) for key, before, record in session.execute(wanted)}


def _left_out(named: _Named, grant: Grant, duty: Duty) -> GrantedDataset | None:
    """The dataset that a duty says to delete, as an earlier grant of the chain named it."""
    before = grant.predecessor_id
    while before is not None:
        earlier, datasets = named[before]
        for each in datasets:
            if duty.sentence == deletes(each.title):
                return each
        before = earlier
    return None
