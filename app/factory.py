"""Puts the product together: the one file that knows every part, and that no part knows."""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from app import commandline
from app.agreements.routes import blueprint as agreements
from app.catalog import uses
from app.catalog.around import Around as AroundDatasets
from app.catalog.around import init_around as init_dataset_page
from app.catalog.routes import blueprint as catalog
from app.changes.routes import blueprint as changes
from app.changes.sections import SECTIONS as CHANGE_SECTIONS
from app.changes.sections import links as change_links
from app.consents.routes import blueprint as consents
from app.correspondence.routes import blueprint as correspondence
from app.delivery.routes import blueprint as delivery
from app.delivery.sections import SECTIONS as DELIVERY_SECTIONS
from app.demo.routes import blueprint as demo
from app.demo.routes import init_demo
from app.duties.routes import blueprint as duties
from app.duties.sections import SECTIONS as DUTY_SECTIONS
from app.exchange.api import blueprint as exchange_api
from app.exchange.drafting import given_by
from app.exchange.routes import blueprint as exchange
from app.exchange.routes.exporting import OF_LIST, REPRESENTATIONS
from app.exchange.sections import SECTIONS as EXCHANGE_SECTIONS
from app.figures.routes import blueprint as figures
from app.foundation.files import FileStore
from app.front.routes import blueprint as front
from app.front.uses import PublicUses
from app.grants.around import Around as AroundGrants
from app.grants.around import init_around as init_grant_page
from app.grants.routes import blueprint as grants
from app.inbox.around_organizations import AROUND
from app.inbox.queries import waiting_for
from app.inbox.routes import blueprint as inbox
from app.incidents.routes import blueprint as incidents
from app.incidents.sections import SECTIONS as INCIDENT_SECTIONS
from app.incidents.sections import links as incident_links
from app.needs.routes import blueprint as needs
from app.operations.routes import blueprint as operations
from app.organizations.accounts import init_accounts
from app.organizations.around import init_around
from app.organizations.routes import blueprint as organizations
from app.outputs.routes import blueprint as outputs
from app.outputs.sections import RECOGNIZERS, published, unpublished
from app.outputs.sections import SECTIONS as OUTPUT_SECTIONS
from app.proposals.routes import blueprint as proposals
from app.proposals.routes.pipelines import blueprint as pipelines
from app.search.engine.shelf import place
from app.search.routes import blueprint as search
from app.search.sections import SECTIONS as SEARCH_SECTIONS
from app.web import look
from app.web.caching import counted, init_caching
from app.web.compiled import init_compiled
from app.web.compression import init_compression
from app.web.context import init_context
from app.web.database import db, init_database
from app.web.errors import init_errors
from app.web.guards import init_guards
from app.web.limits import init_limits
from app.web.logs import init_logs
from app.web.requests import init_requests
from app.web.words import init_words

BLUEPRINTS = (
    front, search, needs, catalog, exchange, exchange_api, organizations, correspondence, agreements, proposals, pipelines,
    consents, inbox, figures, grants, changes, delivery, duties, outputs, incidents, operations, demo
)  # fmt: skip


def create_app(settings: Mapping[str, object]) -> Flask:
    """The application for these settings (see config.py)."""
    init_logs()
    app = Flask("app", template_folder="../templates", static_folder="static")
    app.config.from_mapping(settings)
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=str(settings["PUBLIC_URL"]).startswith("https://"),
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["onepact_files"] = FileStore(str(settings["FILES_URL"]))
    init_requests(app)
    init_compression(app)
    init_compiled(app)
    init_caching(app)
    init_database(app, str(settings["DATABASE_URL"]))
    with app.app_context():
        place(db.engine, Path(str(settings["SEARCH_INDEX"])))
    init_words(app)
    CSRFProtect(app)
    init_accounts(app)
    look.register(app)
    uses.register(PublicUses())
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _join_parts(app)
    init_demo(app)
    init_context(app, counted(waiting_for))
    init_errors(app)
    init_limits(app)
    init_guards(app)
    commandline.register(app)
    return app


def _join_parts(app: Flask) -> None:
    """Hand the lower parts what the parts above them add to their pages."""
    init_around(app, AROUND)
    init_dataset_page(app, AroundDatasets((*EXCHANGE_SECTIONS, *SEARCH_SECTIONS), REPRESENTATIONS, OF_LIST, given_by))
    # What stands on a grant's page beside its own: one tuple of sections for each part, in the order of the page.
    init_grant_page(
        app,
        AroundGrants(
            sections=(*CHANGE_SECTIONS, *DELIVERY_SECTIONS, *DUTY_SECTIONS, *OUTPUT_SECTIONS, *INCIDENT_SECTIONS),
            links=(
                change_links,
                incident_links,
            ),
            published=published,
            recognizers=RECOGNIZERS,
            unpublished=unpublished,
        ),
    )
