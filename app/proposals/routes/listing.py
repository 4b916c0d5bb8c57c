"""The list of proposals, narrowed by what its form asks for; and the same as a table for spreadsheets."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.narrowing import typed_words
from app.foundation.text import whole_number
from app.proposals.queries.cases import Listed
from app.proposals.queries.lists import keys, proposals, read_later
from app.proposals.queries.narrowing import DUE_WORDS, Choices, Due, Narrowing, choices
from app.proposals.routes.blueprint import blueprint
from app.rules.actors import Actor
from app.rules.turns import OPEN_TURNS, TURNS, Turn
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.sheets import lines, to_keep
from app.web.streaming import streamed

_PART = 100
_COLUMNS = (
    "reference", "title", "organization", "state", "waits_for", "named", "due", "overdue", "sent_on", "ended_on", "url",
)  # fmt: skip


@blueprint.get("")
@signed_in
def index() -> Response:
    """The proposals that the reader may know of, each with whose turn it is."""
    viewer, ended = current_actor(), _is_of_ended()
    offered = choices(db.session, viewer)
    asked = _asked(offered)
    number = whole_number(request.args.get("page"), most_digits=6) or 1
    found = proposals(db.session, viewer, now(), ended=ended, number=number, asked=asked)
    return page(
        "proposals/list.html",
        found=found,
        ended=ended,
        asked=asked,
        offered=offered,
        turns=[(turn.value, told(TURNS[turn].name)) for turn in Turn if (turn in OPEN_TURNS) is not ended],
        dues=[(due.value, told(words)) for due, words in DUE_WORDS.items()],
        # What each tab keeps: where it stands and what is due are questions of one of them alone.
        kept={"q": asked.words, "organization": asked.organization, "partner": asked.partner},
        here=_here(asked),
    )


@blueprint.get("/list.csv")
@signed_in
def index_csv() -> Response:
    """Everything that the list holds as it is narrowed, sent while it is written."""
    viewer, moment = current_actor(), now()
    wanted = keys(db.session, viewer, moment, ended=_is_of_ended(), asked=_asked(choices(db.session, viewer)))
    text = lines(_COLUMNS, _rows(viewer, wanted, moment))
    return to_keep(streamed(text, "text/csv; charset=utf-8", moment), "proposals.csv")


def _is_of_ended() -> bool:
    return request.args.get("show") == "ended"


def _asked(offered: Choices) -> Narrowing:
    """What the address asks for. What cannot be chosen by the reader asks for nothing, whether it exists or not."""
    organization, partner = request.args.get("organization", ""), request.args.get("partner", "")
    turn, due = request.args.get("state"), request.args.get("due")
    ended = _is_of_ended()
    return Narrowing(
        words=typed_words(request.args.get("q", "")),
        turn=next((each for each in Turn if each == turn and (each in OPEN_TURNS) is not ended), None),
        organization=organization if organization in dict(offered.organizations) else "",
        partner=partner if partner in dict(offered.partners) else "",
        due=None if ended else next((each for each in Due if each == due), None),
    )


def _here(asked: Narrowing) -> dict[str, str]:
    """The narrowing as an address has it."""
    values = {
        "show": "ended" if _is_of_ended() else "",
        "q": asked.words,
        "state": asked.turn.value if asked.turn else "",
        "organization": asked.organization,
        "partner": asked.partner,
        "due": asked.due.value if asked.due else "",
    }
    return {name: value for name, value in values.items() if value}


def _rows(viewer: Actor, wanted: Sequence[int], moment: datetime) -> Iterator[Sequence[str]]:
    for start in range(0, len(wanted), _PART):
        rows = [_cells(each) for each in read_later(db.session, viewer, wanted[start : start + _PART], moment)]
        db.session.close()
        yield from rows


def _cells(each: Listed) -> tuple[str, ...]:
    proposal, turn = each.proposal, each.turn
    acting = [holder.acts.name for holder in turn.holders if holder.acts]
    base = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    return (
        proposal.reference,
        proposal.title,
        each.organization,
        told(turn.name),
        "; ".join(told(holder.organization) for holder in turn.holders),
        "; ".join(dict.fromkeys(acting)),
        turn.when.isoformat() if turn.when else "",
        "yes" if turn.is_overdue else "",
        proposal.sent_at.date().isoformat() if proposal.sent_at else "",
        proposal.ended_at.date().isoformat() if proposal.ended_at else "",
        base + url_for("proposals.show", reference=proposal.reference),
    )
