"""`flask catalog import`: a foreign catalog comes in, with its columns and publishers named where the guess is wrong."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from app.exchange.commands.importing import Imported, allow_import, import_rows, in_batches
from app.exchange.commands.publishers import of_partner, remember_names
from app.exchange.commands.results import Preview, as_row, refusals_as_csv
from app.exchange.foreign import Described, Refused, described
from app.exchange.queries.choices import Choices, asked_choices
from app.exchange.queries.publishers import Publishers
from app.foundation.clock import now
from app.foundation.database import begin_writing
from app.foundation.errors import Invalid, NotAllowed, NotFound
from app.organizations.queries import organization_by_slug
from app.readers import Catalog, Unreadable, read_catalog
from app.readers.entries import Layout
from app.rules.actors import OPERATOR
from app.rules.publishers import Answer
from app.search.engine.following import follow
from app.search.engine.shelf import shelf_of
from app.search.engine.snapshot import Broken
from app.web.database import db

NOTHING_READ, SOME_REFUSED = 2, 1
_SHOWN = 20
_REMARKS_SHOWN = 5
_WIDEST = 32
_WAIT_FOR_OTHERS = 60.0


@dataclass(frozen=True)
class _Asked:
    """What the operator asked for."""

    partner: str
    publish: bool
    dry_run: bool
    said: Choices


@click.command("import")
@with_appcontext
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--partner", required=True, help="The data partner's slug.")
@click.option("--publish", is_flag=True, help="List every dataset that has a title and a description.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Which field a column of a table is; name a column twice to let it be two.",
)
@click.option("--sheet", default="", help="The sheet of a workbook that is read; the likeliest one without it.")
@click.option("--header", default="", metavar="ROW", help="The row with the names of the columns; guessed without it.")
@click.option(
    "--publisher", "publishers", multiple=True, metavar="NAME=ours|take|leave",
    help="Whose the datasets of a publisher are: another name of the partner, listed for the publisher, or left out.",
)  # fmt: skip
@click.option(
    "--refused", "refused_to", type=click.Path(path_type=Path), help="Write the refused rows to this CSV file."
)
@click.option(
    "--remarks", "remarks_to", type=click.Path(path_type=Path),
    help="Write what is to be mended in the rows that are taken to this CSV file.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_catalog(
    file: Path, partner: str, publish: bool, dry_run: bool, columns: tuple[str, ...], publishers: tuple[str, ...],
    sheet: str, header: str, refused_to: Path | None, remarks_to: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Bring a catalog in: DCAT, DCAT-US, CKAN, STAC, Croissant, Data Package, schema.org, CSV, XLSX; gzip is unpacked.

    Running it again changes nothing. Exits with 1 when rows were refused, with 2 when nothing could be read.
    """
    try:
        asked = _Asked(partner, publish, dry_run, asked_choices(columns, publishers, sheet, header))
        with file.open("rb") as source:
            catalog = read_catalog(source, columns=asked.said.columns, sheet=sheet, header=asked.said.header)
            result = _import(catalog, asked)
    except Unreadable as error:
        stop(f"{file}: {error.problem} {error.remedy}")
    except OSError as error:
        stop(f"{file}: {error.strerror or error}. Check the path and the rights on the file.")
    except NotFound:
        stop(
            f"No organization has the slug “{partner}”. Add it: flask organization add --kind partner --slug {partner} …"
        )
    except NotAllowed as error:
        stop(f"{error.message} Until then, leave out --publish: the datasets become drafts.")
    except Invalid as error:
        stop(f"--{error.field}: {error.message}" if error.field in ("map", "publisher", "header") else error.message)
    except OperationalError:
        stop(
            "The database was kept by others for too long, or is away. Run the import again: what is in stays as it is."
        )
    _write(refused_to, result.refused)
    _write(remarks_to, result.remarks)
    told = (
        json.dumps(as_dict(result, catalog), ensure_ascii=False, indent=2) if as_json else _told(result, catalog, asked)
    )
    click.echo(told)
    if not result.read:
        stop(f"{file}: there is no dataset in it.")
    if result.refused:
        sys.exit(SOME_REFUSED)


def _write(file: Path | None, rows: tuple[Refused, ...]) -> None:
    """Write refused rows or remarks to the file that was asked for."""
    if file is None:
        return
    try:
        file.write_text(refusals_as_csv(rows), encoding="utf-8")
    except OSError as error:
        stop(
            f"{file}: {error.strerror or error}. The import itself is done. Check the path and the rights on the folder."
        )


def as_dict(result: Imported, catalog: Catalog | None = None) -> dict[str, object]:
    """The result as programs read it."""
    more: dict[str, object] = {}
    if catalog is not None:
        more = {"format": catalog.form, "columns": {column.name: column.term for column in catalog.columns}}
    return {
        "read": result.read,
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "listed": result.listed,
        "placed_by_title": result.placed,
        "refused": [as_row(one) for one in result.refused],
        "remarks": [as_row(one) for one in result.remarks],
        **({"first_rows": [asdict(one) for one in result.previews]} if result.previews else {}),
        **more,
    }


def stop(message: str) -> NoReturn:
    """End with a sentence, where nothing could be read."""
    click.echo(message, err=True)
    sys.exit(NOTHING_READ)


