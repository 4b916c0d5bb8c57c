"""`flask init` and `flask doctor`: making an installation, and saying what is wrong with one."""

import sys
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import select

from app.commandline.keys import make_secrets
from app.foundation.clock import now
from app.foundation.database import begin_writing
from app.foundation.installation import Installation, installation
from app.operations.diagnosis import diagnosis
from app.organizations.commands.secretariat import add_secretariat
from app.organizations.models import Organization
from app.rules.roles import Kind
from app.web.database import db

ROOT = Path(__file__).resolve().parents[2]


@click.command("init")
def init() -> None:
    """Migrate the database and make what is missing: keys, folders, the secretariat. Running it again changes nothing."""
    home = Path(str(current_app.config["ONEPACT_HOME"]))
    made = make_secrets(home, current_app.config)
    before, after = migrate()
    begin_writing(db.session)
    if installation(db.session) is None:
        db.session.add(Installation(id=1, is_demo=False, created_at=now()))
        made.append("the installation's record")
    if db.session.scalar(select(Organization).where(Organization.kind == Kind.SECRETARIAT)) is None:
        add_secretariat(db.session, str(current_app.config["CONSORTIUM_NAME"]), now())
        made.append("the secretariat")
    db.session.commit()
    if before and before != after:
        click.echo(f"The database was brought from {before} to {after}.")
    elif not made:
        click.echo("Everything is in place; nothing was changed.")
    if made:
        click.echo("Made: " + ", ".join(made) + ".")


def migrate() -> tuple[str | None, str | None]:
    """Bring the database to the newest migration; tells at which it was, and is."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        before = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        command.upgrade(config, "head")
        connection.commit()
        return before, MigrationContext.configure(connection).get_current_revision()


@click.command("doctor")
def doctor() -> None:
    """Say in words what is wrong with this installation, and the command that mends it."""
    checks = diagnosis(db.session, current_app.config, now())
    for check in checks:
        click.echo(f"{'ok  ' if check.is_fine else 'MEND'}  {check.name}: {check.seen}")
        if check.remedy and not check.is_fine:
            click.echo(f"      {check.remedy}")
    if not all(check.is_fine for check in checks):
        sys.exit(1)
