"""What everybody reads first: the start page, how it works, accessibility, privacy."""

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from app.agreements.library import current_version
from app.catalog import uses
from app.catalog.routes import words
from app.exchange.exports.agents import AGENT_FORMS, agent_node
from app.exchange.routes.exporting import site
from app.front.offers import Offer, offer_of
from app.front.queries import start_page
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.calendar import WORKING_DAYS
from app.rules.permissions import may
from app.search.queries import FACETS, Facet
from app.search.routes.asked import address, namer, names
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.caching import kept, revalidated
from app.web.database import db
from app.web.guards import public
from app.web.negotiation import HTML, wanted_form

blueprint = Blueprint("front", __name__)
# What a data partner's page tells of its datasets, and how many values of each.
_TOLD, _VALUES = (Facet.THEME, Facet.COUNTRY, Facet.MODE), 12


@blueprint.get("/")
@public
@kept
def home() -> Response:
    """What this is, what is in it, how it goes."""
    return page("front/home.html", start=start_page(db.session), dataset_address=words.address)


@blueprint.get("/organizations/<slug>")
@public
@kept
def partner(slug: str) -> Response:
    """What a data partner offers, at the address by which descriptions of its datasets name it; to programs, as RDF."""
    offer = offer_of(db.session, current_actor(), slug, names())
    wanted = wanted_form((HTML, *AGENT_FORMS))
    if wanted == HTML:
        response = _partner_page(offer)
    else:
        content_type, write = AGENT_FORMS[wanted]
        response = Response(write(agent_node(offer.organization, site())), content_type=content_type)
    response = revalidated(response)
    response.vary.add("Accept")
    return response


def _partner_page(offer: Offer) -> Response:
    row = offer.organization
    return page(
        "front/partner.html",
        organization=row,
        found=offer.found,
        wait=offer.wait,
        canonical=site().organization(row),
        parts=[part for facet in _TOLD if (part := _part(offer, facet))],
        file_address=lambda name: address(name, {"partner": row.slug}),
        counts=uses.provider().use_counts(db.session, [hit.dataset.id for hit in offer.found.hits]),
        words=words,
        may_look_inside=may(standing(current_actor(), row), Action.VIEW_ORGANIZATION),
    )


def _part(offer: Offer, facet: Facet) -> tuple[str, list[tuple[str, int, str]]] | None:
    """A facet of the catalog: what it is called; of each value the words, how many datasets have it, and the search for them."""
    within, name = {"partner": offer.organization.slug}, namer()
    counted = [
        (name(one), one.count, address("search.index", {**within, facet.value: one.value}))
        for one in offer.found.facets.get(facet, ())[:_VALUES]
    ]
    return (told(FACETS[facet]), counted) if counted else None


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
    whom = str(current_app.config["SECRETARIAT_ADDRESS"])
    return page("front/join.html", agreement=current_version(), waits=WORKING_DAYS, secretariat_address=whom)


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
