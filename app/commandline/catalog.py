"""`flask catalog`: bringing foreign catalogs in, taking ours out, and searching as the public does."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from app.catalog.queries import edition, offered_count
from app.commandline.imports import import_catalog, stop
from app.exchange.exports.forms import CATALOG_FORMS
from app.exchange.queries.exporting import exported
from app.exchange.routes.exporting import site
from app.foundation.errors import NotFound
from app.organizations.queries import organization_by_slug
from app.rules.actors import NOBODY, OPERATOR
from app.search.engine.following import follow
from app.search.engine.shelf import shelf_of
from app.search.engine.snapshot import Broken
from app.search.queries import SearchRequest, search
from app.web.database import db

_FORMS = {form.option: form for form in CATALOG_FORMS.values()}
_WAIT_FOR_OTHERS = 60.0

group = AppGroup("catalog", help="The datasets of the consortium.")
group.add_command(import_catalog)


@group.command("export")
@click.option("--format", "option", type=click.Choice(list(_FORMS)), default="dcat-jsonld", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; without it, the catalog is printed.")
@click.option("--partner", default="", help="Only the listings of the data partner with this slug.")
def export_catalog(option: str, out: Path | None, partner: str) -> None:
    """Write the catalog as everybody sees it. A catalog of any length is written piece by piece.

    Take dcat-jsonld for a large catalog that shall be imported again: it is read piece by piece too. Turtle and RDF/XML are read
    as a whole, and an import refuses them beyond its measure.
    """
    try:
        organization = organization_by_slug(db.session, partner).id if partner else None
        form, modified = _FORMS[option], edition(db.session, NOBODY).modified
        pieces = form.write(exported(db.session, NOBODY, organization), site(), modified)
        if out is None:
            for piece in pieces:
                click.echo(piece, nl=False)
            return
        with out.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
        click.echo(f"{out}: {out.stat().st_size:,} bytes.", err=True)
    except NotFound:
        stop(f"No organization has the slug “{partner}”. The page of data partners shows the slugs: /partners.")
    except OSError as error:
        stop(f"{out}: {error.strerror or error}. Check the path and the rights on the folder.")


@group.command("reindex")
def reindex() -> None:
    """Build this machine's search index anew from the database; searches go on meanwhile."""
    count = offered_count(db.session, OPERATOR)
    try:
        with click.progressbar(length=count, label="Indexing", file=sys.stderr) as bar:
            is_done = follow(db.session, shelf_of(db.session), _WAIT_FOR_OTHERS, anew=True, told=bar.update)
    except (Broken, OSError) as error:
        stop(f"The index cannot be written: {error}. Make room, and check the rights on the folder.")
    if not is_done:
        stop("Another process writes the index at this moment. Try again in a minute.")
    click.echo(f"{count} datasets are in the index.")


@group.command("search")
@click.argument("query", required=False)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="Print the datasets as JSON.")
@click.option("--queries", type=click.Path(path_type=Path), help="A file of searches: key, tab, text; one a line.")
@click.option(
    "--trec", is_flag=True, help="Print a run as TREC has it: query, Q0, the publisher's identifier, rank, score, tag."
)
def search_catalog(query: str | None, limit: int, as_json: bool, queries: Path | None, trec: bool) -> None:
    """Search as the public does."""
    if queries is not None or trec:
        _print_run(_searches(queries, query), limit)
        return
    if query is None:
        stop("Say what to search for: flask catalog search “mobility in Bogota”.")
    page = search(db.session, NOBODY, SearchRequest(query, page_size=limit))
    if as_json:
        found = [
            {
                "id": hit.dataset.reference,
                "identifier": hit.dataset.identifier,
                "title": hit.dataset.title,
                "score": hit.score,
            }
            for hit in page.hits
        ]
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for hit in page.hits:
        click.echo(f"{hit.dataset.reference}  {hit.score:7.2f}  {hit.dataset.title}")
    loose = " Nothing has all the words; these have some." if page.is_loose else ""
    meant = f" Did you mean “{page.did_you_mean}”?" if page.did_you_mean else ""
    click.echo(f"{page.total} datasets.{loose}{meant}")


def _searches(queries: Path | None, query: str | None) -> list[tuple[str, str]]:
    """The searches of a file by their keys, or the one that was typed."""
    if queries is None:
        return [("1", query or "")]
    try:
        lines = queries.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{queries}: {error}. Give a text file in UTF-8 with a key, a tab and a text on each line.")
    parts = [line.split("\t") for line in lines if line.strip()]
    bad = next((number for number, part in enumerate(parts, 1) if len(part) < 2), None)
    if bad is not None:
        stop(f"{queries}: line {bad} has no tab. Write a key, a tab and the text.")
    return [(part[0], part[1]) for part in parts]


def _print_run(searches: list[tuple[str, str]], limit: int) -> None:
    for key, text in searches:
        page = search(db.session, NOBODY, SearchRequest(text, page_size=limit))
        for rank, hit in enumerate(page.hits, 1):
            click.echo(f"{key} Q0 {hit.dataset.identifier or hit.dataset.reference} {rank} {hit.score:.0f} onepact")
        db.session.expunge_all()
