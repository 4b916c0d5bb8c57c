"""What the pages of one proposal share: its head, whose turn it is, the one act of the reader, the reminder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _

from app.agreements.library import current_version, version
from app.foundation.clock import now as this_moment
from app.foundation.words import N_
from app.organizations.standing import standing
from app.proposals.queries.cases import Case, case
from app.proposals.queries.clock import has_come
from app.proposals.queries.handled import Handled, handled_by_colleague
from app.proposals.queries.items import ItemView, items
from app.proposals.queries.library import condition_words
from app.proposals.queries.way import Place, Stop
from app.proposals.queries.whose_turn import Holder, Name, first_reminder
from app.rules.actions import Action
from app.rules.permissions import may
from app.rules.pipelines import STEP_ROLES, Step
from app.rules.roles import Role
from app.rules.terms.values import Unit
from app.rules.turns import TURNS, Turn
from app.rules.workflow import ItemState
from app.web.actor import current_actor
from app.web.answers import told
from app.web.clocks import length_words
from app.web.database import db
from app.web.words import short_day, short_deadline


@dataclass(frozen=True)
class Act:
    """The one thing that the reader can do next: words of the button, and where it leads. `is_aside`: it waits for others."""

    words: str
    address: str
    is_aside: bool = False


@dataclass(frozen=True)
class Reminding:
    """Whether a reminder can be sent now, or from which day or moment on."""

    now: bool
    starting: date


@dataclass(frozen=True)
class Shown:
    """One proposal as its pages show it."""

    of: Case
    items: tuple[ItemView, ...]
    act: Act | None
    reminding: Reminding | None
    at: datetime
    handled: Handled | None = None

    @property
    def own_holder(self) -> Holder | None:
        """The organization that is waited for and for which the reader could act; None where there is none."""
        key = current_actor().person_id
        return next((holder for holder in self.of.turn.holders if key in holder.could_act), None)

    @property
    def may_take(self) -> bool:
        """Whether the reader could act on it, and a colleague is named."""
        holder = self.own_holder
        could = holder is not None and holder.next is not None and holder.next.person_id != current_actor().person_id
        return could and Action.TAKE_PROPOSAL in self.of.acts

    @property
    def colleagues(self) -> tuple[Name, ...]:
        """Those to whom the reader may hand it on."""
        holder = self.own_holder
        if holder is None or Action.HAND_ON_PROPOSAL not in self.of.acts:
            return ()
        return tuple(each for each in (*holder.people, *holder.deputies) if each != holder.next)

    @property
    def is_yours(self) -> bool:
        """Whether it is the reader's turn."""
        return self.act is not None and not self.act.is_aside and self.of.turn.waits_for(current_actor().person_id)

    @property
    def follows_up(self) -> bool:
        """Whether the reader sees to it that others do what they should have done."""
        return current_actor().person_id in {each.person_id for each in self.of.turn.taken_over_by}

    @property
    def is_in_conflict(self) -> bool:
        """Whether the reader would decide, and may not, because of a tie to the proposing side."""
        return Role.CONFLICTED in self.of.roles and bool(self.of.roles & _WOULD_ACT)

    @property
    def own(self) -> tuple[ItemView, ...]:
        """The reader's own items."""
        return tuple(item for item in self.items if item.is_own)


# Whose act on a proposal a conflict of interest bars.
_WOULD_ACT = STEP_ROLES | {Role.DATASET_STEWARD, Role.OFFICER, Role.DIRECTOR}
# The act that ends a wait: its right, its button, its page.
_ACTS: dict[Turn, tuple[Action, str, str]] = {
    Turn.DRAFTING: (Action.EDIT_PROPOSAL, N_("Continue writing"), "proposals.edit"),
    Turn.CHANGING: (Action.EDIT_PROPOSAL, N_("Answer the changes"), "proposals.edit"),
    Turn.PARKED: (Action.EDIT_PROPOSAL, N_("Take it up again"), "proposals.edit"),
    Turn.CHECKING: (Action.PASS_INTAKE, N_("Check it"), "proposals.intake"),
    Turn.VOTING: (Action.CAST_VOTE, N_("Read and vote"), "proposals.verdict"),
    Turn.ETHICS_READING: (Action.PASS_STEP, N_("Give the ethics review"), "proposals.verdict"),
    Turn.LEGAL_READING: (Action.PASS_STEP, N_("Give the legal review"), "proposals.verdict"),
    Turn.LOOKING_AGAIN: (Action.LOOK_AGAIN, N_("Look at it again"), "proposals.verdict"),
}
# Where those who review it in a step ask for changes.
_ASKED_ON: dict[Step | None, str] = {
    Step.INTAKE: "proposals.intake",
    Step.COMMITTEE: "proposals.verdict",
    Step.ETHICS: "proposals.verdict",
    Step.LEGAL: "proposals.verdict",
    Step.DATA_PARTNERS: "proposals.review",
}


