"""The list of grants, narrowed by what its form asks for; and the same as a table for spreadsheets."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.narrowing import typed_words
from app.foundation.text import clean_line, whole_number
from app.grants.queries.grants import term_of
from app.grants.queries.lists import DUE_WORDS, Choices, Due, Line, Narrowing, choices, grants_page, keys, table_lines
from app.grants.routes.blueprint import blueprint
from app.grants.routes.words import STATES, is_running, list_words
from app.rules.actors import Actor
from app.rules.grant_days import NOT_YET, STATUSES
from app.rules.workflow import GrantState
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.sheets import lines, to_keep
from app.web.streaming import streamed

_LONGEST_REFERENCE = 40
_PART = 200
_COLUMNS = (
    "number", "title", "data_partner", "member", "state", "starts_on", "ends_on", "issued_on", "proposal",
    "next_duty", "next_duty_due_on", "overdue_duties", "url",
)  # fmt: skip


@blueprint.get("/grants")
@signed_in
def index() -> Response:
    """The grants of one's organizations and proposals, or of the one proposal that is asked for; the newest first."""
    viewer, moment = current_actor(), now()
    offered = choices(db.session, viewer)
    asked = _asked(offered)
    found = grants_page(db.session, viewer, moment, asked, whole_number(request.args.get("page"), most_digits=6) or 1)
    shown = [
        (grant, term_of(grant, moment), list_words(grant, moment), is_running(grant, moment)) for grant in found.rows
    ]
    return page(
        "grants/index.html",
        grants=shown,
        of=asked.proposal,
        found=found,
        asked=asked,
        offered=offered,
        states=[(state, _state_words(state)) for state in STATUSES],
        dues=[(due.value, told(words)) for due, words in DUE_WORDS.items()],
        here=_here(asked),
    )


@blueprint.get("/grants/list.csv")
@signed_in
def index_csv() -> Response:
    """Everything that the list holds as it is narrowed, sent while it is written."""
    viewer, moment = current_actor(), now()
    wanted = keys(db.session, viewer, moment, _asked(choices(db.session, viewer)))
    text = lines(_COLUMNS, _rows(viewer, wanted, moment))
    return to_keep(streamed(text, "text/csv; charset=utf-8", moment), "grants.csv")


def _state_words(state: str) -> str:
    return _("Not yet in force") if state == NOT_YET else told(STATES[GrantState(state)][0])


def _asked(offered: Choices) -> Narrowing:
    """What the address asks for. What cannot be chosen by the reader asks for nothing, whether it exists or not."""
    given = request.args
    member, partner, state = given.get("member", ""), given.get("partner", ""), given.get("state", "")
    return Narrowing(
        words=typed_words(given.get("q", "")),
        state=state if state in STATUSES else "",
        member=member if member in dict(offered.members) else "",
        partner=partner if partner in dict(offered.partners) else "",
        due=next((each for each in Due if each == given.get("due")), None),
        proposal=clean_line(given.get("proposal", "")[:_LONGEST_REFERENCE]).upper(),
    )


def _here(asked: Narrowing) -> dict[str, str]:
    """The narrowing as an address has it."""
    values = {
        "proposal": asked.proposal,
        "q": asked.words,
        "state": asked.state,
        "member": asked.member,
        "partner": asked.partner,
        "due": asked.due.value if asked.due else "",
    }
    return {name: value for name, value in values.items() if value}


def _rows(viewer: Actor, wanted: Sequence[int], moment: datetime) -> Iterator[Sequence[str]]:
    for start in range(0, len(wanted), _PART):
        found = table_lines(db.session, viewer, wanted[start : start + _PART], moment)
        rows = [_cells(each, moment) for each in found]
        db.session.close()
        yield from rows


def _cells(line: Line, moment: datetime) -> tuple[str, ...]:
    grant = line.grant
    base = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    return (
        grant.number,
        grant.title,
        grant.data_partner.name,
        grant.member.name,
        list_words(grant, moment)[0],
        grant.starts_on.isoformat(),
        grant.ends_on.isoformat(),
        grant.issued_at.date().isoformat(),
        line.proposal,
        told(line.next_duty) if line.next_duty else "",
        line.next_due.isoformat() if line.next_due else "",
        str(line.overdue or ""),
        base + url_for("grants.show", number=grant.number),
    )
