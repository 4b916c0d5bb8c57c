"""What follows from events of proposals: one mail for each person whom an event concerns, and what happens by date."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.library import version as agreement_version
from app.catalog.models import Dataset
from app.history.queries import Happening
from app.organizations.models import Person
from app.organizations.queries import deputies_of
from app.proposals.commands.intake import park_overdue
from app.proposals.commands.new_days import ask_for_new_days
from app.proposals.commands.reminding import remind_by_date
from app.proposals.models import Comment, ProposalItem
from app.proposals.queries.library import condition_words
from app.proposals.queries.named import mend
from app.proposals.queries.whose_turn import Holder
from app.reactions.proposal_deciders import ask_for_decisions, tell_deciders_of_answer, tell_other_deciders, who_asked
from app.reactions.proposal_people import Telling, by_when
from app.reactions.work import Job, Reaction, Work
from app.rules.calendar import DEPUTY_JOINS_AT, SECRETARIAT_JOINS_AT
from app.rules.events import Event
from app.rules.roles import Kind
from app.rules.turns import Turn
from app.rules.vocabulary import REASONS, Reason
from app.rules.workflow import APPROVALS, ITEM_STATES, ItemState
from app.web.answers import told

Tell = Callable[[Telling], None]


def telling(tell: Tell) -> Reaction:
    """A reaction that tells people; named for what it does, so that a failure in the outbox can be read."""

    def react(session: Session, happening: Happening, work: Work) -> None:
        tell(Telling(session, happening, work))

    react.__name__ = tell.__name__
    return react


def ask_for_check(t: Telling) -> None:
    """To the officers: there is a proposal to check. Not where it has gone on meanwhile."""
    if t.turn.turn is Turn.CHECKING:
        t.mail("proposal_to_check", t.officers(), "/intake")


def tell_that_it_is_received(t: Telling) -> None:
    """To the team, whoever sent it included: it is not lost; who is next, and by when."""
    if not t.turn.is_ended:
        names = ", ".join(dict.fromkeys(holder.acts.name for holder in t.turn.holders if holder.acts))
        t.mail_all("proposal_received", t.team(), waits_for=t.waits_for(), person=names, due=t.turn.all_due)


def tell_of_answer(t: Telling) -> None:
    """To the officer who asked for changes: they were answered. What goes back to the data partners is told by its own event."""
    if t.turn.turn is Turn.CHECKING:
        t.mail("proposal_answered", who_asked(t) or t.officers(), "/intake")


def tell_of_changes(t: Telling) -> None:
    """To the team: something should change."""
    asked = t.facts.get("requests")
    words = [str(each["words"]) for each in asked if isinstance(each, dict)] if isinstance(asked, list) else []
    t.mail("proposal_changes", t.team(), "/edit", words="\n".join(words))


def tell_of_end(t: Telling) -> None:
    """To the team: the secretariat does not take it up."""
    t.mail("proposal_not_taken_up", t.team())


def tell_of_decision(t: Telling) -> None:
    """To the lead: one data partner has decided. The last decision is told together with all others."""
    if t.is_complete() or t.facts.get("replaces"):  # a replaced decision has a mail of its own
        return
    outcome, reason = ItemState(str(t.facts["outcome"])), t.facts.get("reason")
    t.mail(
        "proposal_item_decided",
        t.lead(),
        outcome=told(ITEM_STATES[outcome][0]),
        dataset=dataset_of(t).title,
        partner=t.organization(t.facts["partner"]).name,
        reason=told(REASONS[Reason(str(reason))]) if reason else "",
        conditions=conditions_of(t),
        waits=t.turn.holders,
        decisions=[t.facts["decision"]],
    )


def tell_of_all_decisions(t: Telling) -> None:
    """To the lead what was decided, and to the directors that there is something to issue. Not where it was reopened."""
    if t.proposal.decided_at is None:
        return
    outcomes, items = _outcomes(t), t.decided_items()
    is_approved, decisions = any(item.state in APPROVALS for item in items), [item.decision_id for item in items]
    t.mail("proposal_decided", t.lead(), outcomes=outcomes, is_approved=is_approved, decisions=decisions)
    if t.turn.turn is Turn.ISSUING:
        t.mail("proposal_to_issue", t.directors(), "/issue", outcomes=outcomes, decisions=decisions)


def tell_of_undoing(t: Telling) -> None:
    """To those who were told of the decision: it was taken back."""
    partner, dataset = t.organization(t.facts["partner"]).name, dataset_of(t).title
    t.mail("proposal_decision_undone", t.lead(), partner=partner, dataset=dataset)


def tell_directors_of_reopening(t: Telling) -> None:
    """To the directors, who were asked to issue: not yet."""
    if t.proposal.decided_at is None:  # not where a new decision followed at once
        t.mail("proposal_reopened", t.directors())


def tell_of_comment(t: Telling) -> None:
    """To the others in the conversation; an internal note stays with the author's organization and the secretariat."""
    row = t.session.get(Comment, int(str(t.facts["comment"])))
    if row is None:
        return
    author = t.session.get_one(Person, row.author_id)
    people = _inside(t, row) if row.is_internal else _everyone(t)
    others = [person for person in people if person.id != author.id]
    # An internal note stays where it was written: its mail says that there is one, and a link leads to it.
    words = "" if row.is_internal else row.body
    t.mail("proposal_comment", others, f"#message-{row.id}", is_internal=row.is_internal, by=author.name, words=words)


