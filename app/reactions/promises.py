"""What follows from what a grant owes and gives: somebody is asked to act, others are told, and what is due by date happens."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.delivery import commands as delivery
from app.duties import commands as duties
from app.foundation.base import JSONObject
from app.history.models import HistoryEvent
from app.history.queries import Happening
from app.incidents import commands as incidents
from app.organizations.models import Person
from app.outbox.commands import enqueue
from app.outputs import commands as outputs
from app.reactions.letters import reminding_subject
from app.reactions.mail import Recipient, write_mail
from app.reactions.output_readers import Quote
from app.reactions.promise_cases import Case, To, case_of
from app.reactions.promise_tells import (
    FOLLOW,
    FOLLOW_BUTTON,
    FOLLOW_NOBODY,
    FOLLOW_OVERDUE,
    FOLLOW_WHAT,
    FOLLOWED,
    HAS_JOINED,
    JOINS,
    OVERDUE,
    OVERDUE_JOINED,
    REMINDER,
    Tell,
)
from app.reactions.promise_words import TELLS
from app.reactions.shortening import MOST_WORDS, shortened
from app.reactions.work import Apply, Handler, Job, Reaction, Work
from app.rules.events import Event
from app.web.answers import told
from app.web.words import deadline, moment, short_deadline

BEGIN_DELIVERY = "delivery.begin"
FOLLOW_GRANT = "delivery.follow_grant"
WIND_UP = "duties.wind_up"
MOST_QUOTES, WORDS_OF_ALL = 4, 60


@dataclass(frozen=True)
class _Words:
    """One mail's sentences, filled."""

    says: str
    fact: str
    otherwise: str
    button_words: str


def tell(session: Session, happening: Happening, work: Work) -> None:
    """One mail to each person whom an event concerns; only a link, nothing confidential. The one who acted gets none."""
    case = case_of(session, happening, work.now)
    if case is None:
        return
    actor_pid = session.get_one(HistoryEvent, happening.seq).actor_pid
    for each in TELLS[Event(happening.type)]:
        people = {person.id: person for person in case.people(session, each.to) if person.active}
        for person in people.values():
            if person.pid != actor_pid:
                words = _words_for(person, each, case, happening)
                context = {
                    **vars(words),
                    "title": case.title,
                    "is_over": case.is_over,
                    "by_the_hour": case.is_by_the_hour,
                    "number": case.grant.number,
                    "quotes": _shortened(case.quotes) if each.quotes else (),
                    "more": max(len(case.quotes) - MOST_QUOTES, 0) if each.quotes else 0,
                    "undoable": case.undoable,
                    "not_before": case.settles_at,
                }
                to = Recipient(person.name, person.email)
                write_mail(session, work, each.template, to, context, case.about, case.link)


def begin_delivery(session: Session, happening: Happening, work: Work) -> None:
    """A grant was sealed: its data partner's clock begins."""
    enqueue(session, BEGIN_DELIVERY, {"number": happening.ref}, work.now, about=happening.ref)


def follow_grant(session: Session, happening: Happening, work: Work) -> None:
    """A grant was stopped for a while, or goes on: so does access on the data partner's side."""
    enqueue(session, FOLLOW_GRANT, {"number": happening.ref}, work.now, about=happening.ref)


def wind_up(session: Session, happening: Happening, work: Work) -> None:
    """A grant has ended or was replaced: its duties are dated or settled."""
    enqueue(session, WIND_UP, {"number": happening.ref}, work.now, about=happening.ref)


def _begin(work: Work, payload: JSONObject) -> Apply | None:
    def apply(session: Session) -> None:
        delivery.begin(session, str(payload["number"]), work.now)

    return apply


def _follow(work: Work, payload: JSONObject) -> Apply | None:
    def apply(session: Session) -> None:
        delivery.follow_grant(session, str(payload["number"]), work.now)

    return apply


def _wind(work: Work, payload: JSONObject) -> Apply | None:
    def apply(session: Session) -> None:
        duties.wind_up(session, str(payload["number"]), work.now)
        outputs.settle_when_over(session, str(payload["number"]), work.now)
        delivery.forget_secrets(session, work.now)
        delivery.follow_grant(session, str(payload["number"]), work.now)

    return apply


