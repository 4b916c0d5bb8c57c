"""Searches that somebody keeps: saving one, the list of one's own, another name or rhythm, and away with it."""

from dataclasses import replace

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.correspondence.queries import preferences
from app.foundation.clock import now
from app.rules.mail import CADENCES, Cadence, Topic
from app.search.addresses import arguments, read, request_of
from app.search.commands import change, remove, save
from app.search.forms import SavedSearchForm
from app.search.queries import search
from app.search.queries.saved import own_search, saved_by
from app.search.routes.asked import address, names, said
from app.search.routes.blueprint import blueprint
from app.web.actor import current_actor
from app.web.answers import finish, page
from app.web.database import db
from app.web.guards import signed_in


@blueprint.route("/datasets/save", methods=["GET", "POST"])
@signed_in
def save_search() -> Response:
    """Keep the search of this address."""
    actor, asked = current_actor(), request_of(request.args.getlist)
    known = preferences(db.session, actor.person_id or 0)
    words = said(search(db.session, actor, replace(asked, page_size=1), names()))
    form = SavedSearchForm(data={"name": words, "cadence": Cadence.WEEKLY.value})

    def act() -> None:
        save(db.session, actor, asked, form.name.data or "", Cadence(form.cadence.data), known.hours, now())

    if form.submitted(act):
        return finish(url_for("search.saved"), _("Saved: %(name)s.", name=form.name.data))
    back = address("search.index", arguments(asked))
    return page("search/save.html", form.status, form=form, saved=None, words=words, back=back)


@blueprint.get("/me/searches")
@signed_in
def saved() -> Response:
    """The searches that one keeps."""
    actor = current_actor()
    rows = [(row, address("search.index", arguments(read(row.question)))) for row in saved_by(db.session, actor)]
    is_held_back = preferences(db.session, actor.person_id or 0).cadence(Topic.SEARCHES) is Cadence.OFF
    return page("search/saved.html", rows=rows, cadences=CADENCES, is_held_back=is_held_back)


@blueprint.route("/me/searches/<int:search_id>", methods=["GET", "POST"])
@signed_in
def change_search(search_id: int) -> Response:
    """Another name, or another rhythm."""
    actor = current_actor()
    row = own_search(db.session, actor, search_id)
    known = preferences(db.session, actor.person_id or 0)
    form = SavedSearchForm(data={"name": row.name, "cadence": row.cadence.value})

    def act() -> None:
        change(db.session, actor, search_id, form.name.data or "", Cadence(form.cadence.data), known.hours, now())

    if form.submitted(act):
        return finish(url_for("search.saved"), _("Saved: %(name)s.", name=form.name.data))
    return page("search/save.html", form.status, form=form, saved=row, back=url_for("search.saved"))


@blueprint.post("/me/searches/<int:search_id>/remove")
@signed_in
def remove_search(search_id: int) -> Response:
    """Throw a saved search away."""
    remove(db.session, current_actor(), search_id)
    return finish(url_for("search.saved"), _("Removed. Nobody is told of new datasets for it any more."))
