"""The desk of a data partner: its listings, one of them with what is left to do, and its way to the catalog and out of it."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog import commands, queries, uses
from app.catalog.accession import lacking, may_list
from app.catalog.answers import PAGES
from app.catalog.completeness import completeness, missing, missing_on
from app.catalog.forms import ReasonForm
from app.catalog.models import Dataset
from app.catalog.routes import words
from app.catalog.routes.blueprint import blueprint
from app.catalog.routes.showing import overview
from app.catalog.standing import standing, steward_of
from app.foundation.clock import now
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.text import whole_number
from app.history.queries import happenings
from app.organizations.calendars import secretariat_calendar
from app.organizations.models import Organization
from app.organizations.queries import organizations_of
from app.rules.actions import Action
from app.rules.calendar import Wait, progress
from app.rules.listings import BECOMES_OFFERED, PAGE_SHAPES, STATE_TAGS
from app.rules.permissions import allowed
from app.rules.roles import Role
from app.rules.workflow import ListingState, Machine, QuestionState
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, holding, signed_in
from app.web.once import once
from app.web.words import day

_SHOWN_EVENTS = 12


@blueprint.get("/desk/listings")
@holding(Role.STEWARD, Role.DEPUTY)
def own() -> Response:
    """The listings of one's organizations, with how far each is and what to mend next."""
    state = next((one for one in ListingState if one.value == request.args.get("state")), None)
    number = whole_number(request.args.get("page"), most_digits=6) or 1
    shown = queries.desk_page(db.session, current_actor(), state, number)
    return page(
        "catalog/own.html",
        rows=[(row, completeness(row), *STATE_TAGS[row.state], PAGE_SHAPES[row.state]) for row in shown.rows],
        states=[(one, told(STATE_TAGS[one][0]), shown.counts.get(one, 0)) for one in ListingState],
        state=state,
        words=words,
        total=sum(shown.counts.values()),
        number=shown.number,
        pages=shown.pages,
        address=url_for("catalog.own", state=state.value if state else None) + ("&" if state else "?") + "page={page}",
        organizations=writable_organizations(),
        lacking=[words_of for row in writable_organizations() if (words_of := _lacking(row))],
    )


@blueprint.get("/desk/listings/<reference>")
@signed_in
def listing(reference: str) -> Response:
    """Where a listing stands, what is missing, and what can be done with it."""
    row = seen_from_desk(reference)
    return _listing_page(row, ReasonForm(formdata=None))


@blueprint.get("/desk/listings/<reference>/preview")
@signed_in
def preview(reference: str) -> Response:
    """The dataset's page as a member will see it once it is listed, or sees it where it was listed and takes no proposals."""
    row = seen_from_desk(reference)
    as_listed = {"is_offered": True} if row.state in BECOMES_OFFERED else {}
    shown = {**overview(row), **as_listed, "acts": set(), "is_at_desk": False, "is_preview": True}
    # Nobody proposes a use of what is not listed: the button of the preview leads nowhere.
    return page("catalog/dataset.html", **{**shown, "propose": request.path})


@blueprint.post("/desk/listings/<reference>/send")
@signed_in
@once
def send(reference: str) -> Response:
    """Ask for the check. What is missing is named with links to its fields."""
    row = seen_from_desk(reference)
    try:
        commands.send_to_check(db.session, current_actor(), row.reference, now())
    except (Invalid, NotAllowed) as error:
        if isinstance(error, NotAllowed) and may_list(db.session, row.organization, now()):
            raise
        db.session.rollback()
        return _listing_page(seen_from_desk(reference), ReasonForm(formdata=None), error.message, 422)
    message = _("Sent. The secretariat checks it, usually within two working days.")
    return finish(url_for("catalog.listing", reference=row.reference), message)


@blueprint.post("/desk/listings/<reference>/resume")
@signed_in
@once
def resume(reference: str) -> Response:
    """Take proposals again."""
    row = commands.resume(db.session, current_actor(), seen_from_desk(reference).reference, now())
    return finish(url_for("catalog.listing", reference=row.reference), _("Listed again, and open to proposals."))


@blueprint.route("/desk/listings/<reference>/pause", methods=["GET", "POST"])
@signed_in
def pause(reference: str) -> Response:
    """Take no new proposals for a while."""
    return _pause(reference) if request.method == "POST" else _reason_page(reference, Action.PAUSE_LISTING)


