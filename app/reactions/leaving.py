"""What follows for grants, listings and what is under way when a side leaves the common agreement, and who is told (clauses 19.7,
19.8, 20.1). Of proposals and changes their own events tell.
"""

from datetime import UTC, date, datetime

from sqlalchemy import union
from sqlalchemy.orm import Session

from app.agreements.binding import has_left, is_bound, left_last
from app.agreements.models import Accession
from app.agreements.queries import accession
from app.catalog.commands import withdraw_with_partner
from app.catalog.commands.leaving import close_questions_of
from app.catalog.commands.leaving import sides_that_left as sides_of_questions
from app.changes.commands import end_changes_with
from app.changes.commands.carrying import shorten_handed_over
from app.changes.commands.following import sides_that_left as sides_of_changes
from app.duties.commands import follow_last_day
from app.duties.queries.terms import delete_by
from app.exchange.commands.leaving import end_sources_of
from app.exchange.commands.leaving import sides_that_left as sides_of_harvests
from app.foundation.base import JSONObject
from app.grants.commands import end_with_member, run_on_without_partner
from app.grants.models import Grant
from app.grants.queries.grants import people_concerned
from app.history.queries import Happening
from app.needs.commands import end_needs_of, take_back_pledges_of
from app.needs.commands.leaving import sides_that_left as sides_of_needs
from app.organizations.models import Organization
from app.outbox.commands import enqueue
from app.proposals.commands.ending import end_proposals_of, go_on_without
from app.proposals.commands.ending import sides_that_left as sides_of_proposals
from app.reactions.mail import Recipient, write_mail
from app.reactions.work import Apply, Handler, Job, Reaction, Work
from app.rules.events import Event
from app.rules.roles import Capacity

LEAVES = "accession.leaves"
_SIDES = (sides_of_proposals, sides_of_changes, sides_of_harvests, sides_of_questions, sides_of_needs)


def follow_later(session: Session, happening: Happening, work: Work) -> None:
    """Its running grants follow, each with its mail."""
    enqueue(session, LEAVES, {"accession": happening.ref}, work.now, about=happening.ref)


def follow(work: Work, payload: JSONObject) -> Apply | None:
    """End a member's proposals and running grants; withdraw a data partner's listings, let reviews go on without them and its
    grants run on. Open changes of the grants of either lapse.

    Nothing follows while another accession still binds it.
    """

    def apply(session: Session) -> None:
        row = accession(session, str(payload["accession"]))
        if is_bound(session, row.organization_id, row.capacity):
            return
        if left_last(session, row.organization_id, row.capacity) is not row:  # several ended at once: it leaves once
            return
        left_on = _day(row.ended_at or work.now)
        _end_what_waits(session, row.organization, row.capacity, left_on, work.now)
        if row.capacity is Capacity.MEMBER:
            for grant in end_with_member(session, row.organization, left_on, work.now):
                _tell(session, work, "grant_ended_with_member", grant, row, left_on, min(_day(work.now), grant.ends_on))
        else:
            _run_on(session, work, row, left_on)

    return apply


def catch_up(session: Session, now: datetime) -> None:
    """The same for what came under way as its side left, or before reviews and changes followed; grants have followed already.

    Mostly there is none: then it is one statement, and no row is locked.
    """
    found = union(*(side for sides in _SIDES for side in sides())).order_by("organization_id")
    for organization_id, value in session.execute(found).all():
        side, capacity = session.get_one(Organization, organization_id), Capacity(value)
        row = left_last(session, organization_id, capacity)
        left_at = row.ended_at if row else None
        _end_what_waits(session, side, capacity, _day(left_at or now), now)


def _end_what_waits(session: Session, side: Organization, capacity: Capacity, left_on: date, now: datetime) -> None:
    end_changes_with(session, side, capacity, now)
    end_needs_of(session, side, now)
    if capacity is Capacity.MEMBER:
        end_proposals_of(session, side, left_on, now)
    else:
        go_on_without(session, side, now)  # from its notice on; the rest waits for its day
        if has_left(session, side.id, capacity):
            end_sources_of(session, side, now)
            close_questions_of(session, side, now)
            take_back_pledges_of(session, side, now)


def _run_on(session: Session, work: Work, row: Accession, left_on: date) -> None:
    reason = f"{row.organization.name} left the common agreement on {left_on:%d %b %Y} (clause 19.7)."
    withdraw_with_partner(session, row.organization_id, reason, work.now)
    for grant in run_on_without_partner(session, row.organization, left_on, work.now):
        follow_last_day(session, grant.number, work.now)
        shorten_handed_over(session, grant.number, work.now)
        _tell(session, work, "grant_runs_on", grant, row, left_on, grant.ends_on)


def _tell(session: Session, work: Work, template: str, grant: Grant, row: Accession, left_on: date, last: date) -> None:
    """To the lead, the team and the data partner's stewards: until when the data may be used, and by when it is deleted."""
    context = {
        "title": grant.title,
        "number": grant.number,
        "who": row.organization.name,
        "data_partner": session.get_one(Organization, grant.data_partner_id).name,
        "member": session.get_one(Organization, grant.member_id).name,
        "left_on": left_on,
        "ends_on": last,
        "has_begun": grant.sealed_at is not None,
        "delete_by": delete_by(grant, last),
    }
    for name, email in people_concerned(session, grant):
        to = Recipient(name, email)
        write_mail(session, work, template, to, context, grant.number, f"/grants/{grant.number}")


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


REACTIONS: dict[Event, tuple[Reaction, ...]] = {Event.ACCESSION_ENDED: (follow_later,)}
HANDLERS: dict[str, Handler] = {LEAVES: follow}
SCHEDULE: tuple[Job, ...] = (catch_up,)
