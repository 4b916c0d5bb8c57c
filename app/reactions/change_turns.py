"""Mails to whoever is next on what becomes of a grant: asked at the beginning, reminded by date; who cannot act follows up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.changes.commands.following import may_go_on
from app.changes.models import GrantChange
from app.changes.queries.waits import close_out_turns, rests, signing_turns, suspension_wait, turn_of
from app.foundation.words import N_
from app.grants.models import Grant, SubGrant
from app.grants.queries.rests import rests_of
from app.grants.queries.turns import Turn, turn_on
from app.history.queries import Happening
from app.organizations.models import Organization, Person
from app.reactions.letters import Letter, Post, reminding_subject
from app.rules.calendar import DEPUTY_JOINS_AT
from app.rules.changes import CHANGES, ChangeKind
from app.rules.duties import DutyKind
from app.rules.workflow import ChangeState
from app.web.words import day, short_day

TO_ACT, REMINDER = "grant_to_act", "grant_reminder"
UNCHANGED = N_("Until the newer letter is sealed, the grant stays as it is.")


@dataclass(frozen=True)
class Words:
    """What a mail about one kind of wait says: its subject with gaps for the day and the number, and the button.

    `remind` is what is reminded of, `follow` the same for who sees to it that somebody else acts.
    """

    ask: str
    remind: str
    follow: str
    button: str
    look: str
    otherwise: str


_CHANGE = (N_("change of %(number)s"), N_("See the change"), UNCHANGED)


def _words(ask: str, remind: str, button: str) -> Words:
    follow, look, otherwise = _CHANGE
    return Words(ask, remind, follow, button, look, otherwise)


_WORDS: dict[ChangeState, Words] = {
    ChangeState.ASKED: _words(
        N_("Check by %(day)s: change of %(number)s"), N_("check a change of %(number)s"), N_("Check it")
    ),
    ChangeState.IN_DECISION: _words(
        N_("Decide by %(day)s: change of %(number)s"),
        N_("decide on a change of %(number)s"),
        N_("Read and decide"),
    ),
    ChangeState.APPROVED: _words(
        N_("Issue by %(day)s: change of %(number)s"),
        N_("issue a change of %(number)s"),
        N_("Read and issue"),
    ),
}
_CLOSING = Words(
    N_("Confirm by %(day)s: close-out of %(number)s"),
    N_("confirm the close-out of %(number)s"),
    N_("close-out of %(number)s"),
    N_("Confirm it"),
    N_("See the close-out"),
    N_("Until then the grant stands as not closed in everyone's lists."),
)
_SUSPENSION = Words(
    N_("Lift it, or end the grant, by %(day)s: %(number)s is suspended"),
    N_("lift the suspension of %(number)s, or end the grant"),
    N_("suspension of %(number)s"),
    N_("Open the grant"),
    N_("See the grant"),
    N_("Until then nobody may use the data, and the member cannot plan."),
)
_SIGNING = Words(
    N_("Sign by %(day)s: hand-over %(number)s"),
    N_("sign the hand-over %(number)s"),
    N_("hand-over %(number)s"),
    N_("Read and sign"),
    N_("See the hand-over"),
    N_("Until it is signed, nobody is offered anything."),
)


def ask_next(post: Post, change: GrantChange) -> None:
    """To the one who is named for the step of a change that has just begun; not while it rests with its grant."""
    if rests(change, change.grant):
        return
    turn = turn_of(post.session, change, change.grant, post.work.now)
    if turn is not None:
        _send(post, turn, 0, _WORDS[change.state], _about(post, change))


def ask_after_rest(post: Post, happened: Happening) -> None:
    """A suspension is over, lifted or because its grant expired: whoever issues what was approved meanwhile can do so now."""
    grant = grant_of(post, happened)
    rested = rests_of(post.session, [grant]).of_grant.get(grant.number, ())
    if all(ended != happened.at for _begun, ended in rested):
        return
    of_grant = (GrantChange.grant_id == grant.id, GrantChange.state == ChangeState.APPROVED)
    approved = select(GrantChange).where(*of_grant).options(joinedload(GrantChange.grant))
    for change in post.session.scalars(approved):
        if may_go_on(grant, change):
            ask_next(post, change)


def remind_of_change(post: Post, happened: Happening) -> None:
    """To whoever is named; on the due day to who joins, and later to the one of the secretariat who sees to it."""
    change = change_of(post, happened)
    if rests(change, change.grant):
        return
    turn = turn_of(post.session, change, change.grant, post.work.now)
    if turn is not None:
        _send(post, turn, _percent(happened), _WORDS[change.state], _about(post, change))


def ask_to_confirm(post: Post, happened: Happening) -> None:
    """To the one who is named: a deletion was accepted or waived, or access switched off, and nothing holds it up any more."""
    if happened.facts.get("duty", DutyKind.DELETE) == DutyKind.DELETE:
        _of_closing(post, happened, 0)


def remind_of_close_out(post: Post, happened: Happening) -> None:
    """The same, by date."""
    _of_closing(post, happened, _percent(happened))


def remind_of_suspension(post: Post, happened: Happening) -> None:
    """By date: to whoever of the data partner lifts a suspension or ends the grant; a director, once the time is long over."""
    grant = grant_of(post, happened)
    turn = turn_on(post.session, suspension_wait(grant), post.work.now)
    if turn is not None:
        facts = {"number": grant.number, "title": grant.title, "day": day(grant.state_since.astimezone(UTC).date())}
        said = _l(
            "%(number)s, “%(title)s”, has been suspended since %(day)s. Lift it when its reason is gone.", **facts
        )
        _send(post, turn, _percent(happened), _SUSPENSION, _About(grant.number, said, f"/grants/{grant.number}"))


def ask_to_sign(post: Post, happened: Happening) -> None:
    """To the member's signatory who is named for a hand-over; by date again, and then to who joins."""
    wanted = select(SubGrant).where(SubGrant.number == happened.ref).options(joinedload(SubGrant.grant))
    row = post.session.scalars(wanted).one()
    turn = signing_turns(post.session, [(row, row.grant)], post.work.now).get(row.number)
    if turn is not None:
        facts = {"organization": row.organization_name, "title": row.grant.title}
        said = _l(
            "%(organization)s is to get data of “%(title)s” within your grant. Your organization answers for it.",
            **facts,
        )
        _send(post, turn, _percent(happened), _SIGNING, _About(row.number, said, f"/hand-overs/{row.number}"))


