"""Datasets for programs: one listing or the whole catalog, each form at an address of its own."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from flask import current_app, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from app.catalog import queries
from app.catalog.around import ListRepresentation, Representation
from app.catalog.models import Dataset
from app.catalog.routes import words
from app.exchange.exports.forms import CATALOG_FORMS, FORMS, CatalogForm, Form
from app.exchange.exports.site import Site
from app.exchange.queries.exporting import edition, exported
from app.exchange.routes.blueprint import blueprint
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.rules.actors import Actor
from app.search.addresses import arguments, request_of
from app.search.queries import search
from app.search.routes.asked import MOST_IN_A_FILE
from app.web.actor import current_actor
from app.web.caching import revalidated
from app.web.database import db
from app.web.guards import NOT_FOUND, public

_PIECE = 64 * 1024  # characters that are sent at once


def _any(names: Iterable[str]) -> str:
    return ",".join(f"'{name}'" for name in names)


@blueprint.get(f"/datasets/<reference>.<any({_any(FORMS)}):suffix>")
@public
def dataset_as(reference: str, suffix: str) -> Response:
    """The dataset in another form."""
    row = queries.dataset_by_reference(db.session, current_actor(), words.reference_in(reference)[0])
    form = FORMS[suffix]
    if not form.fits(row):
        raise NotFound(NOT_FOUND)
    return _answer(row, form)


@blueprint.get(f"/datasets.<any({_any(CATALOG_FORMS)}):suffix>")
@public
def catalog_as(suffix: str) -> Response:
    """Every dataset that the one who asks would find, piece by piece."""
    return _catalog(CATALOG_FORMS[suffix])


def site() -> Site:
    """This installation, as its settings name it."""
    config = current_app.config
    return Site(str(config["PUBLIC_URL"]).rstrip("/"), str(config["CONSORTIUM_NAME"]))


def address_of(row: Dataset, form: Form) -> str | None:
    """Where this form of the listing stands; None where the listing has nothing for it."""
    return url_for("exchange.dataset_as", reference=row.reference, suffix=form.suffix) if form.fits(row) else None


def _answer(row: Dataset, form: Form) -> Response:
    response = current_app.response_class(form.write(row, site()), content_type=form.content_type)
    response.headers["Link"] = f'<{words.public_address(row)}>; rel="canonical"'
    return revalidated(response)


def _catalog(form: CatalogForm) -> Response:
    """The catalog, or what a search in it finds. The mark is made before the body, which is written while it is sent."""
    viewer = current_actor()
    now_offered = edition(db.session, viewer)
    pieces = form.write(_rows(viewer), site(), now_offered.modified)
    packed = viewer.person_id is None and request.accept_encodings.quality("gzip") > 0
    body = _packed(_joined(pieces)) if packed else _joined(pieces)
    response = current_app.response_class(stream_with_context(body), content_type=form.content_type)
    if viewer.person_id is not None:
        return response
    response.vary.update(("Accept-Encoding", "Cookie"))
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    # The day is in it for what no change of a listing tells of: the software itself.
    mark = f"{request.full_path}/{form.suffix}/{now_offered}/{now().date()}"
    response.set_etag(hashlib.sha256(mark.encode()).hexdigest()[:32], weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.automatically_set_content_length = False  # counting it would hold the whole catalog before the first byte
    return response.make_conditional(request)


def _rows(viewer: Actor) -> Iterator[Dataset]:
    asked = request_of(request.args.getlist)
    if not arguments(asked):
        return _read(viewer, None)
    hits = search(db.session, viewer, replace(asked, page=1, page_size=MOST_IN_A_FILE)).hits
    return _read(viewer, [hit.dataset.id for hit in hits])


def _read(viewer: Actor, found: list[int] | None) -> Iterator[Dataset]:
    """These listings, or all. Runs while the answer is sent, when the session of the request is closed already: it asks for
    the one of that time, which is closed with the answer. Another would keep its connection.
    """
    if found is None:
        yield from exported(db.session, viewer)
        return
    rows = queries.datasets_by_ids(db.session, viewer, found, offered_only=True)
    yield from (rows[key] for key in found if key in rows)


def _joined(pieces: Iterator[str]) -> Iterator[bytes]:
    """Pieces of a size that is worth sending."""
    held: list[str] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= _PIECE:
            yield "".join(held).encode()
            held, length = [], 0
    yield "".join(held).encode()


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same compressed on the way, a fifth as long. Only for those who are not signed in, as `app.web.compression` says."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def _representation(form: Form) -> Representation:
    return Representation(form.media_type, lambda row: address_of(row, form), lambda row: _answer(row, form))


def _of_list(form: CatalogForm) -> ListRepresentation:
    return ListRepresentation(form.media_type, lambda: _catalog(form))


REPRESENTATIONS = tuple(map(_representation, FORMS.values()))
OF_LIST = tuple(map(_of_list, CATALOG_FORMS.values()))
