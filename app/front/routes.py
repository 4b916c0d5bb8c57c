"""What everybody reads first: the start page, how it works, accessibility, privacy."""

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from app.agreements.library import current_version
from app.catalog.routes.words import address
from app.front.queries import start_page
from app.rules.calendar import WORKING_DAYS
from app.web.answers import page
from app.web.caching import kept
from app.web.database import db
from app.web.guards import public

blueprint = Blueprint("front", __name__)


@blueprint.get("/")
@public
@kept
def home() -> Response:
    """What this is, what is in it, how it goes."""
    return page("front/home.html", start=start_page(db.session), dataset_address=address)


@blueprint.get("/how-it-works")
@public
@kept
def how_it_works() -> Response:
    """The way from a question to an answer, step by step, with how long each takes."""
    return page("front/how_it_works.html", agreement=current_version(), waits=WORKING_DAYS)


@blueprint.get("/join")
@public
def join() -> Response:
    """Who may join, what it takes, how long it takes, and whom to write to."""
    address = str(current_app.config["SECRETARIAT_ADDRESS"])
    return page("front/join.html", agreement=current_version(), waits=WORKING_DAYS, secretariat_address=address)


@blueprint.get("/accessibility")
@public
def accessibility() -> Response:
    """What we hold ourselves to, how it is checked, and whom to tell what does not work."""
    return page("front/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> Response:
    """What is kept about people who use this service."""
    return page("front/privacy.html")
