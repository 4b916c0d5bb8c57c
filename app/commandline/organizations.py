"""`flask organization`: adding and listing organizations, inviting their people, and mending a lost second step."""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import AppGroup

from app.agreements.commands import record_on_paper
from app.agreements.commands.countersigning import Scan
from app.foundation.clock import now
from app.foundation.database import begin_writing
from app.foundation.errors import DomainError
from app.foundation.files import FileStore
from app.organizations import commands
from app.organizations.details import Defaults, Details
from app.organizations.models import Organization
from app.organizations.queries import organization_by_slug, overview
from app.rules.actors import OPERATOR
from app.rules.roles import CAPACITIES, HELD_ROLES, Capacity, Kind, Role
from app.web.database import db

REFUSED = 2
_KINDS = [kind.value for kind in Kind if CAPACITIES[kind]]
_ROLES = sorted({role.value for roles in HELD_ROLES.values() for role in roles})

group = AppGroup("organization", help="Data partners, members and their people.")


@group.command("add")
@click.option("--kind", required=True, type=click.Choice(_KINDS), help="As what it takes part.")
@click.option("--name", required=True)
@click.option("--slug", required=True, help="Its address: small letters, digits and hyphens.")
@click.option("--country", default="", help="Two letters, such as KE.")
@click.option("--website", default="")
@click.option("--contact-name", default="")
@click.option("--contact-email", default="")
@click.option(
    "--acceded-on-paper",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A scan of the common agreement as both sides signed it, PDF, PNG or JPEG.",
)
def add(
    kind: str,
    name: str,
    slug: str,
    country: str,
    website: str,
    contact_name: str,
    contact_email: str,
    acceded_on_paper: Path | None,
) -> None:
    """Add an organization. It lists or proposes after acceding; a scan of the signed paper records that."""
    defaults = Defaults(contact_name=contact_name, contact_email=contact_email)
    details = Details(name, slug, Kind(kind), country or None, website, "", defaults)
    begin_writing(db.session)
    try:
        row = commands.add_organization(db.session, OPERATOR, details, now())
        acceded = _record_paper(row, acceded_on_paper) if acceded_on_paper else []
    except DomainError as error:
        _stop(error)
    db.session.commit()
    click.echo(f"Added {row.name} as {row.slug}.")
    for reference in acceded:
        click.echo(f"Accession {reference} is recorded from paper, and in force.")
    if not acceded:
        click.echo("It may list or propose once it has acceded.")
    click.echo(f"Next: flask organization invite {row.slug} --name NAME --email ADDRESS --role focal_point")


def _record_paper(row: Organization, scan: Path) -> list[str]:
    """One accession for each capacity that the organization takes part in."""
    store: FileStore = current_app.extensions["onepact_files"]
    file = Scan(scan.read_bytes(), scan.name)
    capacities = [capacity for capacity in Capacity if capacity in CAPACITIES[row.kind]]
    return [record_on_paper(db.session, OPERATOR, row.id, each, file, store, now()).reference for each in capacities]


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_organizations(as_json: bool) -> None:
    """Every organization, with its number of people and of open invitations."""
    rows = overview(db.session, OPERATOR)
    if as_json:
        keys = ("slug", "name", "kind", "country", "people", "invited")
        found = [{key: getattr(row, key) for key in keys} for row in rows]
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row.slug:<28} {row.kind.value:<8} {row.people:>3} people  {row.name}")
    click.echo(f"{len(rows)} organizations.")


@group.command("invite")
@click.argument("slug")
@click.option("--name", required=True, help="The person's full name.")
@click.option("--email", required=True)
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice(_ROLES))
def invite(slug: str, name: str, email: str, roles: tuple[str, ...]) -> None:
    """Invite a person to hold roles in an organization, and print the link, which is mailed as well."""
    begin_writing(db.session)
    try:
        row = organization_by_slug(db.session, slug)
        held = [Role(role) for role in roles]
        invited = commands.invite(db.session, OPERATOR, row.id, name, email, held, now())
    except DomainError as error:
        _stop(error)
    db.session.commit()
    click.echo(str(current_app.config["PUBLIC_URL"]) + invited.path)


@group.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Remove the second step of somebody who lost the device and the recovery codes. Make sure who asks, first."""
    begin_writing(db.session)
    try:
        person = commands.reset_second_factor(db.session, OPERATOR, email, now())
    except DomainError as error:
        _stop(error)
    db.session.commit()
    click.echo(f"{person.name} sets up a new second step at the next sign-in. All sessions have ended.")


def _stop(error: DomainError) -> NoReturn:
    db.session.rollback()
    click.echo(error.message, err=True)
    sys.exit(REFUSED)
