"""Pages and files of the figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.figures.drawing import columns, ranges
from app.figures.queries.answers import Answer, answers_in, by_month, by_outcome, by_reason, typical_of_all
from app.figures.queries.loads import DAYS, Load, loads
from app.figures.queries.spread import Spread
from app.figures.queries.stages import STAGE_NAMES, StageDays, stage_days, stage_runs
from app.figures.scope import EVERYTHING, Scope, Side, scope_of, scopes_of
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.rules.roles import Role
from app.rules.vocabulary import REASONS
from app.rules.workflow import APPROVALS, ITEM_STATES, ItemState
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.database import db
from app.web.guards import holding, public
from app.web.sheets import sheet

blueprint = Blueprint("figures", __name__)
_MONTH_FORMAT = "%Y-%m"


@dataclass(frozen=True)
class Shown:
    """Everything measured for one scope."""

    scope: Scope
    answers: tuple[Answer, ...]
    stages: tuple[StageDays, ...]
    loads: tuple[Load, ...]


# Everyone of a data partner or a member, and of the secretariat those who read everything.
_WITH_FIGURES = (
    Role.STEWARD, Role.DEPUTY, Role.SIGNATORY, Role.FOCAL_POINT, Role.PROJECT_STAFF, Role.OFFICER, Role.DIRECTOR, Role.AUDITOR,
)  # fmt: skip


@blueprint.get("/figures")
@holding(*_WITH_FIGURES)
def index() -> Response:
    """The figures that the reader may see, as pictures with their tables."""
    shown, moment = _shown(), now()
    months = by_month(shown.answers, moment.date())
    told_stages = [row for row in shown.stages if row.spread is not None]
    return page(
        "figures/index.html",
        shown=shown,
        scopes=scopes_of(db.session, current_actor()),
        Side=Side,
        names=STAGE_NAMES,
        stages=told_stages,
        lines=ranges([(row.spread.median, row.spread.p90) for row in told_stages if row.spread]),
        outcomes=_outcomes(shown.answers),
        reasons=_reasons(shown.answers),
        months=months,
        stacks=columns([_stack(month.counts) for month in months]),
        number=number,
        days=DAYS,
        table_address=_table_address,
    )


@blueprint.get("/figures/<name>.csv")
@holding(*_WITH_FIGURES)
def table(name: str) -> Response:
    """One table as a file."""
    if name not in _TABLES:
        raise NotFound(_("There is no such table. The page of the figures links to each."))
    heads, rows = _TABLES[name](_shown())
    return sheet(f"figures-{name}.csv", heads, rows)


@blueprint.get("/register/figures")
@public
def of_register() -> Response:
    """What was answered and why, in the whole consortium, without names."""
    found = answers_in(db.session, EVERYTHING)
    return page(
        "figures/public.html",
        outcomes=_outcomes(found),
        reasons=_reasons(found),
        typical=typical_of_all(db.session),
        number=number,
        count=len(found),
    )


@blueprint.get("/register/figures.csv")
@public
def of_register_csv() -> Response:
    """The same as a file."""
    heads, rows = _answer_rows(answers_in(db.session, EVERYTHING))
    return sheet("answers.csv", heads, rows)


def number(value: float) -> str:
    """Days as people write them: without a needless point."""
    return f"{value:g}"


def _shown() -> Shown:
    scope = scope_of(db.session, current_actor(), request.args.get("side"), request.args.get("of"))
    found = answers_in(db.session, scope)
    runs = stage_runs(db.session, scope)
    return Shown(
        scope, tuple(found), tuple(stage_days(runs, found)), tuple(loads(db.session, scope, found, runs, now()))
    )


def _table_address(name: str, scope: Scope) -> str:
    return url_for("figures.table", name=name, side=scope.side.value, of=scope.slug or None)


def _outcomes(found: Sequence[Answer]) -> list[tuple[str, int]]:
    return [(told(ITEM_STATES[outcome][0]), count) for outcome, count in by_outcome(found)]


def _reasons(found: Sequence[Answer]) -> list[tuple[str, int]]:
    return [(told(REASONS[reason]), count) for reason, count in by_reason(found)]


def _stack(counts: dict[ItemState, int]) -> list[int]:
    """Approved of any kind, and not approved."""
    return [sum(counts[outcome] for outcome in APPROVALS), counts[ItemState.NOT_APPROVED]]


Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


def _stage_rows(shown: Shown) -> Table:
    heads = ("stage", "median_working_days", "p90_working_days", "lowest", "highest", "cases")
    return heads, [(told(STAGE_NAMES[row.stage]), *_spread_cells(row.spread)) for row in shown.stages]


def _load_rows(shown: Shown) -> Table:
    heads = ("person", "organization", "open", "overdue", f"answered_in_{DAYS}_days", "median_working_days")
    return heads, [
        (
            row.name,
            row.organization,
            str(row.open),
            str(row.overdue),
            str(row.answered),
            number(row.spread.median) if row.spread else "",
        )
        for row in shown.loads
    ]


def _answer_rows(found: Sequence[Answer]) -> Table:
    outcomes = [(_("Outcome"), name, str(count)) for name, count in _outcomes(found)]
    return ("kind", "name", "answers"), [
        *outcomes,
        *((_("Reason"), name, str(count)) for name, count in _reasons(found)),
    ]


def _month_rows(shown: Shown) -> Table:
    months = by_month(shown.answers, now().date())
    heads = ("month", "approved", "approved_with_conditions", "not_approved")
    kinds = (ItemState.APPROVED, ItemState.APPROVED_WITH_CONDITIONS, ItemState.NOT_APPROVED)
    return heads, [
        (month.first_day.strftime(_MONTH_FORMAT), *(str(month.counts[kind]) for kind in kinds)) for month in months
    ]


def _spread_cells(known: Spread | None) -> tuple[str, ...]:
    if known is None:
        return ("", "", "", "", "0")
    return (number(known.median), str(known.p90), str(known.low), str(known.high), str(known.count))


_TABLES: dict[str, Callable[[Shown], Table]] = {
    "stages": _stage_rows,
    "loads": _load_rows,
    "answers": lambda shown: _answer_rows(shown.answers),
    "months": _month_rows,
}
