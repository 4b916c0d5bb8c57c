"""Rows of accessions: to sign, to countersign, and to leave. One person is named for each; colleagues see who."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, false, select
from sqlalchemy.orm import Session, joinedload

from app.agreements.clocks import Waiting, awaited
from app.agreements.models import Accession
from app.agreements.notice import timed_leaving
from app.agreements.queries import to_countersign, to_sign
from app.foundation.words import N_
from app.organizations.naming import Name, named_for
from app.organizations.queries import secretariat
from app.organizations.reminders import Timed
from app.rules.actors import Actor, initials_of
from app.rules.calendar import REMIND_AT
from app.rules.ladder import Named
from app.rules.roles import Role
from app.rules.tasks import Group, Row, mine
from app.rules.workflow import AccessionState

# Who leads an organization out: its signatories, or its focal points where there are none.
_LEADS_OUT = (Role.SIGNATORY, Role.FOCAL_POINT)
_SIGN = (
    N_("Sign the common agreement"),
    N_("%(name)s signs the common agreement"),
    "agreements.sign",
    N_("Read and sign"),
    "a",
)
_COUNTERSIGN = (
    N_("Countersign the common agreement"),
    N_("%(name)s countersigns the common agreement"),
    "agreements.case",
    N_("Countersign"),
    "b",
)  # fmt: skip


_LEAVE = N_("See to what is open: %(organization)s leaves")
_LEAVES = N_("%(name)s sees to what is open: %(organization)s leaves")


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """What the viewer may sign for an organization, or countersign for the secretariat."""
    ours = to_countersign(session, viewer, now) if viewer.is_secretariat else []
    return [
        *_named(session, viewer, to_sign(session, viewer, now), _SIGN),
        *_named(session, viewer, ours, _COUNTERSIGN),
        *_leaving(session, viewer, now),
    ]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether anything waits for those who hold the viewer's roles."""
    if not (viewer.is_secretariat or viewer.organizations_with(*_LEADS_OUT)):
        return false()
    return exists().where(Accession.state.in_((AccessionState.OPEN, AccessionState.SIGNED, AccessionState.LEAVING)))


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _named(
    session: Session, viewer: Actor, found: Sequence[Waiting], words: tuple[str, str, str, str, str]
) -> list[Row]:
    if not found:
        return []
    office = secretariat(session).id
    waits = {each.accession.reference: awaited(each.accession, office) for each in found}
    names = named_for(session, waits.values())
    return [
        _row(each, viewer, words, names.get((wait.thing, wait.ref, wait.organization_id)))
        for each in found
        for wait in (waits[each.accession.reference],)
    ]


def _leaving(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Notices that run, for whoever leads the organization out; from half of the time on it is theirs to do."""
    own = viewer.organizations_with(*_LEADS_OUT)
    wanted = select(Accession).where(Accession.state == AccessionState.LEAVING, Accession.organization_id.in_(own))
    found = session.scalars(wanted.options(joinedload(Accession.organization)).order_by(Accession.leaves_on)).all()
    timed = {row.reference: timed_leaving(session, row, now) for row in found}
    names = named_for(session, [each.awaited for each in timed.values()])
    return [
        _leaving_row(row, viewer, timed[row.reference], names.get(("accession", row.reference, row.organization_id)))
        for row in found
    ]


def _leaving_row(row: Accession, viewer: Actor, timed: Timed, named: Named[Name] | None) -> Row:
    person = named.at(timed.clock.percent) if named else None
    leads = person is not None and person.person_id == viewer.person_id
    is_yours = leads and timed.clock.percent >= REMIND_AT[0]
    is_told = leads or person is None
    return Row(
        group=mine(is_overdue=False) if is_yours else Group.OTHERS,
        sentence=_LEAVE if is_told else _LEAVES,
        facts=(
            ("organization", row.organization.name),
            *(() if is_told or person is None else (("name", person.name),)),
        ),
        lines=(row.reference,),
        initials=initials_of(row.organization.name),
        tone="a",
        endpoint="changes.leaving",
        values=(("reference", row.reference),),
        button=N_("See what follows") if is_yours else "",
        due=row.leaves_on,
    )


def _row(each: Waiting, viewer: Actor, words: tuple[str, str, str, str, str], named: Named[Name] | None) -> Row:
    row, percent = each.accession, each.clock.percent
    sentence, theirs, endpoint, button, tone = words
    person = named.at(percent) if named else None
    is_yours = named is None or viewer.person_id in {name.person_id for name in named.asked(percent)}
    return Row(
        group=mine(each.clock.is_over) if is_yours else Group.OTHERS,
        sentence=sentence if is_yours else theirs,
        facts=() if is_yours or person is None else (("name", person.name),),
        lines=(f"{row.organization.name} · {row.reference}",),
        initials=initials_of(row.organization.name),
        tone=tone,
        endpoint=endpoint,
        values=(("reference", row.reference),),
        button=button if is_yours else "",
        due=each.clock.due,
        clock=each.clock,
    )
