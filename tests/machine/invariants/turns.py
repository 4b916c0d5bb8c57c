"""Each open change, suspension, close-out and hand-over to sign waits for one named person, who is there and may do it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.changes.queries.waits import close_out_turns, signing_turns, suspension_wait, wait_of
from app.grants.queries.rests import rests_of
from app.grants.queries.turns import Turn
from app.grants.queries.turns import turns as turns_on
from app.organizations.naming import Name
from app.rules.roles import Kind, Role
from tests.machine.rows import AnyRow, Rows, rows_of

_OFFICE = (Role.OFFICER, Role.DIRECTOR)
_GIVES = (Role.STEWARD, Role.DEPUTY)
# Who may end each wait, by its state: the side, and the roles in it. Written down here once more, so that a fault there is seen.
_ACT = {
    "asked": ("office", (Role.OFFICER,)),
    "in_decision": ("partner", _GIVES),
    "approved": ("office", (Role.DIRECTOR,)),
    "close_out": ("partner", _GIVES),
    "suspended": ("partner", _GIVES),
    "to_sign": ("member", (Role.SIGNATORY,)),
}
# Who of the secretariat may end it as well.
_HELPS = {"close_out": Role.OFFICER, "suspended": Role.DIRECTOR}
_SETTLED = {"accepted", "waived"}


def one_person_is_named(session: Session) -> list[str]:
    """W10: whoever is named can sign in and holds a role for the side that is waited for, or in the secretariat."""
    rows = rows_of(session)
    found = []
    for ref, kind, grant, turn, decided_by in _waits(session, rows, session.info["now"]):
        side, roles = _ACT[kind]
        side_id = {"office": office_of(rows), "partner": grant.data_partner_id, "member": grant.member_id}[side]
        if turn is None or turn.next is None:
            if holding(rows, office_of(rows), _OFFICE):
                found.append(f"W10: nobody is named for {ref} ({kind})")
            continue
        found += wrong(rows, ref, kind, grant, turn.next, side_id)
        able = {
            *holding(rows, side_id, roles),
            *(holding(rows, office_of(rows), (_HELPS[kind],)) if kind in _HELPS else ()),
        }
        named = {name.person_id for name in turn.acting}
        if named - able:
            found.append(f"W10: {sorted(named - able)} are said to act on {ref} ({kind}), and may not")
        if kind != "to_sign" and any(belongs(rows, key, grant.member_id) for key in named):
            found.append(f"W7: somebody of the member is said to act on {ref} ({kind})")
        if kind == "approved" and decided_by in named:
            found.append(f"W8: whoever decided on {ref} is said to issue it")
    return found


def _waits(session: Session, rows: Rows, now: datetime) -> Iterator[tuple[str, str, AnyRow, Turn | None, int | None]]:
    """Reference, kind, grant, the answer, and who decided: of everything that waits by the rows.

    The queries read columns alone, so rows that are known stand for what they would load.
    """
    grants: dict[int, Any] = {row.id: row for row in rows.all("grant")}
    owed = {row.grant_id for row in rows.all("duty") if row.kind == "delete" and row.state.value not in _SETTLED}
    changes: list[Any] = [
        row for row in rows.all("grant_change") if row.state.value in {"asked", "in_decision", "approved"}
    ]
    signing: list[Any] = [row for row in rows.all("subgrant") if row.state.value == "to_sign"]
    owed |= {row.grant_id for row in rows.all("delivery") if row.is_open}
    closing = [row for row in grants.values() if row.state.value in {"closing", "expired"} and row.id not in owed]
    rested = rests_of(session, grants.values())
    turns = turns_on(session, [wait_of(row, grants[row.grant_id], rested) for row in changes], now)
    for row in changes:
        grant, kind, turn = grants[row.grant_id], row.state.value, turns.get(row.reference)
        if kind == "approved" and grant.state.value == "suspended":  # nothing is issued: it waits for who lifts that
            assert turn is None, f"{row.reference} is said to be issued while {grant.number} is suspended"
            kind, turn = "suspended", turns_on(session, [suspension_wait(grant)], now)[grant.number]
        judged_by = row.checked_by_id if row.decided_by_id is None else row.decided_by_id
        yield row.reference, kind, grant, turn, judged_by
    turns = signing_turns(session, [(row, grants[row.grant_id]) for row in signing], now)
    for row in signing:
        yield row.number, "to_sign", grants[row.grant_id], turns.get(row.number), None
    turns = close_out_turns(session, list(grants.values()), now)
    for row in closing:
        yield row.number, "close_out", row, turns.get(row.number), None
    suspended = [row for row in grants.values() if row.state.value == "suspended"]
    turns = turns_on(session, [suspension_wait(row) for row in suspended], now)
    for row in suspended:
        yield row.number, "suspended", row, turns.get(row.number), None


def wrong(rows: Rows, ref: str, kind: str, grant: AnyRow, name: Name, side_id: int) -> list[str]:
    """What is wrong with the one who is named: gone, locked out, or of neither side."""
    able = {*holding(rows, side_id, tuple(Role)), *holding(rows, office_of(rows), _OFFICE)}
    if name.person_id not in able:
        return [f"W10: person {name.person_id} is named for {ref} ({kind}) of {grant.number}, and is not there"]
    return []


def office_of(rows: Rows) -> int:
    return next((int(row.id) for row in rows.all("organization") if row.kind is Kind.SECRETARIAT), 0)


def holding(rows: Rows, organization_id: int, roles: tuple[Role, ...]) -> set[int]:
    """The keys of those who hold one of these roles there now and can sign in."""
    return {
        row.person_id
        for row in rows.of("membership", "organization_id", organization_id)
        if row.ended_at is None and row.role in roles and rows.one("person", row.person_id).active
    }


def belongs(rows: Rows, person_id: int, organization_id: int) -> bool:
    return any(
        row.ended_at is None and row.organization_id == organization_id
        for row in rows.of("membership", "person_id", person_id)
    )


INVARIANTS = (one_person_is_named,)
