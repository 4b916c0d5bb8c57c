"""Pages for people who write software that reads the catalog: addresses and forms, and what our own terms mean."""

from flask import url_for
from werkzeug.wrappers import Response

from app.exchange.exports.forms import CATALOG_FORMS, FORMS
from app.exchange.exports.nodes import OWN_TERMS
from app.exchange.exports.own_terms import OWN_TERMS_TABLE
from app.exchange.queries.exporting import example
from app.exchange.routes.blueprint import blueprint
from app.exchange.routes.exporting import site
from app.rules.actors import NOBODY
from app.search.queries import FACETS
from app.web.answers import page
from app.web.database import db
from app.web.guards import public


@blueprint.get("/for-programs")
@public
def for_programs() -> Response:
    """Where programs find the catalog, in which forms, with one command for each."""
    root, reference = site().root, example(db.session, NOBODY) or "DS-0001"
    return page(
        "exchange/for_programs.html",
        catalog=[(form, url_for("exchange.catalog_as", suffix=form.suffix)) for form in CATALOG_FORMS.values()],
        dataset=[
            (form, url_for("exchange.dataset_as", reference=reference, suffix=form.suffix)) for form in FORMS.values()
        ],
        catalog_commands="\n".join(
            (
                *(
                    f"curl --compressed -o catalog.{suffix} {root}{url_for('exchange.catalog_as', suffix=suffix)}"
                    for suffix in CATALOG_FORMS
                ),
                f"curl -o datasets.csv '{root}{url_for('search.index_csv')}?q=trips&country=PE'",
                f"curl '{root}{url_for('search.index_json')}?page=1'",
                f"curl {root}{url_for('search.feed')}",
            )
        ),
        dataset_commands="\n".join(
            f"curl -H 'Accept: {form.media_type}' {root}/datasets/{reference}" for form in FORMS.values()
        ),
        root=root,
        filters=[(facet.value, FACETS[facet]) for facet in FACETS],
        again_command=(
            "curl --compressed --etag-save catalog.etag --etag-compare catalog.etag -o catalog.jsonld "
            f"{root}{url_for('exchange.catalog_as', suffix='jsonld')}"
        ),
    )


@blueprint.get("/ns")
@public
def terms() -> Response:
    """What the terms of our own vocabulary mean."""
    return page("exchange/terms.html", terms=OWN_TERMS_TABLE, namespace=OWN_TERMS)
