"""What follows from a notice of leaving, before the day: a data partner's listings are withdrawn, nothing is granted on them,
and whoever has to do with either side is told. What happens on the day is in `leaving`.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.agreements.binding import is_bound, leaving_under, offers_nothing_new
from app.agreements.commands.leaving import follow_notice, leave_by_date, remind_of_leaving, to_follow
from app.agreements.models import Accession
from app.agreements.notice import leader
from app.agreements.queries import accession
from app.agreements.status import AFTER_NOTICE
from app.catalog.commands import restore_with_partner, withdraw_with_partner
from app.changes.commands import end_changes_with
from app.duties.queries.terms import delete_by
from app.foundation.base import JSONObject
from app.grants.models import Grant
from app.grants.queries.grants import people_concerned, people_using
from app.history.queries import Happening
from app.organizations.models import Person
from app.organizations.naming import named_for
from app.organizations.queries import (
    deputies_of,
    directors,
    focal_points_of,
    officers,
    signatories_of,
    stewards_of,
)
from app.outbox.commands import enqueue
from app.proposals.commands.ending import go_on_without
from app.proposals.models import Proposal
from app.reactions.letters import NOTICE, Letter, Post, people_named, reaction
from app.reactions.mail import Recipient
from app.reactions.work import Apply, Handler, Job, Reaction, Work
from app.rules.actions import Action
from app.rules.events import Event
from app.rules.roles import Capacity
from app.rules.stopping import runs_on_until
from app.rules.workflow import LIVE_GRANTS, transition
from app.web.words import day

STAYS = "accession.stays"


def follow_notices(session: Session, now: datetime) -> None:
    """By date: what can no longer be taken back without a trace is followed, in the step in which it is noted."""
    for reference in to_follow(session, now):
        row = follow_notice(session, reference, now)
        if row is None or row.leaves_on is None or row.capacity is Capacity.MEMBER:
            continue
        if (
            leaving_under(session, row.organization_id, row.capacity) is None
        ):  # it has joined again under another version
            continue
        reason = f"{row.organization.name} leaves the common agreement on {row.leaves_on:%d %b %Y} (clause 19.7)."
        withdraw_with_partner(session, row.organization_id, reason, now)
        end_changes_with(session, row.organization, row.capacity, now)
        go_on_without(session, row.organization, now)


def leave(session: Session, now: datetime) -> None:
    """By date: whoever's day has come leaves."""
    leave_by_date(session, now)


def remind(session: Session, now: datetime) -> None:
    """By date: whoever leads an organization out is reminded of the day."""
    remind_of_leaving(session, now)


def bring_back_later(session: Session, happening: Happening, work: Work) -> None:
    """A data partner stays after all: what was withdrawn with its notice comes back."""
    followed = happening.facts.get("followed_at")
    if followed:
        payload: JSONObject = {"accession": happening.ref, "since": str(followed)}
        enqueue(session, STAYS, payload, work.now, about=happening.ref)


def bring_back(work: Work, payload: JSONObject) -> Apply | None:
    """Its listings are there again, paused: a data steward opens each to proposals."""

    def apply(session: Session) -> None:
        row = accession(session, str(payload["accession"]))
        if row.capacity is Capacity.MEMBER or not is_bound(session, row.organization_id, row.capacity):
            return
        if not session.scalar(select(offers_nothing_new(row.organization_id))):  # nor has it given notice anew since
            since = datetime.fromisoformat(str(payload["since"]))
            reason = (
                f"{row.organization.name} stays in the common agreement. A data steward opens it to proposals again."
            )
            restore_with_partner(session, row.organization_id, since, reason, work.now)

    return apply


def tell_of_notice(post: Post, happened: Happening) -> None:
    """To the side that leaves, the secretariat, and whoever has to do with one of its grants."""
    row = accession(post.session, happened.ref)
    if row.leaves_on is None or leaving_under(post.session, row.organization_id, row.capacity) is not row:
        return
    facts = {"name": row.organization.name, "day": day(row.leaves_on)}
    letter = _letter(
        _l("Note %(day)s: %(name)s leaves the agreement", **facts),
        _l("%(name)s leaves the common agreement", **facts),
        (_l("%(name)s has given notice. It leaves on %(day)s (clause 19.6).", **facts), AFTER_NOTICE[row.capacity]),
        _l("See what follows"),
        _l("Until the day a signatory can withdraw the notice."),
    )
    _to_both(post, row, letter)
    for grant in _running(post.session, row):
        _to_grant(post, row, grant, _of_grant(row, grant, row.leaves_on))


def tell_of_staying(post: Post, happened: Happening) -> None:
    """To the same people; nobody who was told nothing hears of it."""
    if not happened.facts.get("followed_at") or happened.facts.get("with"):
        return
    row = accession(post.session, happened.ref)
    facts = {"name": row.organization.name}
    back = (_l("Its listings are back, paused: a data steward opens each to proposals."),)
    letter = _letter(
        _l("Note that %(name)s stays in the agreement", **facts),
        _l("%(name)s stays in the common agreement", **facts),
        (
            _l("%(name)s has withdrawn its notice of leaving. What was said of its leaving does not hold.", **facts),
            *(back if row.capacity is Capacity.DATA_PARTNER else ()),
        ),
        _l("See the agreement"),
    )
    _to_both(post, row, letter)
    for grant in _running(post.session, row):
        said = _l("“%(title)s” runs as its letter says, and can be renewed.", title=grant.title)
        of_grant = _letter(letter.subject, letter.heading, (letter.sentences[0], said), _l("Open the grant"))
        _to_grant(post, row, grant, of_grant)


