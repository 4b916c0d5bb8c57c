"""`flask grant` and `flask keys`: the operator's way to grants, letters and the keys that seal them."""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import AppGroup

from app.foundation.clock import now
from app.foundation.database import begin_writing
from app.foundation.errors import DomainError
from app.foundation.files import FileStore
from app.grants.commands import revoke
from app.grants.models import Grant
from app.grants.queries.grants import all_grants, grant_by_number
from app.grants.queries.verification import judge_file, status_of
from app.grants.record import from_json
from app.grants.routes.verdicts import card_for_file
from app.grants.routes.verify import as_json
from app.letters.errors import KeysMissing
from app.letters.inspect import LARGEST
from app.letters.keys import known_certificates, rotate_seal
from app.rules.actors import OPERATOR
from app.web.database import db

grants = AppGroup("grant", help="Grants, their letters, and verifying one.")
keys = AppGroup("keys", help="The keys that letters are sealed with.")


@grants.command("list")
@click.option("--json", "as_data", is_flag=True, help="For programs.")
def list_grants(as_data: bool) -> None:
    """Every grant, the oldest first."""
    rows = all_grants(db.session)
    if as_data:
        click.echo(json.dumps([_facts(grant) for grant in rows], ensure_ascii=False, indent=2))
        return
    for grant in rows:
        parties = f"{grant.data_partner.name} to {grant.member.name}"
        click.echo(f"{grant.number:<14} {grant.state.value:<19} {grant.ends_on}  {parties}: {grant.title}")
    click.echo(f"{len(rows)} grants.")


@grants.command("letter")
@click.argument("number")
@click.option("--output", "-o", required=True, type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
def letter(number: str, output: Path) -> None:
    """Write the sealed letter of a grant to a file; - writes it to the standard output."""
    grant = _grant(number)
    if grant.letter is None:
        _stop(f"The letter of {number} is not sealed. `flask outbox list` shows why; the grant is {grant.state.value}.")
    files: FileStore = current_app.extensions["onepact_files"]
    data = files.get(grant.letter.key)
    if str(output) == "-":
        sys.stdout.buffer.write(data)
        return
    output.write_bytes(data)
    click.echo(f"{number}: {len(data)} bytes to {output}, SHA-256 {grant.letter.sha256}")


@grants.command("revoke")
@click.argument("number")
@click.option("--reason", required=True, help="Whoever verifies the letter reads it.")
def revoke_grant(number: str, reason: str) -> None:
    """End a grant for good."""
    begin_writing(db.session)
    try:
        grant = revoke(db.session, OPERATOR, number, reason, now())
    except DomainError as error:
        db.session.rollback()
        _stop(error.message)
    db.session.commit()
    click.echo(f"{grant.number} is revoked. Everyone concerned gets a mail from the worker.")


@grants.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_data", is_flag=True, help="For programs.")
def verify(file: Path, as_data: bool) -> None:
    """Say whether a PDF is a letter of ours and in force. Exit code 0 with any verdict, 2 when the file cannot be opened."""
    with file.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    try:
        known = known_certificates(_keys())
    except KeysMissing as error:
        _stop(error.reason)
    shown = judge_file(db.session, data, known, now())
    if as_data:
        click.echo(json.dumps(as_json(shown), ensure_ascii=False, indent=2))
        return
    with current_app.test_request_context():
        card = card_for_file(shown.judgment, shown.record)
    click.echo(f"{card.title}. {card.sentence}")
    for check in shown.judgment.checks:
        mark = {True: "yes", False: "NO", None: "?"}[check.passed]
        click.echo(f"  {mark:<4} {check.words}")


@keys.command("rotate")
def rotate() -> None:
    """Certify a new seal key for two years; old letters keep verifying. Needs root.key in the folder of keys."""
    settings = current_app.config
    try:
        rotate_seal(_keys(), str(settings["SEAL_PASSPHRASE"]), str(settings["CONSORTIUM_NAME"]), now())
    except KeysMissing as error:
        _stop(error.reason)
    click.echo("A new seal key is in use. Take root.key offline again.")


def _facts(grant: Grant) -> dict[str, object]:
    status = status_of(grant, now())
    record = from_json(grant.record)
    return {
        "number": grant.number,
        "state": grant.state.value,
        "in_force": status.gives_right,
        "title": grant.title,
        "data_partner": grant.data_partner.name,
        "member": grant.member.name,
        "datasets": [dataset.reference for dataset in record.datasets],
        "starts_on": grant.starts_on.isoformat(),
        "ends_on": grant.ends_on.isoformat(),
        "issued_at": grant.issued_at.isoformat(),
        "sealed_at": grant.sealed_at.isoformat() if grant.sealed_at else None,
        "agreement_version": grant.agreement_version,
        "record_sha256": grant.record_hash,
        "letter_sha256": grant.letter.sha256 if grant.letter else None,
        "verify": f"{current_app.config['PUBLIC_URL']}/v/{grant.number}?t={grant.verify_token}",
    }


def _grant(number: str) -> Grant:
    try:
        return grant_by_number(db.session, number)
    except DomainError as error:
        _stop(error.message)


def _keys() -> Path:
    return Path(str(current_app.config["ONEPACT_HOME"])) / "keys"


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
