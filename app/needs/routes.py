"""Pages of data needs: the board, posting one, one need with its answers."""

from collections.abc import Mapping

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.correspondence.queries import preferences
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.needs import queries
from app.needs.commands import Asked, Pledged, acts_on, answer, end, leave, pledge, post, support, take_back
from app.needs.commands.acting import LONGEST_QUESTION
from app.needs.forms import AnswerForm, NeedForm, PledgeForm
from app.needs.models import DataNeed
from app.needs.standing import member_organizations, partner_organizations
from app.rules.actions import Action
from app.rules.actors import initials_of
from app.rules.mail import Cadence
from app.rules.pledges import PLEDGE_KINDS
from app.rules.vocabulary import WORLD
from app.rules.workflow import NEED_STATES, NeedState
from app.search.commands import save
from app.search.queries import Facet, SearchRequest
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.forms import options_of
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import once
from app.web.words import country_choices

blueprint = Blueprint("needs", __name__, url_prefix="/needs")

# What a button of the page of a need stands for.
ENDS: Mapping[str, Action] = {"meet": Action.MEET_NEED, "close": Action.CLOSE_NEED}


@blueprint.get("")
@signed_in
def index() -> Response:
    """The board: open needs, and those that were met or closed."""
    wanted = next((state for state in NeedState if state == request.args.get("state")), NeedState.OPEN)
    states = [
        (told(name), url_for("needs.index", state=state.value), state is wanted)
        for state, (name, _tone) in NEED_STATES.items()
    ]
    rows = queries.needs_in(db.session, current_actor(), wanted)
    return page("needs/index.html", rows=rows, states=states, wanted=wanted)


@blueprint.get("/new")
@signed_in
def post_form() -> Response:
    """A new need, with what was looked for filled in."""
    return _new(_form(request.args.get("country", ""), request.args.get("q", "")))


@blueprint.post("/new")
@signed_in
@once
def post_need() -> Response:
    """Post it."""
    form, made = _form("", ""), list[DataNeed]()

    def act() -> None:
        made.append(_post(form))

    if form.submitted(act):
        return finish(
            url_for("needs.show", reference=made[0].reference),
            _("Posted. The secretariat answers within 2 working days."),
        )
    return _new(form)


@blueprint.get("/<reference>")
@signed_in
def show(reference: str) -> Response:
    """One need, its answers, and what one may do."""
    return _show(_seen(reference))


@blueprint.post("/<reference>/answer")
@signed_in
@once
def answer_need(reference: str) -> Response:
    """Say who could help, or that one has such data."""
    row, form = _seen(reference), AnswerForm()

    def act() -> None:
        answer(db.session, current_actor(), row.reference, form.words.data or "", now())

    if form.submitted(act):
        return finish(
            url_for("needs.show", reference=row.reference), _("Answered. %(name)s is told.", name=row.person.name)
        )
    return _show(_seen(reference), form)


@blueprint.post("/<reference>/support")
@signed_in
@once
def support_need(reference: str) -> Response:
    """One's own organization needs it too."""
    row = support(db.session, current_actor(), _seen(reference).reference, now())
    said = _("Your organization stands on the page now. You get a mail when something is pledged.")
    return finish(url_for("needs.show", reference=row.reference), said)


@blueprint.post("/<reference>/leave")
@signed_in
@once
def leave_need(reference: str) -> Response:
    """One's own organization does not need it any more."""
    row = leave(db.session, current_actor(), _seen(reference).reference, now())
    return finish(url_for("needs.show", reference=row.reference), _("Your organization is off the page."))


@blueprint.post("/<reference>/pledge")
@signed_in
@once
def pledge_to_need(reference: str) -> Response:
    """Say what one's own organization would give."""
    row, form = _seen(reference), _pledge_form()

    def act() -> None:
        pledged = Pledged(form.kind.data, form.offer.data or "", form.dataset.data or "")
        pledge(db.session, current_actor(), row.reference, pledged, now())

    if form.submitted(act):
        said = _("Pledged. Those who need it get a mail.")
        return finish(url_for("needs.show", reference=row.reference), said)
    return _show(_seen(reference), pledging=form)


