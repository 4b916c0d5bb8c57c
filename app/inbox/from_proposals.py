"""Rows of proposals: to check, to decide, to answer, to issue, to finish, and those that others act on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.words import N_
from app.proposals.queries.cases import Listed
from app.proposals.queries.waiting import waiting, waiting_count
from app.proposals.queries.whose_turn import Holder, WhoseTurn
from app.rules.actors import Actor
from app.rules.roles import Kind
from app.rules.tasks import Group, Row, mine
from app.rules.turns import Turn

_SOON_DAYS = 5
# What the reader does: the sentence, the button, the page.
_MINE: dict[Turn, tuple[str, str, str]] = {
    Turn.CHECKING: (N_("Check a proposal"), N_("Check it"), "proposals.intake"),
    Turn.DECIDING: (N_("Decide on a proposal"), N_("Read and decide"), "proposals.review"),
    Turn.CHANGING: (N_("Answer the changes asked for"), N_("Answer"), "proposals.edit"),
    Turn.ISSUING: (N_("Issue the grants"), N_("Issue"), "grants.prepare"),
    Turn.DRAFTING: (N_("Finish a draft"), N_("Continue"), "proposals.edit"),
    Turn.PARKED: (N_("Take up a parked proposal"), N_("Take it up"), "proposals.show"),
}
_FOLLOW_UP = (N_("Follow up with %(name)s"), N_("See how it stands"), "proposals.show")
# What others do, with their name in front.
_SEVERAL_DECIDE = N_("%(name)s decide")
_OTHERS: dict[Turn, str] = {
    Turn.CHECKING: N_("%(name)s checks it"),
    Turn.DECIDING: N_("%(name)s decides"),
    Turn.CHANGING: N_("%(name)s answers the changes"),
    Turn.ISSUING: N_("%(name)s issues the grants"),
    Turn.DRAFTING: N_("%(name)s finishes the draft"),
    Turn.PARKED: N_("%(name)s may take it up again"),
}
_BY_PERSON = (Kind.MEMBER, Kind.SECRETARIAT)
_TONES = {Kind.MEMBER: "a", Kind.PARTNER: "b", Kind.BOTH: "b", Kind.SECRETARIAT: "c"}


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """The rows. The secretariat sees, of what others do, only what is late or due this week."""
    found = waiting(session, viewer, now)
    return [
        _row(each, viewer) for each in found if each.is_yours or not viewer.is_secretariat or _is_near(each.turn, now)
    ]


def count(session: Session, viewer: Actor, now: datetime) -> int:
    """How many of them are the viewer's turn, by a date."""
    return waiting_count(session, viewer, now)


def _is_near(turn: WhoseTurn, now: datetime) -> bool:
    return turn.due is not None and (turn.due - now.date()).days <= _SOON_DAYS


def _row(each: Listed, viewer: Actor) -> Row:
    turn, proposal = each.turn, each.proposal
    follows_up = viewer.person_id in {name.person_id for name in turn.taken_over_by}
    sentence, button, endpoint = (_FOLLOW_UP if follows_up else _MINE[turn.turn]) if each.is_yours else _theirs(turn)
    holder = next(iter(turn.holders))
    return Row(
        group=_group(each),
        sentence=sentence,
        facts=(("name", _who(turn.holders)),),
        lines=(f"{proposal.title} · {proposal.reference}", _from(each, viewer)),
        initials=holder.people[0].initials if holder.people else "S",
        tone=_TONES[holder.kind],
        endpoint=endpoint,
        values=(("reference", proposal.reference),),
        button=button,
        due=turn.due,
        clock=turn.progress,
        since=turn.since,
    )


def _theirs(turn: WhoseTurn) -> tuple[str, str, str]:
    several = len(turn.holders) > 1 and turn.turn is Turn.DECIDING
    return _SEVERAL_DECIDE if several else _OTHERS[turn.turn], "", "proposals.show"


def _group(each: Listed) -> Group:
    if each.turn.since is None:
        return Group.UNFINISHED
    return mine(each.turn.is_overdue) if each.is_yours else Group.OTHERS


def _who(holders: Sequence[Holder]) -> str:
    """The data partners that act; of a team or the secretariat, the person."""
    return ", ".join(
        holder.people[0].name if holder.kind in _BY_PERSON and holder.people else holder.organization
        for holder in holders
    )


def _from(each: Listed, viewer: Actor) -> str:
    """Who asked, for those who act on it; who acts, for those who wait."""
    if each.is_yours:
        return each.organization
    people = [name.name for holder in each.turn.holders for name in (*holder.people, *holder.deputies)]
    late = [name.name for name in each.turn.taken_over_by]
    return ", ".join(dict.fromkeys(people + late)) or viewer.name