def remind(t: Telling) -> None:
    """To the one who is named; on the due day to the deputy too, and much later to the one of the secretariat who takes over."""
    percent, only = int(str(t.facts.get("percent") or 0)), t.facts.get("organization")
    by_hand = bool(t.facts.get("by_hand"))
    for holder in t.turn.holders:
        clock = holder.progress
        if clock is None or holder.named is None or (only is not None and holder.organization_id != only):
            continue
        people = holder.named.asked(min(percent, DEPUTY_JOINS_AT))
        when: dict[str, Any] = by_when(clock)
        t.mail(
            "proposal_reminder",
            [t.session.get_one(Person, name.person_id) for name in people],
            _PAGES.get(t.turn.turn, "") if holder.people else "",
            act=told(t.turn.act),
            turn=t.turn.kind,
            by=t.happening.actor if by_hand else "",
            is_over=clock.is_over,
            deputy=t.deputy_of(holder.organization_id),
            **when,
        )
        if percent >= SECRETARIAT_JOINS_AT and holder.next in t.turn.taken_over_by and holder.next is not None:
            officer = t.session.get_one(Person, holder.next.person_id)
            t.mail("proposal_taken_over", [officer], waits_for=_whom_to_ask(holder), **when)


def _whom_to_ask(holder: Holder) -> str:
    """Who is to act, for whoever follows it up: of the secretariat and its committees the person."""
    return holder.acts.name if holder.acts and holder.kind is Kind.SECRETARIAT else holder.organization


def tell_of_parking(t: Telling) -> None:
    """To the team: the changes were not answered in time."""
    t.mail("proposal_parked", t.team())


def tell_of_passed_days(t: Telling) -> None:
    """To the team: its last day has come, so it sets new days. To the directors, who issue nothing, and those who approved."""
    team, partners, day = t.team(), t.facts["partners"], date.fromisoformat(str(t.facts["last_day"]))
    t.mail("proposal_days_passed", team, "/edit", last_day=day)
    approved = t.stewards([int(str(key)) for key in partners]) if isinstance(partners, list) else []
    own = {person.id for person in team}
    others = [person for person in (*t.directors(), *approved) if person.id not in own]
    t.mail("proposal_not_to_issue", others, last_day=day)


def tell_of_withdrawal(t: Telling) -> None:
    """To those who were reading it: it waits for nobody any more."""
    if t.proposal.sent_at is None:
        return
    t.mail("proposal_withdrawn", t.stewards() if t.proposal.passed_at else t.officers())


# Where the one who is reminded acts.
_PAGES = {
    Turn.CHECKING: "/intake",
    Turn.VOTING: "/verdict",
    Turn.ETHICS_READING: "/verdict",
    Turn.LEGAL_READING: "/verdict",
    Turn.DECIDING: "/review",
    Turn.CHANGING: "/edit",
    Turn.ISSUING: "/issue",
    Turn.LOOKING_AGAIN: "/verdict",
}