def _words_for(person: Person, each: Tell, case: Case, happening: Happening) -> _Words:
    """What a mail says to one person: to act, or to see to it that somebody else does."""
    turn = case.turn
    if each.to is To.NEXT and turn is not None and not turn.could_act(person.id):
        fact = FOLLOW_NOBODY if turn.acts is None else FOLLOW_OVERDUE if case.is_over else FOLLOW
        what, fact, otherwise, button = _filled((FOLLOW_WHAT, fact, FOLLOWED, FOLLOW_BUTTON), case, happening)
        return _Words(reminding_subject(case.due, what, is_over=case.is_over, acts=False), fact, otherwise, button)
    fact = each.to_read if case.is_to_read and each.to_read else each.fact
    words = _Words(*_filled((each.subject, fact, _otherwise(each.otherwise, case), each.button), case, happening))
    is_reminder = each.template == REMINDER
    return replace(words, says=reminding_subject(case.due, words.says, is_over=case.is_over)) if is_reminder else words


def _shortened(quotes: Sequence[Quote]) -> list[Quote]:
    """The first of them, so that all together are no longer than a mail may be."""
    first = quotes[:MOST_QUOTES]
    most = min(MOST_WORDS, WORDS_OF_ALL // max(len(first), 1))
    return [replace(quote, words=shortened(quote.words, most)) for quote in first]


def _filled(sentences: Sequence[str], case: Case, happening: Happening) -> list[str]:
    acts = case.turn.acts if case.turn else None
    facts = {
        "title": case.title,
        "number": case.grant.number,
        "reference": case.about,
        "partner": case.grant.data_partner.name,
        "member": case.grant.member.name,
        "thing": told(case.thing),
        "day": deadline(case.due),
        "next": case.next_name,
        "joined": ", ".join(case.joined),
        "awaited": acts.name if acts else "",
        "organization": case.turn.organization if case.turn else "",
        "actor": happening.actor,
        "by": happening.actor,
        "noted_by": moment(case.note_by),
        "words": shortened(str(happening.facts.get("words") or "")),
    }
    subject = {**facts, "day": short_deadline(case.due)}
    first, *rest = [told(sentence) for sentence in sentences]
    return [first % subject, *(sentence % facts for sentence in rest)]


def _otherwise(words: str, case: Case) -> str:
    """Who is asked too where nothing happens by the day; after it, since when it is overdue and who has joined."""
    if words != JOINS:
        return words
    if case.is_over:
        return OVERDUE_JOINED if case.joined else OVERDUE
    if case.joined:
        return HAS_JOINED
    return JOINS if case.next_name else ""


_ENDS: Sequence[Event] = (
    Event.GRANT_EXPIRED,
    Event.GRANT_REVOKED,
    Event.CLOSING_ASKED,
    Event.GRANT_CLOSED,
    Event.GRANT_REPLACED,
)
REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    **dict.fromkeys(TELLS, (tell,)),
    Event.GRANT_SEALED: (begin_delivery,),
    **dict.fromkeys(_ENDS, (wind_up,)),
    **dict.fromkeys((Event.GRANT_SUSPENDED, Event.SUSPENSION_LIFTED), (follow_grant,)),
}
HANDLERS: dict[str, Handler] = {BEGIN_DELIVERY: _begin, FOLLOW_GRANT: _follow, WIND_UP: _wind}


def what_is_due(session: Session, now: datetime) -> None:
    """Reminders, answers that did not come in time, and what a member cannot begin while something is overdue."""
    duties.lapse_what_is_left(session, now)
    duties.remind_due(session, now)
    duties.restrict_overdue(session, now)
    outputs.answer_late(session, now)
    outputs.remind_due(session, now)
    delivery.follow_grants(session, now)
    delivery.remind_due(session, now)
    incidents.remind_due(session, now)


SCHEDULE: tuple[Job, ...] = (what_is_due,)
