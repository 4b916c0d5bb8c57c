"""The secretariat's desk for the agreement: what waits for countersignature, who has signed, and what was signed on paper."""

from flask import current_app, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.agreements import commands, evidence, library, queries
from app.agreements.commands.countersigning import Scan
from app.agreements.forms import CountersignForm, EndForm, PaperForm
from app.agreements.models import Accession
from app.agreements.routes.blueprint import blueprint, trace
from app.agreements.routes.showing import accession_shown
from app.agreements.statements import CHECKS
from app.foundation.clock import now
from app.foundation.files import FileStore
from app.foundation.words import N_
from app.organizations.queries import organizations
from app.rules.roles import Capacity, Role
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.forms import options_of
from app.web.guards import holding
from app.web.once import once


@blueprint.get("/desk/agreement")
@holding(Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)
def desk() -> Response:
    """What waits, and everything that was begun."""
    moment, actor = now(), current_actor()
    return page(
        "agreements/desk.html",
        waiting=queries.to_countersign(db.session, actor, moment),
        accessions=queries.accessions(db.session, actor),
        version=library.current_version(),
    )


@blueprint.get("/desk/agreement/<reference>")
@holding(Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)
def case(reference: str) -> Response:
    """One accession with all that is needed to countersign it."""
    return _case(reference, CountersignForm(formdata=None), EndForm(formdata=None))


@blueprint.post("/desk/agreement/<reference>/countersign")
@holding(Role.OFFICER, Role.DIRECTOR)
@once
def countersign(reference: str) -> Response:
    """Countersign."""
    row, form = _seen(reference), CountersignForm()
    form.checks.choices = options_of(_checks(row))

    def act() -> None:
        checks, note = form.checks.data or [], form.note.data or ""
        commands.countersign(db.session, current_actor(), reference, checks, note, trace(), now())

    if form.submitted(act):
        said = told(N_("Countersigned and in force. The sealed document is being made."))
        return finish(url_for("agreements.case", reference=reference), said)
    return _case(reference, form, EndForm(formdata=None), 422)


@blueprint.post("/desk/agreement/<reference>/end")
@holding(Role.DIRECTOR)
@once
def end(reference: str) -> Response:
    """End an accession."""
    form = EndForm()
    if form.submitted(lambda: commands.end_accession(db.session, current_actor(), reference, form.reason.data, now())):
        return finish(url_for("agreements.case", reference=reference), told(N_("The accession has ended.")))
    return _case(reference, CountersignForm(formdata=None), form, 422)


@blueprint.get("/desk/agreement/paper")
@holding(Role.OFFICER, Role.DIRECTOR)
def paper() -> Response:
    """Record an accession signed on paper: the form."""
    return _paper(PaperForm(formdata=None))


@blueprint.post("/desk/agreement/paper")
@holding(Role.OFFICER, Role.DIRECTOR)
@once
def record_paper() -> Response:
    """Record an accession signed on paper."""
    form = PaperForm()
    _offer(form)
    references: list[str] = []

    def act() -> None:
        upload = request.files.get("scan") or FileStorage()
        store: FileStore = current_app.extensions["onepact_files"]
        scan, capacity = Scan(upload.read(), upload.filename or ""), Capacity(form.capacity.data)
        actor, chosen = current_actor(), form.organization.data
        row = commands.record_on_paper(db.session, actor, chosen, capacity, scan, store, now())
        references.append(row.reference)

    if form.submitted(act):
        return finish(url_for("agreements.case", reference=references[0]), told(N_("Recorded, and in force from now.")))
    return _paper(form, 422)


def _seen(reference: str) -> Accession:
    return queries.accession_seen_by(db.session, current_actor(), reference)


def _checks(row: Accession) -> list[tuple[str, str]]:
    return [(check.code, told(check.sentence) % {"organization": row.organization.name}) for check in CHECKS]


def _case(reference: str, form: CountersignForm, end_form: EndForm, status: int = 200) -> Response:
    row = _seen(reference)  # read afresh: a refused command took everything back
    form.checks.choices = options_of(_checks(row))
    return page(
        "agreements/desk_case.html",
        status,
        version=library.version(row.agreement_version),
        signature=evidence.part_of(row, "signature"),
        countersignature=evidence.part_of(row, "countersignature"),
        form=form,
        end_form=end_form,
        **accession_shown(row),
    )


def _paper(form: PaperForm, status: int = 200) -> Response:
    _offer(form)
    return page("agreements/paper.html", status, form=form)


def _offer(form: PaperForm) -> None:
    form.organization.choices = options_of([(row.id, row.name) for row in organizations(db.session)])
