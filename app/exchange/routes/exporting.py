"""Datasets for programs: one listing or the whole catalog, each form at an address of its own."""

from collections.abc import Iterable, Iterator, Sequence

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from app.catalog import queries
from app.catalog.around import ListRepresentation, Representation
from app.catalog.models import Dataset
from app.catalog.routes import words
from app.catalog.routes.indexing import for_search_engines
from app.exchange.exports.forms import CATALOG_FORMS, FORMS, CatalogForm, Form
from app.exchange.exports.site import Site
from app.exchange.queries.exporting import all_keys, in_parts, part
from app.exchange.routes.blueprint import blueprint
from app.foundation.errors import NotFound
from app.rules.actors import Actor
from app.search.addresses import arguments, request_of
from app.search.routes.files import complete
from app.web.actor import current_actor
from app.web.caching import revalidated
from app.web.database import db
from app.web.guards import NOT_FOUND, public
from app.web.streaming import streamed


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
    return revalidated(for_search_engines(response, row))


def _catalog(form: CatalogForm) -> Response:
    """The catalog, or everything that a search in it finds."""
    viewer = current_actor()
    now_offered = queries.edition(db.session, viewer)
    pieces = form.write(_rows(viewer, _keys(viewer)), site(), now_offered.modified)
    return streamed(pieces, form.content_type, now_offered)


def _keys(viewer: Actor) -> Sequence[int]:
    asked = request_of(request.args.getlist)
    return complete(viewer, asked).keys if arguments(asked) else all_keys(db.session, viewer)


def _rows(viewer: Actor, keys: Sequence[int]) -> Iterator[Dataset]:
    """Those of these listings that the viewer would find when their part is read, which is while the answer is sent."""
    for some in in_parts(keys):
        rows = part(db.session, viewer, some)
        db.session.close()
        yield from rows


def _representation(form: Form) -> Representation:
    return Representation(form.media_type, lambda row: address_of(row, form), lambda row: _answer(row, form))


def _of_list(form: CatalogForm) -> ListRepresentation:
    return ListRepresentation(form.media_type, lambda: _catalog(form))


REPRESENTATIONS = tuple(map(_representation, FORMS.values()))
OF_LIST = tuple(map(_of_list, CATALOG_FORMS.values()))