def shown_case(reference: str) -> Shown:
    """The proposal for the reader of this request; raises NotFound."""
    actor, at = current_actor(), this_moment()
    of = case(db.session, actor, reference, at)
    found = tuple(items(db.session, actor, of, at))
    return Shown(of, found, _act(of, found), _reminding(of, at), at, _handled(of, at))


def issue_address(reference: str) -> str:
    """The director's page for issuing, which stands with the grants."""
    return url_for("grants.prepare", reference=reference)


def route_of(stops: Sequence[Stop]) -> list[tuple[str, str, str]]:
    """The way of a proposal as the route macro draws it."""
    return [(told(stop.title), _when(stop), stop.place.value) for stop in stops]


def _when(stop: Stop) -> str:
    if stop.on is not None:
        return short_day(stop.on)
    if stop.by is not None:
        return _("by %(day)s", day=short_deadline(stop.by))
    if stop.place is Place.NOW or stop.length is None:
        return ""
    if stop.length.unit is Unit.CALENDAR_DAY:
        return _("%(days)s days after the start", days=stop.length.amount)
    return length_words(stop.length)


def _act(of: Case, found: Sequence[ItemView]) -> Act | None:
    reference, turn = of.proposal.reference, of.turn.turn
    if turn is Turn.DECIDING and any(Action.APPROVE_ITEM in item.acts for item in found):
        return Act(_("Read and decide"), url_for("proposals.review", reference=reference))
    if turn is Turn.ISSUING and Action.ISSUE_GRANTS in of.acts:
        return Act(_("Issue the grants"), issue_address(reference))
    if turn is Turn.ISSUED:
        return Act(_("See its grants"), url_for("grants.index", proposal=reference))
    if of.turn.is_closing and Action.CLOSE_VOTE in of.acts:
        return Act(_("Close the vote"), url_for("proposals.verdict", reference=reference))
    if turn in _ACTS and _ACTS[turn][0] in of.acts:
        _right, words, endpoint = _ACTS[turn]
        return Act(told(words), url_for(endpoint, reference=reference))
    if asks_too(of, found):
        further = turn is Turn.CHANGING
        words = _("Read it, and ask for further changes") if further else _("Read it, and ask for changes")
        return Act(words, url_for(_asked_on(of, found), reference=reference), is_aside=True)
    return None


def asks_too(of: Case, found: Sequence[ItemView]) -> bool:
    """Whether the reader may ask the team for changes on a page of theirs: a data partner while something is left for it to
    decide, who else reviews it in their step, and the secretariat's officers in each of them.
    """
    if Action.REQUEST_CHANGES not in of.acts or of.step not in _ASKED_ON:
        return False
    own = [item for item in found if item.is_own]
    return of.step is not Step.DATA_PARTNERS or not own or any(item.state is ItemState.PENDING for item in own)


def _asked_on(of: Case, found: Sequence[ItemView]) -> str:
    """Officers read what the data partners decide on where they checked it."""
    decides = of.step is not Step.DATA_PARTNERS or any(item.is_own for item in found)
    return _ASKED_ON[of.step if decides else Step.INTAKE]


def _handled(of: Case, at: datetime) -> Handled | None:
    """Shown to those who could have acted and find that a colleague did; not while it waits for them."""
    actor = current_actor()
    waits = any(actor.person_id in holder.could_act for holder in of.turn.holders)
    return None if waits else handled_by_colleague(db.session, actor, of.proposal, at)


def _reminding(of: Case, at: datetime) -> Reminding | None:
    is_own_turn = TURNS[of.turn.turn].role in of.roles
    if Action.REMIND_ON_PROPOSAL not in of.acts or is_own_turn:
        return None
    starting = first_reminder(db.session, of.proposal, of.turn)
    return None if starting is None else Reminding(has_come(starting, at), starting)


def words_of(of: Case) -> Callable[[dict[str, object]], list[tuple[str, str, str, str]]]:
    """Stored conditions in words, under the agreement that the proposal was sent under."""
    agreement = (version(of.current.agreement_version) if of.current else current_version()).terms
    return lambda conditions: condition_words(agreement, conditions)


def may_copy(of: Case) -> bool:
    """Whether the reader may start a proposal like this one, in the name of its organization."""
    actor = current_actor()
    return may(standing(actor, of.organization) | actor.roles_at(of.organization.id), Action.START_PROPOSAL)
