"""Rows of proposals: to check, to decide, to answer, to issue, to finish, and those that others act on."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import ScalarSelect
from sqlalchemy.orm import Session

from app.foundation.words import N_
from app.inbox.from_votes import CLOSE
from app.proposals.queries.cases import Listed
from app.proposals.queries.waiting import Queue, queues, waiting, waiting_number
from app.proposals.queries.whose_turn import Holder, Name, WhoseTurn
from app.rules.actors import Actor, initials_of
from app.rules.roles import Kind
from app.rules.tasks import Group, Row
from app.rules.turns import Turn

# What the reader does: the sentence, the button, the page.
_MINE: dict[Turn, tuple[str, str, str]] = {
    Turn.CHECKING: (N_("Check a proposal"), N_("Check it"), "proposals.intake"),
    Turn.DECIDING: (N_("Decide on a proposal"), N_("Read and decide"), "proposals.review"),
    Turn.CHANGING: (N_("Answer the changes asked for"), N_("Answer"), "proposals.edit"),
    Turn.ISSUING: (N_("Issue the grants"), N_("Issue"), "grants.prepare"),
    Turn.VOTING: (N_("Vote on a proposal"), N_("Read and vote"), "proposals.verdict"),
    Turn.ETHICS_READING: (N_("Give the ethics review"), N_("Read it"), "proposals.verdict"),
    Turn.LEGAL_READING: (N_("Give the legal review"), N_("Read it"), "proposals.verdict"),
    Turn.LOOKING_AGAIN: (N_("Look again at what a crisis allowed"), N_("Look at it again"), "proposals.verdict"),
    Turn.DRAFTING: (N_("Finish a draft"), N_("Continue"), "proposals.edit"),
    Turn.PARKED: (N_("Take up a parked proposal"), N_("Take it up"), "proposals.show"),
}
_CLOSE = (*CLOSE, "proposals.verdict")
_FOLLOW_UP = (N_("Follow up with %(name)s"), N_("See how it stands"), "proposals.show")
# What others do, with their name in front.
_OTHER_CLOSES = N_("%(name)s closes the vote")
_SEVERAL_DECIDE = N_("%(name)s decide")
_OTHERS: dict[Turn, str] = {
    Turn.CHECKING: N_("%(name)s checks it"),
    Turn.DECIDING: N_("%(name)s decides"),
    Turn.CHANGING: N_("%(name)s answers the changes"),
    Turn.ISSUING: N_("%(name)s issues the grants"),
    Turn.VOTING: N_("%(name)s votes next"),
    Turn.ETHICS_READING: N_("%(name)s gives the ethics review"),
    Turn.LEGAL_READING: N_("%(name)s gives the legal review"),
    Turn.LOOKING_AGAIN: N_("%(name)s looks at it again"),
    Turn.DRAFTING: N_("%(name)s finishes the draft"),
    Turn.PARKED: N_("%(name)s may take it up again"),
}
_TO_HAND_ON, _TO_REMIND = N_("Choose, to hand on"), N_("Choose, to remind")
_BY_PERSON = (Kind.MEMBER, Kind.SECRETARIAT)
_TONES = {Kind.MEMBER: "a", Kind.PARTNER: "b", Kind.BOTH: "b", Kind.SECRETARIAT: "c"}


# The group of each queue's rows.
_GROUPS = {
    Queue.OVERDUE: Group.OVERDUE,
    Queue.WEEK: Group.YOURS,
    Queue.LATER: Group.YOURS,
    Queue.OTHERS: Group.OTHERS,
    Queue.UNFINISHED: Group.UNFINISHED,
}


def rows(session: Session, viewer: Actor, now: datetime, most: int) -> tuple[list[Row], dict[Queue, int]]:
    """The first rows of each queue, the nearest date first, and how many there are in each."""
    found, counts = queues(session, viewer, now, most)
    return [_row(each, viewer, _GROUPS[queue]) for queue, listed in found.items() for each in listed], counts


def rows_of(session: Session, viewer: Actor, now: datetime, queue: Queue, most: int) -> list[Row]:
    """The first rows of one queue."""
    return [_row(each, viewer, _GROUPS[queue]) for each in waiting(session, viewer, now, queue, most)]


def count(session: Session, viewer: Actor, now: datetime) -> ScalarSelect[int]:
    """How many of them are the viewer's turn, by a date."""
    return waiting_number(session, viewer, now)


