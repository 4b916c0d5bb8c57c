"""What the drafts of an import lack is said once for all of them, and written where it lacks."""

from collections import Counter
from collections.abc import Collection, Sequence

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.catalog import commands
from app.catalog.completeness import REQUIRED, missing
from app.catalog.forms import SharedForm, shared_form
from app.catalog.models import Dataset
from app.catalog.queries import MOST_TOGETHER
from app.catalog.terms import asked
from app.exchange.queries.imports import lacking_drafts, newest_of
from app.exchange.routes.blueprint import blueprint
from app.exchange.routes.uploads import Upload, uploaded
from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.rules.imports import ImportState
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import finish, page
from app.web.database import db
from app.web.guards import NOT_FOUND, holding
from app.web.once import once
from app.web.words import country_name

_DONE = frozenset({ImportState.DONE})
_NO_DRAFT = N_("Tick at least one draft.")
_NO_ANSWER = N_("Give at least one answer that a ticked draft lacks. What you leave empty stays as it is.")


@blueprint.get("/catalog/import/<int:file_id>/complete")
@holding(Role.STEWARD, Role.DEPUTY)
def import_complete(file_id: int) -> Response:
    """One form for what the drafts of an import lack; all of them are ticked."""
    given, drafts = _lacking(file_id)
    return _show(given, drafts, _form(), {draft.reference for draft in drafts})


@blueprint.post("/catalog/import/<int:file_id>/complete")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def complete_import(file_id: int) -> Response:
    """Write the answers into the ticked drafts, each only where one lacks it."""
    _given, drafts = _lacking(file_id)
    form, ticked = _form(), set(request.form.getlist("draft"))
    chosen = [draft.reference for draft in drafts if draft.reference in ticked]
    try:
        written = _write(chosen, form)
    except Invalid as error:
        db.session.rollback()
        form.put_errors(error)
        return _show(*_lacking(file_id), form, ticked, 422)
    message = ngettext("Written into one draft.", "Written into %(num)d drafts.", written)
    left = sum(bool(missing(draft)) for draft in drafts if draft.reference in ticked)
    rest = (
        ngettext("One of them lacks more.", "%(num)d of them lack more.", left) if left else _("They lack nothing now.")
    )
    return finish(url_for("exchange.import_progress", file_id=file_id), f"{message} {rest}")


def _write(references: Sequence[str], form: SharedForm) -> int:
    """Into how many drafts something was written; raises Invalid where it is none."""
    if not references:
        raise Invalid(_NO_DRAFT)
    written = commands.complete_together(db.session, current_actor(), references, form.given(), now())
    if not written:
        raise Invalid(_NO_ANSWER)
    return written


def _lacking(file_id: int) -> tuple[Upload, list[Dataset]]:
    """The drafts of an upload's import that lack something; NotFound where it brought none that does."""
    given, row = uploaded(file_id), newest_of(db.session, file_id, is_trial=False)
    drafts = lacking_drafts(db.session, row) if row is not None and row.state in _DONE else []
    if not drafts:
        raise NotFound(NOT_FOUND)
    return given, drafts[:MOST_TOGETHER]


def _form() -> SharedForm:
    fields = {requirement.field for requirement in REQUIRED}
    return shared_form(tuple(one for one in asked(country_name) if one.spec.name in fields))


def _show(
    given: Upload, drafts: Sequence[Dataset], form: SharedForm, ticked: Collection[str], status: int = 200
) -> Response:
    lacks = {draft.reference: missing(draft) for draft in drafts}
    counts = Counter(requirement.field for each in lacks.values() for requirement in each)
    return page(
        "exchange/import_complete.html",
        status,
        file=given.file,
        drafts=drafts,
        lacks=lacks,
        counts=counts,
        shared=[one for one in REQUIRED if counts[one.field] and one.field in form],
        own=[one for one in REQUIRED if counts[one.field] and one.field not in form],
        form=form,
        ticked=ticked,
    )
