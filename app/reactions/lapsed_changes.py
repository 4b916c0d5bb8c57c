"""Mails on a change that lapses: to whoever asked for it, and to whoever was to answer."""

from datetime import date

from flask_babel import lazy_gettext as _l

from app.changes.models import GrantChange
from app.changes.standing import change_standing
from app.grants.queries.answering import of_member, of_partner
from app.history.queries import Happening
from app.organizations.models import Person
from app.reactions.change_turns import change_of, what_is_asked
from app.reactions.letters import Letter, Post
from app.reactions.readers import reader_of
from app.rules.visibility import sees
from app.rules.workflow import Machine
from app.web.words import day

TOLD = "grant_told"


def tell_of_lapse(post: Post, happened: Happening) -> None:
    """To the lead and the stewards: it lapsed, because its grant ended or its own last day came before."""
    change, last_day = change_of(post, happened), happened.facts.get("last_day")
    subject = _l("Lapsed: change of %(number)s", number=change.grant.number)
    why = _l("The grant has ended or was replaced, so nothing follows it.")
    if last_day:
        facts = {"day": day(date.fromisoformat(str(last_day)))}
        why = _l("The last day that was asked for, %(day)s, came before a newer grant was issued.", **facts)
    letter = Letter(subject, subject, (what_is_asked(post, change), why), _l("See the change"), template=TOLD)
    people = [*of_member(post.session, change.grant), *of_partner(post.session, change.grant)]
    post.send(letter, people, f"/changes/{change.reference}")


def tell_that_a_side_left(post: Post, happened: Happening) -> None:
    """To whoever asked and to whoever was to answer: it lapsed, because a side of the grant has left the agreement.

    Whoever may not open the change any more, because they left, is told nothing of it.
    """
    change, keys = change_of(post, happened), happened.facts.get("asked")
    facts = {"name": str(happened.facts.get("side", "")), "number": change.grant.number}
    letter = Letter(
        _l("Lapsed: change of %(number)s", **facts),
        _l("The change has lapsed"),
        (
            what_is_asked(post, change),
            _l("%(name)s leaves or has left the common agreement, so this waits for nobody.", **facts),
        ),
        _l("See the change"),
        template=TOLD,
    )
    asked = [post.session.get_one(Person, int(str(key))) for key in keys] if isinstance(keys, list) else []
    people = [post.session.get_one(Person, change.asked_by_id), *of_member(post.session, change.grant), *asked]
    post.send(letter, [each for each in people if _may_open(post, change, each)], f"/changes/{change.reference}")


def _may_open(post: Post, change: GrantChange, person: Person) -> bool:
    roles = change_standing(post.session, reader_of(post.session, person), change.grant, change)
    return sees(roles, Machine.CHANGE, change.state)