def _row(each: Listed, viewer: Actor, group: Group) -> Row:
    turn, proposal = each.turn, each.proposal
    follows_up = viewer.person_id in {name.person_id for name in turn.taken_over_by}
    sentence, button, endpoint = _words(turn, follows_up=follows_up) if each.is_asked else _theirs(turn)
    holder = _of_viewer(turn, viewer)
    clock = holder.progress if each.is_asked else turn.progress
    named = _named(holder, follows_up=follows_up)
    return Row(
        group=group,
        sentence=sentence,
        facts=(("name", _who(turn.holders, follows_up=follows_up)),),
        lines=(f"{proposal.title} · {proposal.reference}", _from(each, viewer)),
        initials=named.initials if named else initials_of(holder.organization),
        tone=_TONES[holder.kind],
        endpoint=endpoint,
        values=(("reference", proposal.reference),),
        button=button,
        due=clock.due if clock else None,
        clock=clock,
        since=turn.since,
        ref=proposal.reference,
        choosing=_choosing(turn, viewer),
        taking="proposals.take" if _may_take(turn, viewer) else "",
    )


def _words(turn: WhoseTurn, *, follows_up: bool) -> tuple[str, str, str]:
    if follows_up:
        return _FOLLOW_UP
    return _CLOSE if turn.is_closing else _MINE[turn.turn]


def _of_viewer(turn: WhoseTurn, viewer: Actor) -> Holder:
    """The organization whose wait is the viewer's, or the first one."""
    own = [holder for holder in turn.holders if viewer.person_id in holder.asked]
    return min(own or turn.holders, key=lambda each: each.progress.place if each.progress else (date.max, time.max))


def _may_take(turn: WhoseTurn, viewer: Actor) -> bool:
    """Whether a colleague is named, and the viewer could act as well."""
    return turn.turn in _TAKEN and any(
        viewer.person_id in holder.could_act and holder.next is not None and holder.next.person_id != viewer.person_id
        for holder in turn.holders
    )


def _choosing(turn: WhoseTurn, viewer: Actor) -> str:
    """What the secretariat can do with it among several: hand on what it could do itself, remind others of what has a date."""
    if any(viewer.person_id in holder.could_act for holder in turn.holders):
        return _TO_HAND_ON
    return _TO_REMIND if turn.progress is not None else ""


_TAKEN = frozenset({Turn.CHECKING, Turn.DECIDING, Turn.ISSUING, Turn.ETHICS_READING, Turn.LEGAL_READING})


def _theirs(turn: WhoseTurn) -> tuple[str, str, str]:
    several = len(turn.holders) > 1 and turn.turn is Turn.DECIDING
    sentence = _SEVERAL_DECIDE if several else _OTHER_CLOSES if turn.is_closing else _OTHERS[turn.turn]
    return sentence, "", "proposals.show"


def _who(holders: Sequence[Holder], *, follows_up: bool) -> str:
    """The data partners that act; of a team or the secretariat, the person."""
    named = [(holder, _named(holder, follows_up=follows_up)) for holder in holders]
    return ", ".join(
        person.name if person and holder.kind in _BY_PERSON else holder.organization for holder, person in named
    )


def _named(holder: Holder, *, follows_up: bool) -> Name | None:
    """Whose act it is; for those who follow it up, who should have acted, not who took over."""
    return next(iter(holder.people), None) if follows_up else holder.next


def _from(each: Listed, viewer: Actor) -> str:
    """Who asked, for those who act on it; who acts, for those who wait."""
    if each.is_asked:
        return each.organization
    named = [holder.next.name for holder in each.turn.holders if holder.next]
    return ", ".join(dict.fromkeys(named)) or viewer.name
