"""The catalog for machines that follow it: Atom feeds of any search, the map of addresses, and what crawlers may read.

All of it is what everybody may know, whoever asks: feed readers and crawlers bring no sign-in, and their answers are kept.
"""

from dataclasses import replace
from datetime import UTC, datetime

from flask import current_app, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.catalog import queries as catalog
from app.catalog.around import ListRepresentation
from app.catalog.queries import Brief
from app.catalog.routes import words
from app.foundation.errors import NotFound
from app.rules.actors import NOBODY
from app.search.addresses import arguments, request_of, written
from app.search.queries import SearchRequest, search
from app.search.queries.asking import Sort, cleaned
from app.search.queries.saved import followed
from app.search.routes.asked import names, said, whole
from app.search.routes.blueprint import blueprint
from app.web.caching import revalidated
from app.web.database import db
from app.web.guards import NOT_FOUND, public

ENTRIES = 50
# What sitemaps.org allows in one file, and how many files.
ADDRESSES = 50_000
_MOST_PARTS = 50_000
# Pages that stay, beside the listings.
_PAGES = (
    "front.home", "search.index", "agreements.index", "grants.register", "grants.verify", "front.how_it_works",
    "organizations.partners", "organizations.members", "front.accessibility", "front.privacy",
)  # fmt: skip
_PARTNER = "front.partner"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@blueprint.get("/datasets.atom")
@public
def feed() -> Response:
    """New and changed listings of the whole catalog, or of any search."""
    return _feed()


def _feed() -> Response:
    asked = cleaned(request_of(request.args.getlist))
    rows, about = _listings(asked)
    question = written(asked)
    return _xml(
        "search/feed.xml",
        FEED.media_type,
        rows=rows,
        words=words,
        title=about,
        updated=max((row.updated_at for row in rows), default=_EPOCH),
        stable=lambda row: whole(url_for("catalog.dataset", reference=row.reference)),
        itself=whole(url_for("search.feed")) + (f"?{question}" if question else ""),
        page_address=whole(url_for("search.index")) + (f"?{question}" if question else ""),
        stamp=_stamp,
    )


@blueprint.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """The parts of the map of addresses."""
    parts = catalog.public_parts(db.session, ADDRESSES) or [1]
    places = [whole(url_for("search.sitemap_pages"))]
    places += [whole(url_for("search.sitemap_part", number=number)) for number in parts]
    return _xml("search/sitemap_index.xml", "application/xml", places=places)


@blueprint.get("/sitemap/pages.xml")
@public
def sitemap_pages() -> Response:
    """The pages that stay, with one for each data partner of which everybody finds something."""
    rows = [(whole(url_for(name)), "") for name in _PAGES if name in current_app.view_functions]
    if _PARTNER in current_app.view_functions:
        partners = catalog.public_partners(db.session)
        rows += [(whole(url_for(_PARTNER, slug=one.slug)), _stamp(one.updated_at)) for one in partners]
    return _xml("search/sitemap.xml", "application/xml", rows=rows)


@blueprint.get("/sitemap/datasets-<int:number>.xml")
@public
def sitemap_part(number: int) -> Response:
    """One part of the public listings."""
    listed = catalog.public_part(db.session, number, ADDRESSES) if 0 < number <= _MOST_PARTS else []
    if not listed and number != 1:
        raise NotFound(NOT_FOUND)
    rows = [(words.public_address(row), _stamp(row.updated_at)) for row in listed]
    return _xml("search/sitemap.xml", "application/xml", rows=rows)


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """What crawlers may read: pages and listings once each, not every way of narrowing the list."""
    lines = ("User-agent: *", "Disallow: /datasets?", "Disallow: /demo", "Disallow: /login", "")
    answer = make_response("\n".join((*lines, f"Sitemap: {whole(url_for('search.sitemap'))}", "")))
    answer.mimetype = "text/plain"
    return revalidated(answer)


def _listings(asked: SearchRequest) -> tuple[list[Brief], str]:
    """What came or changed last of all, or of what the search finds, with the search in words."""
    if not arguments(asked):
        return catalog.changed_lately(db.session, ENTRIES), ""
    found = search(db.session, NOBODY, replace(followed(asked, ENTRIES), sort=Sort.CHANGED), names())
    rows = sorted((hit.dataset for hit in found.hits), key=lambda row: row.updated_at, reverse=True)
    return rows, said(found) if asked.text or asked.facets else ""


def _stamp(moment: datetime) -> str:
    """A moment as RFC 3339 writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _xml(template: str, media_type: str, **context: object) -> Response:
    answer = make_response(render_template(template, **context))
    answer.headers["Content-Type"] = f"{media_type}; charset=utf-8"
    return revalidated(answer)


FEED = ListRepresentation("application/atom+xml", _feed)
