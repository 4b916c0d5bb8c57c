"""What a reading of a source found: a steward looks at it, and takes all of it, some of it, or leaves it."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.standing import partner_standing, steward_of
from app.exchange.commands.harvest_publishers import say_whose
from app.exchange.commands.harvest_runs import choose
from app.exchange.models import HarvestRun, HarvestSource
from app.exchange.queries.choices import choices_of
from app.exchange.queries.harvests import (
    FoundGroup,
    doubted_in,
    found_in,
    publishers_in,
    run_of,
    sees_to,
    source_seen_by,
)
from app.exchange.queries.publishers import Placed, Publishers
from app.exchange.routes.blueprint import blueprint
from app.exchange.routes.pairs import said_of_publishers
from app.exchange.routes.values import in_words
from app.foundation.clock import now
from app.foundation.errors import Invalid
from app.organizations.calendars import calendar_of
from app.organizations.queries import stewards_of
from app.rules import publishers
from app.rules.actions import Action
from app.rules.calendar import Wait, progress
from app.rules.harvests import ANSWERS, FIELD_NAMES, FOREIGN, KIND_NAMES, RUN_SHAPES, RUN_STATES, Answer, Kind, RunState
from app.rules.permissions import allowed
from app.rules.roles import Role
from app.rules.workflow import Machine
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.forms import Form
from app.web.guards import holding, signed_in
from app.web.once import once

_LONGEST = 18
_LOOKED_AT = frozenset({RunState.FOUND})
# What each button of the page means: the answer, and whether it is for everything that waits.
BUTTONS: dict[str, tuple[Answer, bool]] = {
    "take_all": (Answer.CHOSEN, True),
    "take": (Answer.CHOSEN, False),
    "leave": (Answer.LEFT, False),
}


@blueprint.get("/desk/harvests/<reference>/runs/<int:run_id>")
@signed_in
def found(reference: str, run_id: int) -> Response:
    """What one reading found, by kind, field by field."""
    return _page(reference, run_id)


@blueprint.post("/desk/harvests/<reference>/runs/<int:run_id>")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def answer_found(reference: str, run_id: int) -> Response:
    """Take what was found, or leave it."""
    source = source_seen_by(db.session, current_actor(), reference)
    answer, is_all = BUTTONS.get(request.form.get("act", ""), BUTTONS["take"])
    ticked = [int(value) for value in request.form.getlist("finding") if value.isdecimal() and len(value) < _LONGEST]
    try:
        choose(db.session, current_actor(), source.reference, run_id, answer, None if is_all else ticked, now())
    except Invalid as error:
        db.session.rollback()
        return _page(reference, run_id, told(error.message))
    message = {
        Answer.CHOSEN: _("It is being brought in. Look again in a minute."),
        Answer.LEFT: _("Left as it is. You are asked again only if the source changes it once more."),
    }
    return finish(url_for("exchange.found", reference=reference, run_id=run_id), message[answer])


@blueprint.post("/desk/harvests/<reference>/runs/<int:run_id>/publishers")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def answer_publishers(reference: str, run_id: int) -> Response:
    """Say whose the datasets of publishers are; the answers hold for every catalog that comes."""
    source = source_seen_by(db.session, current_actor(), reference)
    try:
        say_whose(db.session, current_actor(), source.reference, run_id, said_of_publishers(), now())
    except Invalid as error:
        db.session.rollback()
        return _page(reference, run_id, told(error.message))
    return finish(
        url_for("exchange.found", reference=reference, run_id=run_id), _("Kept for every catalog that comes.")
    )


def _publishers(source: HarvestSource, run: HarvestRun) -> list[tuple[Placed, int, publishers.Answer]]:
    """Those that somebody has to look at and of which nobody has said anything, with how many findings each has."""
    counts = publishers_in(db.session, run)
    said = choices_of(db.session, source.organization_id).publishers
    placed = Publishers(db.session, source.organization, now()).placed(counts)
    return [(one, counts[one.name], one.usual) for one in placed if one.is_asked and one.name not in said]


def _page(reference: str, run_id: int, problem: str = "") -> Response:
    source = source_seen_by(db.session, current_actor(), reference)
    run = run_of(db.session, source, run_id)
    groups = found_in(db.session, run)
    days = calendar_of(db.session, source.organization_id)
    waiting = sum(group.waiting for group in groups)
    may_answer = run.state in _LOOKED_AT and Action.TAKE_FOUND in _acts(source)
    return page(
        "exchange/harvests/found.html",
        422 if problem else 200,
        source=source,
        run=run,
        groups=groups,
        publishers=_publishers(source, run) if may_answer else [],
        doubted=doubted_in(db.session, source, run, now()) if may_answer else (),
        publisher_answers={answer: told(words) for answer, words in publishers.ANSWERS.items()},
        waiting=waiting,
        summary=_summary(groups),
        may_answer=may_answer,
        is_looked_at=run.state in _LOOKED_AT,
        state=RUN_STATES[run.state],
        step=RUN_SHAPES[run.state],
        kinds=KIND_NAMES,
        answers=ANSWERS,
        waits=Answer.WAITING,
        refused=Kind.REFUSED,
        field_name=_field_name,
        in_words=in_words,
        clock=progress(Wait.FOUND_CHANGES, run.read_at or run.started_at, now(), calendar=days),
        form=Form(formdata=None),
        problem=problem,
        **readers(source),
    )


def readers(source: HarvestSource) -> dict[str, bool]:
    """Whether the reader lists for the organization, whether anybody does, and whether the reader may appoint somebody."""
    actor = current_actor()
    return {
        "is_own": source.organization_id in steward_of(actor),
        "nobody_lists": not stewards_of(db.session, source.organization_id),
        "may_appoint": sees_to(actor),
    }


def _acts(source: HarvestSource) -> frozenset[Action]:
    return allowed(partner_standing(current_actor(), source.organization_id), Machine.HARVEST, source.state)


def _summary(groups: list[FoundGroup]) -> list[tuple[int, str]]:
    return [(group.total, told(KIND_NAMES[group.kind][0])) for group in groups]


def _field_name(field: str) -> str:
    """The words for a field; a property without a field of its own keeps its own name."""
    if field in FIELD_NAMES:
        return told(FIELD_NAMES[field])
    return field.removeprefix(FOREIGN).replace("_", " ")
