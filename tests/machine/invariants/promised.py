"""Each open duty, delivery, output and incident waits for one named person who is there, and whoever is said to act may do it."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from app.delivery.queries import wait_of as wait_of_delivery
from app.duties.queries import wait_of as wait_of_duty
from app.grants.models import Grant
from app.grants.queries.turns import Waiting, turns
from app.incidents.queries import wait_of as wait_of_incident
from app.outputs.queries import wait_of as wait_of_output
from app.rules.roles import Role
from tests.machine.invariants.turns import belongs, holding, office_of, wrong
from tests.machine.rows import AnyRow, Rows, rows_of

_OFFICE = (Role.OFFICER, Role.DIRECTOR)
_GIVES = (Role.STEWARD, Role.DEPUTY)
_LEADS = (Role.FOCAL_POINT,)
# By thing and state, who may end the wait: the roles at the data partner, at the member (with the project lead), in the
# secretariat. Written down here once more, so that a fault there is seen.
_ACT: dict[str, tuple[tuple[Role, ...], tuple[Role, ...] | None, tuple[Role, ...]]] = {
    "duty open": ((), _LEADS, ()),
    "duty returned": ((), _LEADS, ()),
    "duty done": (_GIVES, None, (Role.OFFICER,)),
    "delivery preparing": (_GIVES, None, (Role.OFFICER,)),
    "delivery provided": ((), (), ()),
    "delivery to_switch_off": (_GIVES, None, (Role.OFFICER,)),
    "output in_reading": (_GIVES, None, ()),
    "output with_secretariat": ((), None, _OFFICE),
    "output changes_asked": ((), (), ()),
    "output cleared": ((), (), ()),
    "incident open": (_GIVES, _LEADS, (Role.OFFICER,)),
    "incident reported": (_GIVES, None, _OFFICE),
}
_WAITS: dict[str, Callable[[Grant, Any], Waiting | None]] = {
    "duty": wait_of_duty,
    "delivery": wait_of_delivery,
    "output": wait_of_output,
    "incident": wait_of_incident,
}
_SETTLED = {"accepted", "waived"}
_OVER = {"awaiting_signature", "replaced"}


def one_person_has_each_promise(session: Session) -> list[str]:
    """W10: whoever is named is there; whoever is said to act may do it, and nobody does so in a conflict of interest."""
    rows = rows_of(session)
    found, waits = [], list(_waits(rows))
    asked = turns(session, [wait for _kind, _grant, wait in waits], session.info["now"])
    for kind, grant, wait in waits:
        if wait is None:
            if kind in _ACT and not _is_over(kind, grant):
                found.append(f"W10: nobody is waited for on a {kind} of {grant.number}")
            continue
        turn = asked[wait.ref]
        if turn.next is None:
            if holding(rows, office_of(rows), _OFFICE):
                found.append(f"W10: nobody is named for {wait.ref} ({kind})")
            continue
        side = grant.data_partner_id if wait.organization_id is None else wait.organization_id
        found += wrong(rows, wait.ref, kind, grant, turn.next, side)
        named = {name.person_id for name in turn.acting}
        if named - _able(rows, kind, grant):
            found.append(f"W10: {sorted(named - _able(rows, kind, grant))} are said to act on {wait.ref} ({kind})")
        if _ACT[kind][1] is None:
            found += [f"W7: person {key} acts on {wait.ref} ({kind})" for key in named & _too_close(rows, named, grant)]
    return found


def _is_over(kind: str, grant: AnyRow) -> bool:
    """What a newer grant carries on waits for nobody here; nor what goes on in a moment, since the suspension is lifted."""
    if kind == "delivery to_switch_off":
        return grant.state.value in {"replaced", "active"}
    return kind.startswith("duty") and grant.state.value in _OVER


def _waits(rows: Rows) -> Iterator[tuple[str, Any, Waiting | None]]:
    """Each thing that is not over, by thing and state, with its grant and what it says it waits for.

    Whom a thing waits for is said by columns alone, so rows that are known stand for what a query would load.
    """
    grants: dict[int, Any] = {row.id: row for row in rows.all("grant")}
    for thing, wait_of in _WAITS.items():
        row: Any
        for row in rows.all(thing):
            if f"{thing} {row.state.value}" in _ACT:
                grant = grants[row.grant_id]
                yield f"{thing} {row.state.value}", grant, wait_of(grant, row)


def _able(rows: Rows, kind: str, grant: AnyRow) -> set[int]:
    of_partner, of_member, of_office = _ACT[kind]
    able = holding(rows, grant.data_partner_id, of_partner) | holding(rows, office_of(rows), of_office)
    if of_member is None:
        return able
    lead = rows.one("proposal", grant.proposal_id).lead_id
    is_there = rows.one("person", lead).active and belongs(rows, lead, grant.member_id)
    return able | holding(rows, grant.member_id, of_member) | ({lead} if is_there else set())


def _too_close(rows: Rows, people: set[int], grant: AnyRow) -> set[int]:
    """Those of the member, and those who declared a conflict of interest that nobody lifted."""
    declared: set[int] = {
        row.person_id for row in _conflicts(rows) if row.proposal_id == grant.proposal_id and row.lifted_at is None
    }
    return declared | {key for key in people if belongs(rows, key, grant.member_id)}


def _conflicts(rows: Rows) -> list[AnyRow]:
    return list(rows.all("conflict_of_interest"))


def nothing_is_open_once_closed(session: Session) -> list[str]:
    """Of a grant that is closed each deletion is accepted or waived, and nothing is left open at the data partner."""
    rows = rows_of(session)
    closed = {row.id: row.number for row in rows.all("grant") if row.state.value == "closed"}
    owed = {row.grant_id for row in rows.all("duty") if row.kind == "delete" and row.state.value not in _SETTLED}
    still_on = {row.grant_id for row in rows.all("delivery") if row.is_open}
    found = [f"{closed[key]} is closed and its deletion not accepted" for key in owed & closed.keys()]
    return found + [f"{closed[key]} is closed and access still on" for key in still_on & closed.keys()]


INVARIANTS = (one_person_has_each_promise, nothing_is_open_once_closed)
