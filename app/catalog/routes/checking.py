"""The secretariat's check of a listing: the queue, the page, and its two ends."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog import commands, queries
from app.catalog.commands.together import Decided
from app.catalog.completeness import completeness
from app.catalog.forms import ReasonForm, TogetherForm
from app.catalog.models import Dataset
from app.catalog.routes import words
from app.catalog.routes.blueprint import blueprint
from app.catalog.routes.desk import acts_on, seen_from_desk
from app.catalog.routes.showing import about
from app.catalog.terms import without_effect
from app.foundation.clock import now
from app.foundation.words import N_
from app.organizations.calendars import secretariat_calendar
from app.rules.actions import Action
from app.rules.calendar import Wait, progress
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import holding
from app.web.once import once

# What an officer looks at; nothing here is stored, the decision is.
CHECKS: tuple[str, ...] = (
    N_("The title says what it is, without selling it."),
    N_("The limits are real ones, and a stranger would understand them."),
    N_("The sample and the description name no person."),
    N_("The sensitivity class fits what the columns hold."),
    N_("The conditions say what the partner means; none is without effect by mistake."),
)


@blueprint.get("/desk/checks")
@holding(Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)
def checks() -> Response:
    """The listings that wait to be checked, longest wait first."""
    rows = queries.listings_in_check(db.session, current_actor())
    moment = now()
    days = secretariat_calendar(db.session)
    waits = {row.id: progress(Wait.LISTING_CHECK, row.state_since, moment, calendar=days) for row in rows}
    return page("catalog/checks.html", groups=queries.in_groups(rows), waits=waits, words=words)


@blueprint.get("/desk/checks/<reference>/together")
@holding(Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)
def check_together(reference: str) -> Response:
    """What was sent in one act with a listing, with those that are read before all are listed."""
    return _together_page(seen_from_desk(reference), TogetherForm(formdata=None))


@blueprint.post("/desk/checks/<reference>/together")
@holding(Role.OFFICER)
@once
def decide_together(reference: str) -> Response:
    """List what is not ticked, and give back what is."""
    form, row, made = TogetherForm(), seen_from_desk(reference), list[Decided]()

    def decide() -> None:
        seen, back = request.form.getlist("seen"), request.form.getlist("back")
        said, is_read = form.reason.data or "", bool(form.is_read.data)
        made.append(
            commands.decide_together(db.session, current_actor(), row, seen, back, said, now(), is_read=is_read)
        )

    if form.submitted(decide):
        counts = {"listed": made[0].listed, "returned": made[0].returned}
        return finish(
            url_for("catalog.checks"), _("%(listed)s listed, %(returned)s given back. The stewards are told.", **counts)
        )
    return _together_page(seen_from_desk(reference), form)


def _together_page(row: Dataset, form: TogetherForm) -> Response:
    rows = queries.sent_together(db.session, row)
    persons = {one.reference: found for one in rows if (found := queries.suspected(one))}
    if len(rows) < 2:
        return answered(url_for("catalog.check", reference=row.reference))
    return page(
        "catalog/check_together.html",
        form.status,
        first=rows[0],
        rows=rows,
        read=queries.sample_of(rows, persons),
        persons=persons,
        back=request.form.getlist("back"),
        form=form,
        may_decide=Action.PUBLISH_LISTING in acts_on(row),
        checks=[told(text) for text in CHECKS],
        wait=progress(Wait.LISTING_CHECK, row.state_since, now(), calendar=secretariat_calendar(db.session)),
    )


@blueprint.get("/desk/checks/<reference>")
@holding(Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)
def check(reference: str) -> Response:
    """One listing as its readers will see it, with what the officer decides."""
    return _check_page(seen_from_desk(reference), ReasonForm(formdata=None))


@blueprint.post("/desk/checks/<reference>/list")
@holding(Role.OFFICER)
@once
def publish(reference: str) -> Response:
    """List the dataset."""
    row = commands.publish(db.session, current_actor(), seen_from_desk(reference).reference, now())
    message = _("%(reference)s is listed. Its steward is told.", reference=row.reference)
    return finish(url_for("catalog.checks"), message)


@blueprint.post("/desk/checks/<reference>/return")
@holding(Role.OFFICER)
@once
def give_back(reference: str) -> Response:
    """Give the listing back with a message."""
    form, row = ReasonForm(), seen_from_desk(reference)
    if form.submitted(
        lambda: commands.return_with_message(db.session, current_actor(), row.reference, form.reason.data or "", now())
    ):
        message = _("%(reference)s went back to its steward, with your message.", reference=row.reference)
        return finish(url_for("catalog.checks"), message)
    return _check_page(seen_from_desk(reference), form)


def _check_page(row: Dataset, form: ReasonForm) -> Response:
    acts = acts_on(row)
    if Action.PUBLISH_LISTING not in acts and not acts_to_read(row):
        return answered(words.address(row))
    persons = queries.suspected(row)
    return page(
        "catalog/check.html",
        form.status,
        **{
            **about(row),
            "form": form,
            "wait_for_check": progress(
                Wait.LISTING_CHECK, row.state_since, now(), calendar=secretariat_calendar(db.session)
            ),
            "acts": {act.name for act in acts},
            "checks": [told(text) for text in CHECKS],
            "completeness": completeness(row),
            "together": len(queries.sent_together(db.session, row)),
            "persons": persons,
            "why_no_persons": queries.why_no_persons(db.session, row) if persons else "",
            "idle": [told(str(finding.sentence)) for finding in without_effect(row)],
        },
    )


def acts_to_read(row: Dataset) -> bool:
    """Whether the page is worth showing without an act: while it waits, directors and auditors read along."""
    return row.listed_at is None