@blueprint.post("/<reference>/pledges/<int:pledge_id>/take-back")
@signed_in
@once
def take_back_pledge(reference: str, pledge_id: int) -> Response:
    """Take a pledge back."""
    row = take_back(db.session, current_actor(), _seen(reference).reference, pledge_id, now())
    return finish(url_for("needs.show", reference=row.reference), _("Taken back."))


@blueprint.post("/<reference>/end")
@signed_in
@once
def end_need(reference: str) -> Response:
    """It is met, or nobody looks any more."""
    row, act = _seen(reference), ENDS.get(request.form.get("act", ""))
    if act is None:
        raise NotFound(NOT_FOUND)
    end(db.session, current_actor(), row.reference, act, request.form.get("words", ""), now())
    return finish(url_for("needs.show", reference=row.reference), _("Done. The page keeps what was said."))


def _seen(reference: str) -> DataNeed:
    return queries.need_by_reference(db.session, current_actor(), reference)


def _form(country: str, text: str) -> NeedForm:
    shown = country if country in dict(country_choices()) else WORLD
    form = NeedForm(data={"wanted": text[:LONGEST_QUESTION], "country": shown, "matches": text[:LONGEST_QUESTION]})
    form.country.choices = options_of([(WORLD, _("Several, or the whole world")), *country_choices()])
    form.organization.choices = options_of(
        [(row.id, row.name) for row in queries.organizations_of(db.session, current_actor())]
    )
    return form


def _new(form: NeedForm) -> Response:
    return page("needs/new.html", form.status, form=form)


def _pledge_form(**how: None) -> PledgeForm:
    form = PledgeForm(**how)
    form.kind.choices = options_of([(kind, told(name)) for kind, (name, _hint) in PLEDGE_KINDS.items()])
    own = queries.own_listings(db.session, current_actor())
    form.dataset.choices = options_of([("", _("None yet")), *((row.reference, row.title) for row in own)])
    return form


def _show(row: DataNeed, form: AnswerForm | None = None, pledging: PledgeForm | None = None) -> Response:
    name, tone = NEED_STATES[row.state]
    viewer = current_actor()
    acts = acts_on(viewer, row)
    answering = form or AnswerForm(formdata=None)
    if pledging is None and Action.PLEDGE_TO_NEED in acts:
        pledging = _pledge_form(formdata=None)
    return page(
        "needs/need.html",
        422 if answering.errors or (pledging and pledging.errors) else 200,
        need=row,
        form=answering,
        pledging=pledging,
        initials=initials_of,
        state=(told(name), tone),
        acts={act.name for act in acts},
        is_supporting=bool(member_organizations(viewer) & {one.organization_id for one in row.supports}),
        own=partner_organizations(viewer),
        datasets=queries.pledged_datasets(db.session, viewer, row),
        kinds=PLEDGE_KINDS,
        ends=[name for name, act in ENDS.items() if act in acts],
        search=url_for("search.index", q=row.wanted[:60], country=None if row.country == WORLD else row.country),
    )


def _post(form: NeedForm) -> DataNeed:
    """The need, and a search that is kept for it where somebody wants that."""
    actor, moment = current_actor(), now()
    asked = Asked(
        form.question.data or "",
        form.wanted.data or "",
        form.country.data,
        form.decision.data or "",
        form.decide_by.data,
    )
    row = post(db.session, actor, form.organization.data, asked, moment)
    words = (form.matches.data or "").strip()
    if words:
        hours = preferences(db.session, actor.person_id or 0).hours
        save(
            db.session,
            actor,
            _search_for(row, words),
            f"{row.reference}: {row.question}"[:120],
            Cadence.WEEKLY,
            hours,
            moment,
        )
    return row


def _search_for(row: DataNeed, words: str) -> SearchRequest:
    facets = {} if row.country == WORLD else {Facet.COUNTRY: frozenset({row.country})}
    return SearchRequest(words, facets=facets)
