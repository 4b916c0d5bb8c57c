"""What an import brought is sent to the check together, as far as it lacks nothing."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.catalog.commands import send_together
from app.catalog.models import Dataset
from app.catalog.queries import MOST_TOGETHER
from app.catalog.standing import partner_standing
from app.exchange.foreign import Described, Refused
from app.exchange.models import CatalogImport, ImportedListing
from app.exchange.queries.imports import ready_drafts
from app.foundation.errors import WrongState
from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import permit
from app.rules.workflow import Machine

_NONE = N_("None of its drafts can be sent: each lacks a required answer, or was sent already.")


def keep_brought(session: Session, row: CatalogImport, part: Iterable[Described | Refused]) -> None:
    """Note which listings a part of an import is about. An import that goes on notes none twice."""
    named = [one.identifier for one in part if isinstance(one, Described)]
    wanted = select(Dataset.id).where(Dataset.organization_id == row.organization_id, Dataset.identifier.in_(named))
    found = session.scalars(wanted).all()
    own = (ImportedListing.import_id == row.id) & ImportedListing.dataset_id.in_(found)
    there = set(session.scalars(select(ImportedListing.dataset_id).where(own)))
    links = [{"import_id": row.id, "dataset_id": one} for one in found if one not in there]
    if links:
        session.execute(insert(ImportedListing), links)


def send_what_is_ready(session: Session, actor: Actor, row: CatalogImport, now: datetime) -> int:
    """Send the drafts of an import that lack nothing to the secretariat's check, up to 200 in one act. Returns how many.

    Raises:
        NotAllowed: the actor does not write this organization's listings, or it may not list yet.
        WrongState: there is none.
    """
    permit(Action.EDIT_LISTING, partner_standing(actor, row.organization_id), Machine.LISTING)
    ready = ready_drafts(session, row)[:MOST_TOGETHER]
    if not ready:
        raise WrongState(_NONE)
    return send_together(session, actor, [one.reference for one in ready], now)