def tell_of_the_day(post: Post, happened: Happening) -> None:
    """To whoever leads the organization out: the day comes, and what is still open."""
    row = accession(post.session, happened.ref)
    if row.leaves_on is None:
        return
    wait = leader(row)
    named = named_for(post.session, [wait]).get((wait.thing, wait.ref, wait.organization_id))
    facts = {"name": row.organization.name, "day": day(row.leaves_on)}
    count = len(_running(post.session, row))
    letter = _letter(
        _l("See to what is open by %(day)s: %(name)s leaves", **facts),
        _l("%(name)s leaves on %(day)s", **facts),
        (AFTER_NOTICE[row.capacity], _l("Grants that run now: %(count)s.", count=count)),
        _l("See what is open"),
        _l("A signatory can withdraw the notice until the day."),
    )
    percent = int(str(happened.facts["percent"]))
    post.send(letter, people_named(post, named.asked(percent)) if named else [], f"/sign/{row.reference}/leave")


def _letter(subject: str, heading: str, sentences: tuple[str, ...], act: str, otherwise: str = "") -> Letter:
    return Letter(subject, heading, sentences, act, otherwise=otherwise, template=NOTICE)


def _of_grant(row: Accession, grant: Grant, leaves_on: date) -> Letter:
    """What a notice means for one grant: until when the data may be used, and by when it is deleted."""
    is_member = row.capacity is Capacity.MEMBER
    last = min(leaves_on, grant.ends_on) if is_member else runs_on_until(leaves_on, grant.ends_on)
    facts = {
        "name": row.organization.name,
        "title": grant.title,
        "number": grant.number,
        "day": day(leaves_on),
        "last": day(last),
        "by": day(delete_by(grant, last)),
    }
    ends = _l("The grant “%(title)s” ends on %(last)s. The data is deleted by %(by)s (19.8, 20.1).", **facts)
    runs = _l(
        "The grant “%(title)s” runs until %(last)s and is not renewed. The data is deleted by %(by)s (19.7, 20.1).",
        **facts,
    )
    return _letter(
        _l("Note: grant %(number)s ends on %(last)s", **facts)
        if is_member
        else _l("Note: grant %(number)s runs until %(last)s", **facts),
        _l("%(name)s leaves the common agreement", **facts),
        (_l("%(name)s has given notice. It leaves on %(day)s (clause 19.6).", **facts), ends if is_member else runs),
        _l("Open the grant"),
        _l("Submit what you want to publish early enough to be read. Cleared outputs stay."),
    )


def _to_both(post: Post, row: Accession, letter: Letter) -> None:
    """To the people of the side and those who lead proposals there, and to the secretariat."""
    session = post.session
    found: tuple[Callable[[Session, int], Iterable[Person]], ...] = (
        signatories_of,
        focal_points_of,
        stewards_of,
        deputies_of,
    )
    own = [person for query in found for person in query(session, row.organization_id)]
    if row.capacity is Capacity.MEMBER:
        asking = select(Proposal.lead_id).where(
            Proposal.organization_id == row.organization_id,
            Proposal.state.in_(transition(Action.END_PROPOSAL).sources),
            Proposal.ended_at.is_(None),
        )
        own += session.scalars(select(Person).where(Person.id.in_(asking)).order_by(Person.id)).all()
    is_running = row.leaves_on is not None
    post.send(letter, own, f"/sign/{row.reference}/leave" if is_running else f"/sign/{row.reference}")
    post.send(letter, [*officers(session), *directors(session)], f"/desk/agreement/{row.reference}")


def _to_grant(post: Post, row: Accession, grant: Grant, letter: Letter) -> None:
    """To its people, in a thread of its own. The data partner that leaves has had its letter already."""
    people = people_concerned if row.capacity is Capacity.MEMBER else people_using
    of_grant = Post(post.session, post.work, grant.number, post.actor, post.actor_pid)
    for name, email in people(post.session, grant):
        of_grant.to(letter, Recipient(name, email), f"/grants/{grant.number}")


def _running(session: Session, row: Accession) -> list[Grant]:
    of_side: ColumnElement[bool] = (
        Grant.member_id == row.organization_id
        if row.capacity is Capacity.MEMBER
        else Grant.data_partner_id == row.organization_id
    )
    return list(session.scalars(select(Grant).where(of_side, Grant.state.in_(LIVE_GRANTS)).order_by(Grant.id)))


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.NOTICE_FOLLOWED: (reaction(tell_of_notice),),
    Event.NOTICE_WITHDRAWN: (bring_back_later, reaction(tell_of_staying)),
    Event.LEAVING_REMINDED: (reaction(tell_of_the_day),),
}
HANDLERS: dict[str, Handler] = {STAYS: bring_back}
SCHEDULE: tuple[Job, ...] = (follow_notices, leave, remind)