@blueprint.route("/desk/listings/<reference>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(reference: str) -> Response:
    """Take the dataset out of the catalog for good."""
    return _withdraw(reference) if request.method == "POST" else _reason_page(reference, Action.WITHDRAW_LISTING)


@once
def _pause(reference: str) -> Response:
    form, row = ReasonForm(), seen_from_desk(reference)
    if form.submitted(
        lambda: commands.pause(db.session, current_actor(), row.reference, form.reason.data or "", now())
    ):
        return finish(url_for("catalog.listing", reference=row.reference), _("Paused. Grants in force run on."))
    return _reason_page(reference, Action.PAUSE_LISTING, form)


@once
def _withdraw(reference: str) -> Response:
    form, row = ReasonForm(), seen_from_desk(reference)
    if form.submitted(
        lambda: commands.withdraw(db.session, current_actor(), row.reference, form.reason.data or "", now())
    ):
        stays = _("Withdrawn. Its page stays, with the date and your reason.")
        message = stays if row.listed_at else _("Withdrawn. Nobody outside learns of it.")
        return finish(url_for("catalog.listing", reference=row.reference), message)
    return _reason_page(reference, Action.WITHDRAW_LISTING, form)


def seen_from_desk(reference: str) -> Dataset:
    """A listing for those who write or check it; for everybody else this address does not exist."""
    row = queries.dataset_by_reference(db.session, current_actor(), reference)
    roles = standing(current_actor(), row)
    if not roles & {Role.DATASET_STEWARD, Role.COLLEAGUE, Role.OFFICER, Role.DIRECTOR, Role.AUDITOR}:
        raise NotFound(NOT_FOUND)
    return row


def acts_on(row: Dataset) -> frozenset[Action]:
    """What the acting person may do with the listing now."""
    return allowed(standing(current_actor(), row), Machine.LISTING, row.state)


def require(act: Action, row: Dataset) -> None:
    """Raise WrongState where a steward could do it at another time, and NotFound to everybody else who cannot do it."""
    if act in acts_on(row):
        return
    if row.organization_id not in steward_of(current_actor()):
        raise NotFound(NOT_FOUND)
    since = {"state": told(STATE_TAGS[row.state][0]), "day": day(row.state_since)}
    raise WrongState(_("%(state)s since %(day)s: this cannot be done with the listing now.", **since))


def writable_organizations() -> list[Organization]:
    """The organizations for which the acting person writes listings."""
    mine = steward_of(current_actor())
    return [row for row in organizations_of(db.session, current_actor()) if row.id in mine]


def chosen_organization(slug: str) -> Organization:
    """The organization of that slug among those one writes for; the only one where there is one."""
    own_ones = writable_organizations()
    chosen = [row for row in own_ones if row.slug == slug] or (own_ones if len(own_ones) == 1 else [])
    if not chosen:
        raise Invalid(_("Choose the organization whose data it is."), "organization")
    return chosen[0]


def crumb(row: Dataset) -> tuple[str, str]:
    """From where one came to a listing: one's own datasets, which nobody has who does not write for its data partner."""
    if row.organization_id in steward_of(current_actor()):
        return _("Your datasets"), url_for("catalog.own")
    return _("Datasets"), url_for("search.index")


def _listing_page(row: Dataset, form: ReasonForm, problem: str = "", status: int = 200) -> Response:
    acts = acts_on(row)
    if Action.PUBLISH_LISTING in acts:
        return answered(url_for("catalog.check", reference=row.reference))
    events = happenings(db.session, [("listing", row.reference)])[:_SHOWN_EVENTS]
    return page(
        "catalog/listing.html",
        status,
        dataset=row,
        crumb=crumb(row),
        form=form,
        problem=problem,
        state=(told(STATE_TAGS[row.state][0]), STATE_TAGS[row.state][1]),
        shape=PAGE_SHAPES[row.state],
        acts={act.name for act in acts},
        pages=[(one, told(name), missing_on(row, one)) for one, name in PAGES.items()],
        missing=missing(row),
        unseen={name.partition(".")[0] for name in row.prefilled},
        completeness=completeness(row),
        lacking=_lacking(row.organization),
        in_force=uses.provider().in_force(db.session, row.id),
        releases=queries.releases_of(db.session, row),
        open_questions=sum(
            one.row.state is QuestionState.OPEN for one in queries.questions_on(db.session, current_actor(), row)
        ),
        events=events,
        check=progress(Wait.LISTING_CHECK, row.state_since, now(), calendar=secretariat_calendar(db.session)),
        words=words,
    )


def _lacking(organization: Organization) -> str:
    """What stands between an organization and listing, in a sentence; nothing when nothing does."""
    missing = lacking(db.session, organization, now())
    return told(missing.sentence) % missing.facts if missing else ""


def _reason_page(reference: str, act: Action, form: ReasonForm | None = None) -> Response:
    row = seen_from_desk(reference)
    require(act, row)
    return page(
        "catalog/reason.html",
        form.status if form else 200,
        dataset=row,
        crumb=crumb(row),
        form=form or ReasonForm(formdata=None),
        act=act.name,
        effect=uses.provider().effect(db.session, row.id),
    )