def _import(catalog: Catalog, asked: _Asked) -> Imported:
    """Commits after each batch, so that others can write meanwhile; an interrupted import is simply run again."""
    moment = now()
    organization = organization_by_slug(db.session, asked.partner)
    allow_import(db.session, OPERATOR, organization, moment, publish=asked.publish)
    if not asked.dry_run:
        ours = [name for name, answer in asked.said.publishers.items() if answer is Answer.OURS]
        remember_names(db.session, OPERATOR, organization, ours, moment)
    publishers = Publishers(db.session, organization, moment)
    db.session.commit()
    rows = of_partner(publishers, asked.said.publishers, described(catalog.entries))
    total = Imported()
    with _progress(rows) as shown:
        for batch in in_batches(shown):
            db.session.expunge_all()
            if not asked.dry_run:
                begin_writing(db.session)
            organization = organization_by_slug(db.session, asked.partner)
            total += import_rows(
                db.session, OPERATOR, organization, batch, moment, publish=asked.publish, dry_run=asked.dry_run
            )
            db.session.commit()  # before the next rows are read: others write meanwhile
    if not asked.dry_run:
        _index()
    return total


def _index() -> None:
    """Let the index follow at once; where it cannot, the worker tries again."""
    with suppress(Broken, OSError):
        follow(db.session, shelf_of(db.session), _WAIT_FOR_OTHERS, is_fresh=True)


def _progress(rows: Iterator[Described | Refused]) -> AbstractContextManager[Iterable[Described | Refused]]:
    """A bar on a terminal. How many rows there are is not known before the last one is read: it moves and counts."""
    if not sys.stderr.isatty():
        return nullcontext(rows)
    return click.progressbar(rows, label="Datasets", show_pos=True, file=sys.stderr, update_min_steps=100)


def _told(result: Imported, catalog: Catalog, asked: _Asked) -> str:
    named = [f"{column.name} → {column.term}" for column in catalog.columns if column.term]
    aside = [column.name for column in catalog.columns if not column.term]
    lines = [f"Read as {catalog.form}.", *_of_layout(catalog.layout)]
    if named:
        lines.append(f"Columns: {', '.join(named)}.{' Kept aside: ' + ', '.join(aside) + '.' if aside else ''}")
    lines += _first_rows(result.previews)
    lines += [_sentence(one) for one in result.refused[:_SHOWN]]
    if len(result.refused) > _SHOWN:
        lines.append(
            f"… and {len(result.refused) - _SHOWN} more; --json names them all, --refused writes them to a file."
        )
    if result.remarks:
        lines.append(f"{len(result.remarks)} things to mend; the datasets are taken all the same. The first of them:")
        lines += [_sentence(one) for one in result.remarks[:_REMARKS_SHOWN]]
        if len(result.remarks) > _REMARKS_SHOWN:
            lines.append("--json names them all, --remarks writes them to a file.")
    if bare := result.undescribed:
        lines.append(
            f"{bare} of {result.read - len(result.refused)} have no description, without which none can be listed. "
            "--map COLUMN=title,description takes the title for both."
        )
    if result.placed:
        lines.append(f"{result.placed} new ones name no place: the country in their titles is taken.")
    verb = "would be " if asked.dry_run else ""
    lines.append(
        f"{result.read} read: {result.created} {verb}created, {result.updated} {verb}updated, "
        f"{result.unchanged} unchanged, {len(result.refused)} refused."
    )
    if asked.publish:
        rest = max(result.created - result.listed, 0)  # what was listed before stays so
        drafts = f" {rest} {verb}not listed: a new one without a description stays a draft." if rest else ""
        lines.append(f"{result.listed} {verb}listed.{drafts}")
    return "\n".join(lines)


def _first_rows(shown: Sequence[Preview]) -> list[str]:
    """The first rows as they would be listed, in columns."""
    if not shown:
        return []
    heads = ("row", "title", "publisher", "countries", "period", "terms", "access", "lacks")
    cells = [
        (
            str(one.row), one.title, one.publisher, ", ".join(one.countries), "/".join(one.period).strip("/"),
            one.license or "agreement", one.access, ", ".join(one.lacks),
        )
        for one in shown
    ]  # fmt: skip
    widths = [min(max(len(row[place]) for row in (heads, *cells)), _WIDEST) for place in range(len(heads))]
    rows = ["  ".join(_fit(cell, width) for cell, width in zip(row, widths, strict=True)) for row in (heads, *cells)]
    return ["As they would be listed, the first of them:", *(row.rstrip() for row in rows)]


def _fit(cell: str, width: int) -> str:
    return (cell if len(cell) <= width else f"{cell[: width - 1]}…").ljust(width)


def _of_layout(layout: Layout) -> list[str]:
    """Where the header stands, if not in the first row, and the sheets that are not read."""
    said = [f"The header is row {layout.header}; --header names another."] if layout.header > 1 else []
    others = [
        f"{one.name} ({one.counted} rows{', hidden' if one.is_hidden else ''})"
        for one in layout.sheets
        if one.name != layout.sheet
    ]
    return [*said, f"Other sheets, which --sheet reads: {', '.join(others)}."] if others else said


def _sentence(one: Refused) -> str:
    value = f" ({one.value})" if one.value else ""
    where = f"row {one.row}" if one.row else "the catalog"
    return f"{where}: {one.field + ': ' if one.field else ''}{one.problem}{value}. {one.remedy}"