# Where a question of the team lies with the secretariat, whoever has written before.
_OFFICERS_ANSWER = frozenset({Turn.CHECKING, Turn.NOT_TAKEN_UP})


def _everyone(t: Telling) -> list[Person]:
    """The team, the data partners once they know of it, the officers where it lies with them, and whoever has written before."""
    wrote = select(Person).join(Comment, Comment.author_id == Person.id)
    open_words = wrote.where(Comment.proposal_id == t.proposal.id, ~Comment.is_internal)
    stewards = t.stewards() if t.proposal.passed_at else []
    answering = t.officers() if t.turn.turn in _OFFICERS_ANSWER else []
    return [*t.team(), *stewards, *answering, *t.session.scalars(open_words.order_by(Person.id))]


def _inside(t: Telling, row: Comment) -> list[Person]:
    """Never somebody who is tied to the proposing side, whatever else they are (safety.md T5)."""
    deciding = [*t.stewards([row.organization_id]), *deputies_of(t.session, row.organization_id)]
    return t.without_conflict([*deciding, *t.officers()])


def dataset_of(t: Telling) -> Dataset:
    """The dataset that the event is about."""
    return t.session.scalars(select(Dataset).where(Dataset.reference == str(t.facts["dataset"]))).one()


def conditions_of(t: Telling) -> str:
    """The conditions of the decision that the event is about, in words."""
    version, kept = t.version(), t.facts.get("conditions")
    if version is None or not isinstance(kept, dict):
        return ""
    agreement = agreement_version(version.agreement_version).terms
    lines = condition_words(agreement, kept)
    return "; ".join(_("%(label)s: %(value)s", label=label, value=value) for label, value, _clause, _point in lines)


def _outcomes(t: Telling) -> list[tuple[str, str]]:
    found = (
        select(Dataset.title, ProposalItem.state)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .where(ProposalItem.proposal_id == t.proposal.id)
        .order_by(ProposalItem.id)
    )
    return [(title, told(ITEM_STATES[state][0])) for title, state in t.session.execute(found)]


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    event: tuple(telling(tell) for tell in tellings)
    for event, tellings in {
        Event.PROPOSAL_SENT: (ask_for_check, tell_that_it_is_received),
        Event.PROPOSAL_RESENT: (tell_of_answer,),
        Event.INTAKE_PASSED: (ask_for_decisions,),
        Event.PROPOSAL_RETURNED: (tell_deciders_of_answer,),
        Event.CHANGES_REQUESTED: (tell_of_changes, tell_other_deciders),
        Event.CLOSED_AT_INTAKE: (tell_of_end,),
        Event.ITEM_APPROVED: (tell_of_decision,),
        Event.ITEM_APPROVED_WITH_CONDITIONS: (tell_of_decision,),
        Event.ITEM_APPROVED_BY_RULE: (tell_of_decision,),
        Event.ITEM_NOT_APPROVED: (tell_of_decision,),
        Event.PROPOSAL_DECIDED: (tell_of_all_decisions,),
        Event.DECISION_UNDONE: (tell_of_undoing,),
        Event.PROPOSAL_REOPENED: (tell_directors_of_reopening,),
        Event.COMMENT_POSTED: (tell_of_comment,),
        Event.REMINDER_SENT: (remind,),
        Event.PROPOSAL_PARKED: (tell_of_parking,),
        Event.DAYS_PASSED: (tell_of_passed_days,),
        Event.PROPOSAL_WITHDRAWN: (tell_of_withdrawal,),
    }.items()
}


def send_reminders(session: Session, now: datetime) -> None:
    """At 50, 80, 100 and 150 % of each wait, of whoever is named then."""
    mend(session)
    remind_by_date(session, now)


def park(session: Session, now: datetime) -> None:
    """Changes that nobody answered."""
    park_overdue(session, now)


def give_back(session: Session, now: datetime) -> None:
    """What was approved for days that have passed, before anybody is reminded of issuing it."""
    ask_for_new_days(session, now)


SCHEDULE: tuple[Job, ...] = (give_back, send_reminders, park)
