"""An organization's calendar: what its clocks count, the days it closes besides, and its time zone."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.organizations import calendars, queries
from app.organizations.commands.closed_days import add_closed_day, remove_closed_day, set_time_zone
from app.organizations.forms.calendar import ClosedDayForm, ZoneForm
from app.organizations.models import Organization
from app.organizations.routes.blueprint import blueprint
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.holidays import countries_known, public_holidays
from app.rules.permissions import may
from app.web.actor import current_actor
from app.web.answers import finish, page
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once

_SHOWN = 8


@blueprint.get("/orgs/<slug>/calendar")
@signed_in
def calendar(slug: str) -> Response:
    """Which days count, and which do not."""
    return _page(_organization(slug))


@blueprint.post("/orgs/<slug>/calendar/days")
@signed_in
@once
def close_day(slug: str) -> Response:
    """Close the organization on a day."""
    row, form = _organization(slug), ClosedDayForm()

    def act() -> None:
        add_closed_day(db.session, current_actor(), row.id, form.day.data, form.reason.data or "", now())

    if form.submitted(act):
        return finish(url_for("organizations.calendar", slug=slug), _("Added. No clock counts this day."))
    return _page(row, form)


@blueprint.post("/orgs/<slug>/calendar/days/<int:closed_day_id>/open")
@signed_in
@once
def open_day(slug: str, closed_day_id: int) -> Response:
    """Let a day count again."""
    remove_closed_day(db.session, current_actor(), _organization(slug).id, closed_day_id, now())
    return finish(url_for("organizations.calendar", slug=slug), _("Taken off the list. The day counts again."))


@blueprint.post("/orgs/<slug>/calendar/zone")
@signed_in
@once
def change_zone(slug: str) -> Response:
    """Say in which time zone its days begin."""
    row = _organization(slug)
    form = _zone_form(row)

    def act() -> None:
        set_time_zone(db.session, current_actor(), row.id, form.time_zone.data or "", now())

    if form.submitted(act):
        return finish(url_for("organizations.calendar", slug=slug), _("Saved. Days begin at midnight there."))
    return _page(row, zone_form=form)


def _organization(slug: str) -> Organization:
    return queries.organization_seen_by(db.session, current_actor(), slug)


def _zone_form(row: Organization) -> ZoneForm:
    named = sorted(
        zone for zone in calendars.zones_known() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
    )
    return ZoneForm([calendars.UTC_ZONE, *named], time_zone=calendars.zone_of(row))


def _page(row: Organization, form: ClosedDayForm | None = None, zone_form: ZoneForm | None = None) -> Response:
    today = now().date()
    form = form or ClosedDayForm(formdata=None)
    return page(
        "organizations/calendar.html",
        max(form.status, zone_form.status if zone_form else 200),
        organization=row,
        closed=calendars.closed_days(db.session, row.id),
        holidays=_coming(row.country, today),
        is_known=row.country in countries_known(),
        zone=calendars.zone_of(row),
        form=form,
        zone_form=zone_form or _zone_form(row),
        may_change=may(standing(current_actor(), row), Action.EDIT_ORGANIZATION),
    )


def _coming(country: str | None, today: date) -> list[tuple[date, str]]:
    years = (today.year, today.year + 1)
    found = [each for year in years for each in public_holidays(country, year) if each[0] >= today]
    return found[:_SHOWN]
