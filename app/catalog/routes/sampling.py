"""A sample of a listing: uploaded, measured while one waits, and gone but for its shape and the rows that are shown."""

from random import SystemRandom

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.catalog import commands
from app.catalog.answers import ShownRows
from app.catalog.forms import SampleForm
from app.catalog.models import Dataset
from app.catalog.profiles import AMBIGUOUS, FEWEST, MOST_ROWS, Kind, Profile
from app.catalog.profiles.shapes import profile_of
from app.catalog.routes.blueprint import blueprint
from app.catalog.routes.writing import editable
from app.foundation.clock import now
from app.foundation.errors import Invalid
from app.readers import Unreadable, read_rows
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import signed_in

# So many columns are named in a message.
_NAMED = 5
_LARGEST, _MOST_COLUMNS = 2 * 1024 * 1024, 500


@blueprint.get("/desk/listings/<reference>/sample")
@signed_in
def edit_sample(reference: str) -> Response:
    """What is kept of the sample, and a form that brings another."""
    return _sample_page(editable(reference), SampleForm(formdata=None))


@blueprint.post("/desk/listings/<reference>/sample")
@signed_in
def sample(reference: str) -> Response:
    """Measure a CSV or XLSX file and keep its shape, make the shown rows up from the shape that is there, or take both away."""
    row, form, act = editable(reference), SampleForm(), request.form.get("act", "")
    here = url_for("catalog.edit_sample", reference=row.reference)
    if act == "remove":
        commands.drop_sample(db.session, current_actor(), row.reference, now())
        return finish(here, _("The sample is gone, and so is the shape of its columns."))
    try:
        if act == "make_up":
            commands.make_rows_up(db.session, current_actor(), row.reference, now(), SystemRandom())
            return finish(here, _("The rows that are shown are made up now, in the shape of your sample."))
        if form.validate_on_submit():
            said = _keep(row, form)
            return finish(here, said)
    except Unreadable as error:
        form.file.errors = [f"{told(error.problem)} {told(error.remedy)}"]
    except Invalid as error:
        db.session.rollback()
        form.put_errors(error)
    return _sample_page(editable(reference), form, 422)


def _sample_page(row: Dataset, form: SampleForm, status: int = 200) -> Response:
    return page("catalog/edit_sample.html", status, dataset=row, form=form, fewest=FEWEST)


def _keep(row: Dataset, form: SampleForm) -> str:
    table = _read(form.file.data)
    shown = ShownRows(form.shown.data) if form.shown.data in set(ShownRows) else ShownRows.FIRST
    is_synthetic = bool(form.is_synthetic.data)
    kept = commands.keep_sample(
        db.session,
        current_actor(),
        row.reference,
        table,
        shown,
        now(),
        SystemRandom(),
        is_synthetic=is_synthetic,
        leaves_persons_out=bool(form.leaves_persons_out.data),
        no_persons=(form.no_persons.data or "").strip(),
    )
    profile = profile_of(kept.profile)
    measured = _(
        "The sample was measured: %(num)s rows, %(columns)s columns.",
        num=profile.rows if profile else 0,
        columns=len(table[0]),
    )
    return " ".join([measured, *_about_thousands(profile)])


def _about_thousands(profile: Profile | None) -> list[str]:
    """Of which columns the numbers were read with their thousands set apart, and of which nobody can say."""
    columns = profile.columns if profile else ()
    unclear = [one.name for one in columns if one.thousands == AMBIGUOUS]
    read = [one.name for one in columns if one.thousands and one.kind in (Kind.WHOLE, Kind.NUMBER)]
    said = []
    if read:
        said.append(_("Numbers with their thousands set apart: %(columns)s.", columns=", ".join(read[:_NAMED])))
    if unclear:
        said.append(
            _(
                "Read as text, as a comma may set thousands apart or begin decimals: %(columns)s. Write 1234 or 1.234 instead.",
                columns=", ".join(unclear[:_NAMED]),
            )
        )
    return said


def _read(upload: FileStorage) -> list[list[str]]:
    data = upload.stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise Unreadable(_("The sample is larger than 2 MB."), _("Cut it to the header and some thousand rows."))
    rows = read_rows(data, MOST_ROWS)
    if rows and len(rows[0]) > _MOST_COLUMNS:
        raise Unreadable(_("The sample has more than 500 columns."), _("Leave some columns out."))
    return rows
