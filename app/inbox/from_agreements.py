"""Rows of accessions: to sign, and to countersign."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, func, literal, or_, select
from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.agreements.queries import Waiting, to_countersign, to_sign
from app.foundation.words import N_
from app.rules.actors import Actor, initials_of
from app.rules.roles import Role
from app.rules.tasks import Row, mine
from app.rules.workflow import AccessionState


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """What the viewer may sign for an organization, or countersign for the secretariat."""
    to_be_countersigned = to_countersign(session, viewer, now) if viewer.is_secretariat else []
    return [*_to_sign(to_sign(session, viewer, now)), *_to_countersign(to_be_countersigned)]


def count(_session: Session, viewer: Actor, _now: datetime) -> ScalarSelect[int] | int:
    """How many there are."""
    wanted = [literal(value=False)]
    signing = viewer.organizations_with(Role.SIGNATORY)
    if signing:
        wanted.append((Accession.state == AccessionState.OPEN) & Accession.organization_id.in_(signing))
    if viewer.organizations_with(Role.OFFICER, Role.DIRECTOR):
        others = Accession.organization_id.not_in(viewer.organization_ids)
        wanted.append((Accession.state == AccessionState.SIGNED) & others)
    return select(func.count(Accession.id)).where(or_(*wanted)).scalar_subquery()


def _to_sign(found: Sequence[Waiting]) -> list[Row]:
    return [_row(each, N_("Sign the common agreement"), "agreements.sign", N_("Read and sign"), "a") for each in found]


def _to_countersign(found: Sequence[Waiting]) -> list[Row]:
    return [
        _row(each, N_("Countersign the common agreement"), "agreements.case", N_("Countersign"), "b") for each in found
    ]


def _row(each: Waiting, sentence: str, endpoint: str, button: str, tone: str) -> Row:
    row = each.accession
    return Row(
        group=mine(each.clock.is_over),
        sentence=sentence,
        facts=(),
        lines=(f"{row.organization.name} · {row.reference}",),
        initials=initials_of(row.organization.name),
        tone=tone,
        endpoint=endpoint,
        values=(("reference", row.reference),),
        button=button,
        due=each.clock.due,
        clock=each.clock,
    )
