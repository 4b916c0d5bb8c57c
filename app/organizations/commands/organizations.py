"""Adding an organization, and changing what is told about it."""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid
from app.foundation.text import clean, clean_line, slugify
from app.foundation.words import N_
from app.history.commands import record
from app.organizations.addresses import clean_address
from app.organizations.commands.acting import about, locked_organization
from app.organizations.details import Defaults, Details
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.roles import CAPACITIES, Kind
from app.rules.workflow import Machine

LONGEST_NAME = 160
LONGEST_ABOUT = 2000
LONGEST_WEBSITE = 300
LONGEST_PLACE = 200
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Words that stand behind /orgs/ themselves, now or later.
_RESERVED = frozenset({"new", "secretariat", "me", "all"})


def add_organization(session: Session, actor: Actor, details: Details, now: datetime) -> Organization:
    """Add a data partner or member. It can list or propose once it has acceded.

    Raises:
        Invalid: the name, address or another answer cannot be taken.
        NotAllowed: this is for the secretariat and the operator.
    """
    permit(Action.ADD_ORGANIZATION, actor.consortium_roles, Machine.CONSORTIUM)
    details = _checked(details)
    if not CAPACITIES[details.kind]:
        raise Invalid(N_("There is one secretariat, and it is there already. Add a data partner or a member."), "kind")
    _refuse_taken(session, details)
    row = Organization(
        slug=details.slug,
        name=details.name,
        kind=details.kind,
        country=details.country,
        website=details.website or None,
        about=details.about,
        defaults=details.defaults.to_json(),
        created_at=now,
    )
    session.add(row)
    session.flush()
    record(session, Event.ORGANIZATION_ADDED, actor, about(actor, row), now, {"name": row.name, "kind": row.kind.value})
    return row


def edit_organization(
    session: Session, actor: Actor, organization_id: int, details: Details, now: datetime
) -> Organization:
    """Change what is told about an organization. Its address and its kind stay.

    Raises:
        Invalid, NotFound, NotAllowed: see `add_organization`.
    """
    row = locked_organization(session, actor, organization_id, Action.EDIT_ORGANIZATION)
    details = _checked(replace(details, slug=row.slug, kind=row.kind))
    _refuse_taken(session, details, row.id)
    before = row.name
    row.name, row.country, row.website, row.about = (
        details.name,
        details.country,
        details.website or None,
        details.about,
    )
    facts: dict[str, object] = {"name": row.name} if row.name == before else {"name": row.name, "before": before}
    record(session, Event.ORGANIZATION_EDITED, actor, about(actor, row), now, facts)
    return row


def edit_defaults(
    session: Session, actor: Actor, organization_id: int, defaults: Defaults, now: datetime
) -> Organization:
    """Change the answers that forms start from. Nothing that was written before changes with them."""
    row = locked_organization(session, actor, organization_id, Action.EDIT_ORGANIZATION)
    row.defaults = _checked_defaults(defaults).to_json()
    record(session, Event.ORGANIZATION_EDITED, actor, about(actor, row), now, {"name": row.name, "part": "defaults"})
    return row


def _checked(details: Details) -> Details:
    name = clean_line(details.name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(N_("Give the organization's name, in up to 160 characters."), "name")
    slug = details.slug.strip().lower() or slugify(name)
    if not _SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Invalid(N_("Write the address with small letters, digits and hyphens, up to 60 characters."), "slug")
    country = (details.country or "").strip().upper() or None
    if country is not None and not re.fullmatch("[A-Z]{2}", country):
        raise Invalid(N_("Give the country as two letters, such as KE."), "country")
    told = clean(details.about)
    if len(told) > LONGEST_ABOUT:
        raise Invalid(N_("Say it in up to 2,000 characters."), "about")
    return Details(
        name, slug, details.kind, country, _website(details.website), told, _checked_defaults(details.defaults)
    )


LONGEST_SLUG = 60


def _website(text: str) -> str:
    address = clean_line(text)
    if not address:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or "@" in parts.netloc or " " in address:
        raise Invalid(N_("Give the whole web address, beginning with https://."), "website")
    if len(address) > LONGEST_WEBSITE:
        raise Invalid(N_("Give a web address of up to 300 characters."), "website")
    return address


def _checked_defaults(defaults: Defaults) -> Defaults:
    name, place = clean_line(defaults.contact_name), clean_line(defaults.storage_place)
    if len(name) > LONGEST_NAME:
        raise Invalid(N_("Give the contact's name in up to 160 characters."), "contact_name")
    if len(place) > LONGEST_PLACE:
        raise Invalid(N_("Name the place in up to 200 characters."), "storage_place")
    email = clean_address(defaults.contact_email, "contact_email") if defaults.contact_email.strip() else ""
    return replace(defaults, contact_name=name, contact_email=email, storage_place=place)


def _refuse_taken(session: Session, details: Details, own_id: int | None = None) -> None:
    if own_id is None:
        taken = session.scalar(select(Organization.id).where(Organization.slug == details.slug))
        if taken is not None or (details.slug in _RESERVED and details.kind is not Kind.SECRETARIAT):
            raise Invalid(N_("Another organization has this address. Choose another one."), "slug")
    same = session.scalar(select(Organization.id).where(Organization.name == details.name, Organization.id != own_id))
    if same is not None:
        raise Invalid(N_("An organization with this name is there already."), "name")
