"""What follows from events of changes, of a grant's end and of its close-out: whoever must act next is told, and by when."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.commands import (
    follow_end,
    lapse_by_date,
    remind_of_changes,
    remind_of_close_outs,
    remind_of_ends,
    remind_of_offers,
    remind_of_signatures,
    remind_of_suspensions,
)
from app.changes.commands.carrying import follow_grant
from app.changes.commands.handing import end_over
from app.changes.models import GrantChange
from app.changes.queries.parties import ended_accessions, notices
from app.changes.wanted import from_json
from app.foundation.base import JSONObject
from app.grants.models import Grant, GrantPerson
from app.grants.queries.answering import of_member, of_partner
from app.history.queries import Happening
from app.organizations.models import Person
from app.organizations.queries import officers
from app.outbox.commands import enqueue
from app.reactions.change_turns import (
    ask_after_rest,
    ask_next,
    ask_to_confirm,
    change_of,
    grant_of,
    remind_of_change,
    remind_of_close_out,
    remind_of_suspension,
    what_is_asked,
)
from app.reactions.lapsed_changes import TOLD, tell_of_lapse, tell_that_a_side_left
from app.reactions.letters import Letter, Post, reaction
from app.reactions.mail import Recipient
from app.reactions.work import Apply, Handler, Job, Reaction, Work
from app.rules.events import Event
from app.rules.workflow import ChangeState
from app.web.words import day

FOLLOW = "grant.follow_end"
TO_ACT = "grant_to_act"


def follow_later(session: Session, happening: Happening, work: Work) -> None:
    """A grant ended or was replaced: what hangs on it ends, or goes on under its successor."""
    enqueue(session, FOLLOW, {"number": happening.ref}, work.now, about=happening.ref)


def follow(work: Work, payload: JSONObject) -> Apply | None:
    """Let what hangs on a grant follow it."""

    def apply(session: Session) -> None:
        follow_end(session, str(payload["number"]), work.now)
        follow_grant(session, str(payload["number"]), work.now)

    return apply


def ask_to_check(post: Post, happened: Happening) -> None:
    """To whoever of the secretariat is named: a change is asked for. What needs no check goes on at once and is told there."""
    change = change_of(post, happened)
    if change.state is not ChangeState.ASKED:
        return
    ask_next(post, change)


def ask_to_decide(post: Post, happened: Happening) -> None:
    """To whoever of the data partner is named: it decides."""
    change = change_of(post, happened)
    if change.state is not ChangeState.IN_DECISION:
        return
    ask_next(post, change)


def ask_to_issue(post: Post, happened: Happening) -> None:
    """To the director who is named: the newer grant is to be issued. To the lead: it was approved."""
    change = change_of(post, happened)
    if change.state is not ChangeState.APPROVED:
        return
    ask_next(post, change)
    told = _l("Approved: change of %(number)s", number=change.grant.number)
    _tell(
        post,
        change,
        of_member(post.session, change.grant),
        told,
        _l("See the change"),
        str(happened.facts.get("words") or ""),
    )


def tell_the_member(post: Post, happened: Happening) -> None:
    """To the lead: it was not approved, or given back."""
    change = change_of(post, happened)
    subject = _l("%(what)s: change of %(number)s", what=happened.name, number=change.grant.number)
    words = str(happened.facts.get("words") or "")
    _tell(post, change, of_member(post.session, change.grant), subject, _l("See why"), words)


def tell_the_partner(post: Post, happened: Happening) -> None:
    """To the stewards: it was noted, needs no decision of theirs, or was taken back."""
    change = change_of(post, happened)
    subject = _l("%(what)s: %(number)s", what=happened.name, number=change.grant.number)
    _tell(post, change, of_partner(post.session, change.grant), subject, _l("See the change"))


def tell_of_people(post: Post, happened: Happening) -> None:
    """To the data partner and the officers: who handles the data now. To whoever left: that they do not any more."""
    change = change_of(post, happened)
    grant, wanted, left = change.grant, from_json(change.wanted), _who_left(post, change)
    names = {"joined": ", ".join(each.name for each in wanted.join), "left": ", ".join(each.name for each in left)}
    said = [what_is_asked(post, change)]
    said += [_l("Who joins: %(joined)s.", **names)] if wanted.join else []
    said += [_l("Who leaves: %(left)s.", **names)] if left else []
    subject = _l("People changed: grant %(number)s", number=grant.number)
    theirs = Letter(subject, subject, said, _l("See the change"), template=TOLD)
    post.send(theirs, [*of_partner(post.session, grant), *officers(post.session)], f"/changes/{change.reference}")
    tell_who_left(post, happened)


def tell_who_left(post: Post, happened: Happening) -> None:
    """To each whom a change takes off a grant, whatever else it changes."""
    change = change_of(post, happened)
    grant = change.grant
    facts = {"number": grant.number, "title": grant.title}
    letter = Letter(
        _l("You left: %(title)s", **facts),
        _l("You no longer handle data of %(number)s", **facts),
        (
            _l("The project lead has taken you off the grant “%(title)s”. You reach its data no more.", **facts),
            _l("Delete what you keep of it, or hand it to the team, as the terms that you accepted say."),
        ),
        _l("Read the agreement"),
        template=TOLD,
    )
    for each in _who_left(post, change):
        post.to(letter, Recipient(each.name, each.email), f"/agreement/{grant.agreement_version}")


def _who_left(post: Post, change: GrantChange) -> list[GrantPerson]:
    """Those whom a change takes off its grant, once each: somebody may have been on it before."""
    leaving = from_json(change.wanted).leave
    rows = select(GrantPerson).where(GrantPerson.grant_id == change.grant_id, GrantPerson.email.in_(leaving))
    return list({row.email: row for row in post.session.scalars(rows.order_by(GrantPerson.id))}.values())


def remind_of_end(post: Post, happened: Happening) -> None:
    """To the lead: renew or close while there is time. Where a side has left the agreement, it cannot be renewed."""
    grant = grant_of(post, happened)
    if ended_accessions(post.session, grant) or notices(post.session, grant):
        _remind_of_last_day(post, grant)
        return
    facts = {"day": day(grant.ends_on), "title": grant.title, "number": grant.number}
    letter = Letter(
        _l("Renew or close by %(day)s: %(title)s", **facts),
        _l("Your grant ends on %(day)s", **facts),
        (
            _l("%(number)s, “%(title)s”, ends by itself on that day, and so does access to the data.", **facts),
            _l("A renewal takes a short report and a decision, usually within 10 working days."),
        ),
        _l("Renew or close"),
        otherwise=_l("If you do nothing, the data is to be deleted after the last day, and the deletion certified."),
        template=TO_ACT,
    )
    post.send(letter, of_member(post.session, grant), f"/grants/{grant.number}")


def _remind_of_last_day(post: Post, grant: Grant) -> None:
    facts = {"day": day(grant.ends_on), "title": grant.title, "number": grant.number}
    letter = Letter(
        _l("Close by %(day)s: %(title)s", **facts),
        _l("Your grant ends on %(day)s", **facts),
        (
            _l("%(number)s, “%(title)s”, ends by itself on that day, and so does access to the data.", **facts),
            _l("A side of it leaves or has left the common agreement, so it cannot be renewed."),
        ),
        _l("Close it"),
        otherwise=_l("If you do nothing, the data is to be deleted after the last day, and the deletion certified."),
        template=TO_ACT,
    )
    post.send(letter, of_member(post.session, grant), f"/grants/{grant.number}/close")


def tell_of_closing(post: Post, happened: Happening) -> None:
    """To the lead: certify the deletion. To the others: confirm once that is in."""
    grant = grant_of(post, happened)
    facts = {"title": grant.title, "number": grant.number}
    mine = Letter(
        _l("Certify the deletion: %(title)s", **facts),
        _l("The use of %(number)s has ended", **facts),
        (_l("Access is off. Delete the data and certify it; then the grant is closed.", **facts),),
        _l("See what is open"),
        template=TO_ACT,
    )
    theirs = Letter(
        _l("Use ended: %(title)s", **facts),
        _l("%(name)s has ended the use of %(number)s", name=happened.actor, **facts),
        (_l("Access is off. When the certificate of deletion is accepted, one of you confirms the close-out."),),
        _l("See what is open"),
        words=str(happened.facts.get("reason") or ""),
        who=happened.actor,
        template=TOLD,
    )
    link = f"/grants/{grant.number}/close"
    # Whoever ended the use is asked too: the certificate is theirs to give.
    Post(post.session, post.work, post.about, "").send(mine, of_member(post.session, grant), link)
    post.send(theirs, [*of_partner(post.session, grant), *officers(post.session)], link)


def _tell(
    post: Post,
    change: GrantChange,
    people: Sequence[Person],
    subject: str,
    act: str,
    words: str = "",
) -> None:
    said = what_is_asked(post, change)
    who = post.actor if words else ""
    letter = Letter(subject, subject, (said,), act, words=words, who=who, template=TOLD)
    post.send(letter, people, f"/changes/{change.reference}")


def remind(session: Session, now: datetime) -> None:
    """End the hand-overs and the changes that are over; remind of grants that end soon, changes, close-outs and hand-overs."""
    end_over(session, now)
    lapse_by_date(session, now)
    remind_of_ends(session, now)
    remind_of_changes(session, now)
    remind_of_close_outs(session, now)
    remind_of_suspensions(session, now)
    remind_of_signatures(session, now)
    remind_of_offers(session, now)


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.CHANGE_ASKED: (reaction(ask_to_check),),
    **dict.fromkeys(
        (Event.CHANGE_CHECKED, Event.CHANGE_FORWARDED, Event.CHANGE_DECISION_UNDONE), (reaction(ask_to_decide),)
    ),
    Event.CHANGE_APPROVED: (reaction(ask_to_issue),),
    Event.CHANGE_NEEDS_NO_DECISION: (reaction(ask_to_issue), reaction(tell_the_partner)),
    **dict.fromkeys((Event.CHANGE_NOT_APPROVED, Event.CHANGE_GIVEN_BACK), (reaction(tell_the_member),)),
    Event.CHANGE_LAPSED: (reaction(tell_of_lapse),),
    Event.CHANGE_ENDED: (reaction(tell_that_a_side_left),),
    Event.CHANGE_WITHDRAWN: (reaction(tell_the_partner),),
    Event.CHANGE_NOTED: (reaction(tell_of_people),),
    Event.CHANGE_ISSUED: (reaction(tell_who_left),),
    Event.CHANGE_REMINDED: (reaction(remind_of_change),),
    **dict.fromkeys((Event.DUTY_ACCEPTED, Event.DUTY_WAIVED, Event.ACCESS_SWITCHED_OFF), (reaction(ask_to_confirm),)),
    Event.SUSPENSION_LIFTED: (reaction(ask_after_rest),),
    Event.CLOSE_OUT_REMINDED: (reaction(remind_of_close_out),),
    Event.SUSPENSION_REMINDED: (reaction(remind_of_suspension),),
    Event.GRANT_ENDS_SOON: (reaction(remind_of_end),),
    Event.CLOSING_ASKED: (reaction(tell_of_closing), follow_later),
    Event.GRANT_EXPIRED: (follow_later, reaction(ask_after_rest)),
    **dict.fromkeys((Event.GRANT_REVOKED, Event.GRANT_CLOSED, Event.GRANT_REPLACED), (follow_later,)),
}
HANDLERS: dict[str, Handler] = {FOLLOW: follow}
SCHEDULE: tuple[Job, ...] = (remind,)
