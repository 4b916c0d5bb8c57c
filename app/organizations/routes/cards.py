"""Vouching for people: asking for it, saying it, renewing it, ending it."""

from collections.abc import Callable

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.organizations import queries
from app.organizations.around import around
from app.organizations.cards import card_seen_by
from app.organizations.commands.vouching import ask_for_card, decline_card, end_card, renew_card, vouch
from app.organizations.forms.organizations import WordsForm
from app.organizations.models import Card, Organization
from app.organizations.routes.blueprint import blueprint
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once
from app.web.words import day


@blueprint.post("/orgs/<slug>/cards/ask")
@signed_in
@once
def ask_to_be_vouched(slug: str) -> Response:
    """Ask the focal points to vouch for oneself."""
    row = queries.organization_seen_by(db.session, current_actor(), slug)
    message = _("Asked. You get a mail when somebody has answered.")
    return _done(row, lambda: ask_for_card(db.session, current_actor(), row.id, now()), message)


@blueprint.post("/orgs/<slug>/people/<pid>/vouch")
@signed_in
@once
def vouch_for(slug: str, pid: str) -> Response:
    """Vouch for a person, who may have asked or not."""
    row = queries.organization_seen_by(db.session, current_actor(), slug)
    people = queries.people_of(db.session, row.id, current_actor())
    person = next((each for each in people if str(each.pid) == pid), None)
    if person is None:
        raise NotFound(queries.NOT_THERE)
    terms = around().terms_of(db.session, row.id)
    message = _("%(name)s can send proposals for a year.", name=person.name)
    return _done(row, lambda: vouch(db.session, current_actor(), row.id, person.person_id, terms, now()), message)


@blueprint.post("/orgs/<slug>/cards/<int:card_id>/renew")
@signed_in
@once
def renew(slug: str, card_id: int) -> Response:
    """Vouch for another year."""
    row, card = _card(slug, card_id)
    terms = around().terms_of(db.session, row.id)
    return _done(row, lambda: renew_card(db.session, current_actor(), card.id, terms, now()), _("Renewed for a year."))


@blueprint.route("/orgs/<slug>/cards/<int:card_id>/<any(end,decline):act>", methods=["GET", "POST"])
@signed_in
def answer_card(slug: str, card_id: int, act: str) -> Response:
    """End a card, or decline to vouch, with words for the person."""
    row, card = _card(slug, card_id)
    form = WordsForm()
    if form.is_submitted():
        return _answered(row, card, act, form)
    return _words_page(row, card, act, form)


@once
def _answered(row: Organization, card: Card, act: str, form: WordsForm) -> Response:
    command = end_card if act == "end" else decline_card
    if form.submitted(lambda: command(db.session, current_actor(), card.id, form.words.data or "", now())):
        return finish(_cards(row), _("Done. The person gets a mail with your words."))
    return _words_page(row, card, act, form)


def _words_page(row: Organization, card: Card, act: str, form: WordsForm) -> Response:
    name = queries.person(db.session, card.person_id).name
    until = day(card.until) if card.until else ""
    context = {"organization": row, "name": name, "until": until, "is_end": act == "end", "form": form}
    return page("organizations/card.html", form.status, **context)


def _card(slug: str, card_id: int) -> tuple[Organization, Card]:
    row = queries.organization_seen_by(db.session, current_actor(), slug)
    card = card_seen_by(db.session, current_actor(), card_id)
    if card.organization_id != row.id:
        raise NotFound(queries.NOT_THERE)
    return row, card


def _done(row: Organization, act: Callable[[], object], message: str) -> Response:
    """Act, and go back to the list; what cannot be done is told there."""
    try:
        act()
    except Invalid as problem:
        db.session.rollback()
        return answered(_cards(row), told(problem.message))
    return finish(_cards(row), message)


def _cards(row: Organization) -> str:
    return url_for("organizations.inside", slug=row.slug) + "#cards"
