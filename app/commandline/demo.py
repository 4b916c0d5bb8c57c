"""`flask demo`: the demo consortium, its loading and its sign-in links."""

import json
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import inspect

from app.demo import links as demo_links
from app.demo import loading
from app.foundation.clock import now
from app.foundation.errors import DomainError
from app.web.database import db

group = AppGroup("demo", help="A consortium to try: invented organizations, people, data, proposals and grants.")


@group.command("load")
@click.option("--if-empty", is_flag=True, help="Say nothing where there is data already.")
def load(if_empty: bool) -> None:
    """Fill an empty installation with the demo consortium."""
    if if_empty and not loading.is_empty(db.session):
        return
    _run(loading.load)
    click.echo("The demo consortium is loaded. 'flask demo links' prints how to sign in.")


@group.command("reset")
def reset() -> None:
    """Start the demo over."""
    _run(loading.reset)
    click.echo("The demo consortium is as new.")


@group.command("links")
@click.option("--json", "as_json", is_flag=True)
def links(as_json: bool) -> None:
    """One sign-in link for each role; they work on this machine only."""
    found = demo_links.links(db.session, current_app.config)
    if as_json:
        click.echo(json.dumps([asdict(link) for link in found], ensure_ascii=False, indent=2))
        return
    for link in found:
        click.echo(f"{link.role:<40} {link.person}, {link.organization}\n    {link.url}")


def _run(act: object) -> None:
    if not inspect(db.engine).has_table("installation"):
        raise click.ClickException("There is no database yet. Make it first: flask init")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        act(app, db.session, now())  # type: ignore[operator]
    except DomainError as error:
        raise click.ClickException(error.message) from error