def change_of(post: Post, happened: Happening) -> GrantChange:
    """The change of an event, with its grant."""
    wanted = select(GrantChange).where(GrantChange.reference == happened.ref)
    return post.session.scalars(wanted.options(joinedload(GrantChange.grant))).one()


def grant_of(post: Post, happened: Happening) -> Grant:
    """The grant of an event."""
    return post.session.scalars(select(Grant).where(Grant.number == happened.ref)).one()


def what_is_asked(post: Post, change: GrantChange) -> str:
    """Who asks for a change of what."""
    grant = change.grant
    kinds = ", ".join(str(_l(CHANGES[ChangeKind(kind)].name)) for kind in change.kinds)
    member = post.session.get_one(Organization, grant.member_id).name
    facts = {"member": member, "number": grant.number, "title": grant.title, "kinds": kinds}
    return str(_l("%(member)s asks for a change of %(number)s, “%(title)s”: %(kinds)s.", **facts))


@dataclass(frozen=True)
class _About:
    """What one mail is about: its number, a sentence that says more, and the page."""

    number: str
    said: str
    link: str


def _about(post: Post, change: GrantChange) -> _About:
    return _About(change.grant.number, what_is_asked(post, change), f"/changes/{change.reference}")


def _of_closing(post: Post, happened: Happening, percent: int) -> None:
    grant = grant_of(post, happened)
    turn = close_out_turns(post.session, [grant], post.work.now).get(grant.number)
    if turn is not None:
        facts = {"number": grant.number, "title": grant.title}
        said = _l("The use of %(number)s, “%(title)s”, has ended, and the deletion is certified and accepted.", **facts)
        _send(post, turn, percent, _CLOSING, _About(grant.number, said, f"/grants/{grant.number}/close"))


def _send(post: Post, turn: Turn, percent: int, words: Words, about: _About) -> None:
    """One mail to each whose turn it has become by this share of the time, by what they can do."""
    facts = {"day": short_day(turn.clock.due), "number": about.number}
    for name in turn.asked(percent):
        letter = (
            _to_act(turn, percent, words, about, facts)
            if turn.could_act(name.person_id)
            else _to_follow_up(turn, words, about, facts)
        )
        post.send(letter, [post.session.get_one(Person, name.person_id)], about.link)


def _to_act(turn: Turn, percent: int, words: Words, about: _About, facts: Mapping[str, str]) -> Letter:
    subject = _reminding(turn, words.remind, facts) if percent else _l(words.ask, **facts)
    other = turn.named.backup(0) if turn.named and 0 < percent < DEPUTY_JOINS_AT else None
    joins = _l("If nothing happens by then, %(next)s is asked too.", next=other.name if other else "")
    return Letter(
        subject,
        subject,
        (about.said,),
        _l(words.button),
        otherwise=joins if other else _l(words.otherwise),
        template=REMINDER if percent else TO_ACT,
        is_over=turn.clock.is_over,
    )


def _to_follow_up(turn: Turn, words: Words, about: _About, facts: Mapping[str, str]) -> Letter:
    """To somebody who cannot do it: who should have, or that nobody is there who could."""
    subject = _reminding(turn, words.follow, facts, acts=False)
    who = {"organization": turn.organization, "name": turn.acts.name if turn.acts else "", "day": day(turn.clock.due)}
    missing = _l("Nobody of %(organization)s can act on it now: see that somebody is given the role.", **who)
    late = _l("%(name)s of %(organization)s was to act by %(day)s. Write to them, and ask what it takes.", **who)
    return Letter(
        subject,
        subject,
        (about.said, late if turn.acts else missing),
        _l(words.look),
        otherwise=_l("Everyone concerned sees that you follow it up."),
        template=REMINDER,
        is_over=turn.clock.is_over,
        acts=False,
    )


def _reminding(turn: Turn, what: str, facts: Mapping[str, str], *, acts: bool = True) -> str:
    return reminding_subject(turn.clock.due, _l(what, **facts), is_over=turn.clock.is_over, acts=acts)


def _percent(happened: Happening) -> int:
    return int(str(happened.facts.get("percent") or 0))
