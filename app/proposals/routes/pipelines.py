"""The secretariat's pages of pipelines: each drawn as a picture, the rules that choose one, and declared crises."""

from dataclasses import dataclass

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.proposals.commands.crises import declare_crisis, end_crisis
from app.proposals.forms.steps import CrisisForm
from app.proposals.queries.routing import Use, crises, uses
from app.rules.actions import Action
from app.rules.calendar import length_of
from app.rules.permissions import may
from app.rules.pipelines import PIPELINES, Pipeline, ReviewStep, Step
from app.rules.roles import ROLE_NAMES, Role
from app.rules.routing import RULES
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.clocks import length_words
from app.web.database import db
from app.web.guards import holding
from app.web.once import once

blueprint = Blueprint("pipelines", __name__, url_prefix="/pipelines")

# The picture, in pixels: boxes one under the other, with room for an arrow between them.
WIDTH, BOX, GAP, SIDE = 320, 76, 30, 12


@dataclass(frozen=True)
class Drawn:
    """One step as a box: `y` is its top, `shift` draws the boxes behind it where several decide at once."""

    y: int
    name: str
    who: str
    time: str
    is_parallel: bool
    is_afterwards: bool


@dataclass(frozen=True)
class Picture:
    """One pipeline, ready to be drawn; `lines` say the same in a list."""

    pipeline: Pipeline
    height: int
    boxes: tuple[Drawn, ...]
    use: Use


@blueprint.get("")
@holding(Role.OFFICER, Role.DIRECTOR, Role.AUDITOR, Role.ETHICS_REVIEWER, Role.LEGAL_REVIEWER)
def index() -> Response:
    """Every pipeline as a picture with its list, the routing rules in words, how many run under each, and crises."""
    return _pipelines_page(CrisisForm(formdata=None))


@blueprint.post("/crises")
@holding(Role.DIRECTOR)
@once
def declare() -> Response:
    """Declare a crisis."""
    form = CrisisForm()
    form.show_countries()

    def act() -> None:
        declare_crisis(
            db.session,
            current_actor(),
            form.title.data or "",
            form.countries.data or [],
            form.starts_on.data,
            form.ends_on.data,
            now(),
        )

    _allowed(Action.DECLARE_CRISIS)
    if not form.submitted(act):
        return _pipelines_page(form, 422)
    return finish(
        url_for("pipelines.index", _anchor="crises"), _("Declared. Pre-authorized people can take the quick way.")
    )


@blueprint.post("/crises/<int:crisis_id>/end")
@holding(Role.DIRECTOR)
@once
def end(crisis_id: int) -> Response:
    """End a crisis before its last day."""
    _allowed(Action.END_CRISIS)
    end_crisis(db.session, current_actor(), crisis_id, now())
    return finish(url_for("pipelines.index", _anchor="crises"), _("Ended. What was sent in it stays on its way."))


def _allowed(action: Action) -> None:
    """Whoever may not look at pipelines does not learn that there is a page of them."""
    roles = current_actor().consortium_roles
    if not may(roles, Action.VIEW_PIPELINES) or not may(roles, action):
        raise NotFound(N_("There is nothing at this address. It may have moved, or the address has a typing mistake."))


def _pipelines_page(form: CrisisForm, status: int = 200) -> Response:
    _allowed(Action.VIEW_PIPELINES)
    form.show_countries()
    used = uses(db.session)
    roles = current_actor().consortium_roles
    return page(
        "proposals/pipelines.html",
        status,
        pictures=[_picture(each, used.get(each.id, Use(each.id, 0, 0))) for each in PIPELINES.values()],
        rules=RULES,
        names={each.id: told(each.name) for each in PIPELINES.values()},
        crises=crises(db.session),
        today=now().date(),
        form=form,
        may_declare=may(roles, Action.DECLARE_CRISIS),
        may_end=may(roles, Action.END_CRISIS),
        width=WIDTH,
        box=BOX,
        gap=GAP,
        side=SIDE,
    )


def _picture(pipeline: Pipeline, use: Use) -> Picture:
    boxes = tuple(_drawn(step, number) for number, step in enumerate(pipeline.steps))
    return Picture(pipeline, len(boxes) * BOX + (len(boxes) - 1) * GAP + SIDE, boxes, use)


def _drawn(step: ReviewStep, number: int) -> Drawn:
    time = length_words(length_of(step.wait))
    if step.vote:
        time = _("%(time)s, quorum %(percent)s %%", time=time, percent=step.vote.quorum_percent)
    return Drawn(
        y=number * (BOX + GAP) + 2,
        name=told(step.name),
        who=told(ROLE_NAMES[step.actor]),
        time=time,
        is_parallel=step.step is Step.DATA_PARTNERS,
        is_afterwards=step.step is Step.AFTERWARDS,
    )
