"""Keeping what people say about catalogs: about the one that they look at, and for every one that their data partner brings."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.catalog.standing import partner_standing
from app.exchange.commands.publishers import remember_names
from app.exchange.models import ImportChoice, KeptChoice
from app.exchange.models.choices import LONGEST_SHEET
from app.organizations.models import Organization
from app.readers.columns import guessed
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import permit
from app.rules.publishers import Answer
from app.rules.workflow import Machine

Said = TypeVar("Said", ImportChoice, KeptChoice)
# Somebody who brings hundreds of catalogs keeps what was said last.
_MOST_KEPT = 500


def choose(
    session: Session,
    actor: Actor,
    organization: Organization,
    file_id: int,
    now: datetime,
    *,
    columns: Mapping[str, str] | None = None,
    publishers: Mapping[str, Answer] | None = None,
    sheet: str | None = None,
    header: int | None = None,
) -> ImportChoice:
    """Keep what was said about an uploaded catalog, and remember columns and further names of the data partner for the next one.

    Raises:
        NotAllowed: the actor does not write this organization's listings.
        Invalid: a name is said to be the partner's that another data partner bears.
    """
    permit(Action.EDIT_LISTING, partner_standing(actor, organization.id), Machine.LISTING)
    row = _locked(session, ImportChoice(file_id=file_id, columns={}, publishers={}, sheet="", header=0), file_id)
    if sheet is not None and (name := sheet.replace("\0", "")[:LONGEST_SHEET]) != row.sheet:
        row.sheet, row.header, row.columns = name, 0, {}  # another sheet has columns of its own
    if header is not None and header != row.header:
        row.header, row.columns = header, {}
    row.columns = {**row.columns, **(columns or {})}
    row.publishers = {**row.publishers, **{name: answer.value for name, answer in (publishers or {}).items()}}
    keep(session, actor, organization, now, columns=columns or {}, publishers=publishers or {})
    return row


def keep(
    session: Session,
    actor: Actor,
    organization: Organization,
    now: datetime,
    *,
    columns: Mapping[str, str],
    publishers: Mapping[str, Answer],
) -> KeptChoice:
    """Let it hold for every catalog that the data partner brings later. A column that is what it would be taken for is not kept.

    Raises:
        NotAllowed, Invalid: as `choose` says.
    """
    permit(Action.EDIT_LISTING, partner_standing(actor, organization.id), Machine.LISTING)
    kept, likely = _kept(session, organization), guessed(list(columns))
    before = {name: term for name, term in kept.columns.items() if name not in columns}
    kept.columns = _newest(before | {name: term for name, term in columns.items() if term != likely.get(name, "")})
    kept.publishers = _newest({**kept.publishers, **{name: answer.value for name, answer in publishers.items()}})
    ours = [name for name, answer in publishers.items() if answer is Answer.OURS]
    remember_names(session, actor, organization, ours, now)
    session.flush()
    return kept


def forget(
    session: Session, actor: Actor, organization: Organization, columns: Collection[str], publishers: Collection[str]
) -> None:
    """Let the next catalog be read without some of what is kept. Raises NotAllowed."""
    permit(Action.EDIT_LISTING, partner_standing(actor, organization.id), Machine.LISTING)
    kept = _kept(session, organization)
    kept.columns = {name: term for name, term in kept.columns.items() if name not in columns}
    kept.publishers = {name: answer for name, answer in kept.publishers.items() if name not in publishers}
    session.flush()


def _kept(session: Session, organization: Organization) -> KeptChoice:
    return _locked(session, KeptChoice(organization_id=organization.id, columns={}, publishers={}), organization.id)


def _locked(session: Session, blank: Said, key: int) -> Said:
    """The row of this key as it is now, locked; `blank` where there is none, unless a colleague makes one in the same moment."""
    kind = type(blank)
    row = session.get(kind, key, with_for_update=True, populate_existing=True)
    if row is not None:
        return row
    with suppress(IntegrityError), session.begin_nested():
        session.add(blank)
    return session.get_one(kind, key, with_for_update=True, populate_existing=True)


def _newest(said: Mapping[str, object]) -> dict[str, object]:
    return dict(list(said.items())[-_MOST_KEPT:])
