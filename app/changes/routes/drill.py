"""The drill, as a page and as a file. A GET of it writes nothing, like every other."""

from flask import request, url_for
from werkzeug.wrappers import Response

from app.changes.queries.drill import Asked, choices, drill
from app.changes.queries.drill_lines import Line
from app.changes.routes.blueprint import blueprint
from app.foundation.clock import now
from app.grants.around import around
from app.grants.routes.words import STATES
from app.rules.roles import Role
from app.rules.workflow import SUBGRANT_STATES, GrantState, SubGrantState
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.database import db
from app.web.guards import holding
from app.web.sheets import sheet
from app.web.words import country_name

_WHO = (Role.STEWARD, Role.DEPUTY, Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)
_HEADS = (
    "number", "handed_over", "organization", "datasets", "people", "kept_where", "kept_in", "state", "delete_by",
    "days_from_today", "derived_data_too", "models_too", "certificate", "unpublished_outputs", "access_open",
)  # fmt: skip


@blueprint.get("/drill")
@holding(*_WHO)
def drill_page() -> Response:
    """Who would have to delete what, by when, if this were withdrawn today."""
    asked = _asked()
    lines = drill(db.session, current_actor(), asked, now())
    return page(
        "changes/drill.html",
        asked=asked,
        choices=choices(db.session, current_actor()),
        lines=lines,
        state_of=_state,
        outputs=around().unpublished(db.session, [line.number for line in lines]),
        query={"dataset": asked.dataset, "version": asked.version, "member": asked.member},
        csv=url_for("changes.drill_csv", dataset=asked.dataset, version=asked.version, member=asked.member),
    )


@blueprint.get("/drill.csv")
@holding(*_WHO)
def drill_csv() -> Response:
    """The same for spreadsheets."""
    lines = drill(db.session, current_actor(), _asked(), now())
    outputs = around().unpublished(db.session, [line.number for line in lines])
    return sheet("drill.csv", _HEADS, (_cells(line, "; ".join(outputs.get(line.number, ()))) for line in lines))


def _asked() -> Asked:
    return Asked(*(request.args.get(name, "")[:60] for name in ("dataset", "version", "member")))


def _state(line: Line) -> tuple[str, str]:
    return SUBGRANT_STATES[SubGrantState(line.state)] if line.is_handed_over else STATES[GrantState(line.state)]


def _cells(line: Line, outputs: str) -> tuple[str, ...]:
    return (
        line.number,
        _yes(line.is_handed_over),
        line.organization,
        "; ".join(line.datasets),
        "; ".join(line.people),
        line.kept[0],
        country_name(line.kept[1]) if line.kept[1] else "",
        told(_state(line)[0]),
        line.delete_by.isoformat(),
        str(line.days),
        _yes(line.derived_too),
        _yes(line.models_too),
        _yes(line.certificate),
        outputs,
        _yes(line.is_open),
    )


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
