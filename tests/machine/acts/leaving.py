"""A side leaves while something is open with it, at once or with notice that it may withdraw: what is left waits for somebody."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from app.agreements.commands import end_accession, give_notice, record_notice, withdraw_notice
from app.agreements.commands.countersigning import Scan
from app.agreements.commands.leaving import Letter
from app.agreements.evidence import Trace
from app.agreements.models import Accession
from app.agreements.notice import period_of
from app.outbox.models import MessageState
from app.reactions import changes, leaving
from app.rules.actions import Action
from app.rules.events import Event
from app.rules.roles import Capacity, Role
from app.rules.workflow import LIVE_GRANTS, OPEN_CHANGES, AccessionState, Machine, transition
from tests.machine.act import Act, Do, Thing, of, words
from tests.machine.view import View
from tests.machine.world import World

TRACE = Trace("192.0.2.7", "A browser")
_ON_ITS_WAY = transition(Action.END_PROPOSAL).sources
_FOLLOWS = {
    event.value
    for event in (
        Event.ACCESSION_ENDED,
        Event.GRANT_REVOKED,
        Event.GRANT_SHORTENED,
        Event.PROPOSAL_ENDED,
        Event.ITEM_NOT_OFFERED,
        Event.CHANGE_ENDED,
        Event.SUBGRANT_ENDED,
    )
}
_KINDS = {leaving.LEAVES, changes.FOLLOW}


def _directors(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.DIRECTOR)


def _has_open_things(view: View, thing: Thing) -> bool:
    """One side in a life, and not at its first step, so that there is something to leave and somebody to go on with."""
    gone = any(row.state is AccessionState.ENDED for row in view.rows.all("accession"))
    return (
        not gone and view.now.minute % 3 == 0 and any(_open_things(view, thing.row.organization_id, thing.row.capacity))
    )


def _open_things(view: View, organization_id: int, capacity: Capacity) -> Sequence[bool]:
    """Whether it has proposals on their way, grants that run, and changes of them that are open."""
    is_member = capacity is Capacity.MEMBER
    on_their_way = [row for row in view.rows.all("proposal") if row.state in _ON_ITS_WAY and row.ended_at is None]
    own = [
        row
        for row in on_their_way
        if (row.organization_id == organization_id if is_member else organization_id in view.partners(row.id))
    ]
    side = "member_id" if is_member else "data_partner_id"
    grants = {row.id: row for row in view.rows.of("grant", side, organization_id)}
    running = [row for row in grants.values() if row.state in LIVE_GRANTS]
    asked = [row for row in view.rows.all("grant_change") if row.grant_id in grants and row.state in OPEN_CHANGES]
    return [bool(own), bool(running), bool(asked)]


def _leave(world: World, do: Do) -> object:
    """Its accession ends, and what the worker does about it is done in the same step."""
    ended = end_accession(world.session, world.actor(do.who), do.ref, "It has other plans.", world.now)
    world.session.flush()
    while messages := _that_follow(world):
        for key in messages:
            world.work_on(key)
    return ended


def _that_follow(world: World) -> list[int]:
    types = {row.seq: row.type for row in world.rows.all("history_event")}
    return [
        row.id
        for row in world.rows.all("outbox_message")
        if row.state is MessageState.WAITING
        and (row.kind in _KINDS or (row.kind == "event.react" and types[row.payload["seq"]] in _FOLLOWS))
    ]


def _signatories(view: View, thing: Thing) -> Sequence[str]:
    return view.holding(thing.row.organization_id, Role.SIGNATORY)


def _officers(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.OFFICER, Role.DIRECTOR)


def _both(view: View, thing: Thing) -> Sequence[str]:
    return [*_signatories(view, thing), *_officers(view, thing)]


def _may_leave(view: View, thing: Thing) -> bool:
    """One notice at a time, and seldom, so that most lives go on."""
    leaving_too = any(row.state is AccessionState.LEAVING for row in view.rows.all("accession"))
    return not leaving_too and _has_open_things(view, thing)


def _may_stay(view: View, _thing: Thing) -> bool:
    """Seldom, so that most notices come to their reminders and their day."""
    return view.now.minute % 5 == 0


def _give(world: World, do: Do) -> object:
    """With the first day that the notice allows, or one that is too early."""
    day = period_of(world.session, _row(world, do.ref), world.now).earliest
    too_early = day - timedelta(days=1) if do.more else day
    actor = world.actor(do.who)
    return give_notice(world.session, actor, do.ref, too_early, "It has other plans.", TRACE, world.now)


def _record(world: World, do: Do) -> object:
    """A letter that came three weeks ago."""
    came = world.now.date() - timedelta(days=21)
    day = period_of(world.session, _row(world, do.ref), world.now, came).earliest
    letter = Letter(came, Scan(b"a text" if do.more else b"%PDF-1.7 a notice", "notice.pdf"))
    return record_notice(world.session, world.actor(do.who), do.ref, day, "", letter, world.files, world.now)


def _stay(world: World, do: Do) -> object:
    return withdraw_notice(world.session, world.actor(do.who), do.ref, TRACE, world.now)


def _row(world: World, reference: str) -> Accession:
    return world.session.scalars(select(Accession).where(Accession.reference == reference)).one()


ACCESSIONS = of(Machine.ACCESSION)
ACTS = (
    Act(
        "give notice",
        Action.GIVE_NOTICE,
        ACCESSIONS,
        _signatories,
        _give,
        _may_leave,
        weight=3,
        wrong=words("too early"),
    ),
    Act(
        "record notice",
        Action.RECORD_NOTICE,
        ACCESSIONS,
        _officers,
        _record,
        _may_leave,
        weight=2,
        wrong=words("no scan"),
    ),
    Act("withdraw notice", Action.WITHDRAW_NOTICE, ACCESSIONS, _both, _stay, _may_stay, weight=1),
    Act(
        "leave with open things",
        Action.END_ACCESSION,
        ACCESSIONS,
        _directors,
        _leave,
        _has_open_things,
        weight=2,
        in_parts=True,
    ),
)
