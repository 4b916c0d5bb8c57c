"""Every open thing names exactly one person who could act, at every moment: whatever people do and however time passes.

After each step the names are held against the rows as they are, and the kept table of open waits against the names.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import DomainError
from app.organizations.commands.closed_days import add_closed_day
from app.organizations.models import Membership, Person
from app.organizations.queries import held_by
from app.proposals.commands.deciding import undo_decision
from app.proposals.commands.intake import Request, park_overdue, request_changes
from app.proposals.commands.reminding import remind_by_date
from app.proposals.commands.sending import send, withdraw
from app.proposals.commands.taking import hand_on, take
from app.proposals.models import Proposal
from app.proposals.open_waits import OpenWait
from app.proposals.queries.named import people_named, settle
from app.proposals.queries.versions import content_of, hash_of
from app.proposals.queries.waiting import Queue, queues, waiting_number
from app.proposals.queries.whose_turn import Holder, WhoseTurn, whose_turn
from app.proposals.standing import is_conflicted
from app.proposals.step_models import ConflictOfInterest
from app.rules.actors import Actor
from app.rules.calendar import DEPUTY_JOINS_AT, SECRETARIAT_JOINS_AT
from app.rules.roles import Role
from app.rules.turns import OPEN_TURNS, Turn
from app.rules.workflow import ItemState
from tests.factories.review import MONDAY, Scene, actor_of, make_person, make_scene, scene_in_intake

WHO = ("jonas", "lucia", "tom", "pia", "rosa", "marta", "fenna", "otto", "helena")
PLACES = (("secretariat", Role.OFFICER), ("acme", Role.STEWARD), ("acme", Role.DEPUTY), ("paloma", Role.DEPUTY))
_OF_SECRETARIAT = {Role.OFFICER, Role.DIRECTOR}


@dataclass
class World:
    """A scene and the time in it."""

    scene: Scene
    now: datetime = MONDAY
    joined: int = 0
    log: list[str] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return self.scene.session

    def do(self, name: str, number: int) -> None:
        """One step; what the rules refuse is no step."""
        self.log.append(f"{name} {number}")
        with self.session.begin_nested() as point:
            try:
                STEPS[name](self, number)
                self.session.flush()
            except DomainError:
                point.rollback()


def _who(world: World, number: int) -> str:
    """Mostly one of those who are named, so that a step has something to change."""
    named = whose_turn(world.session, world.scene.proposal, world.now).person_ids
    there = [who for who, person in world.scene.people.items() if person.id in named]
    return there[number % len(there)] if there and number % 3 else WHO[number % len(WHO)]


def _pass_days(world: World, number: int) -> None:
    world.now += timedelta(days=number % 9, hours=number % 24)
    park_overdue(world.session, world.now)
    remind_by_date(world.session, world.now)


def _leave(world: World, number: int) -> None:
    who = _who(world, number)
    if who == "helena":  # the last director cannot leave (`roles.NEVER_WITHOUT`)
        return
    for row in world.session.scalars(select(Membership).where(Membership.person_id == world.scene.people[who].id)):
        row.ended_at = row.ended_at or world.now


def _lock_out(world: World, number: int) -> None:
    who = _who(world, number)
    if who != "helena":
        world.scene.people[who].active = number % 2 == 0


def _join(world: World, number: int) -> None:
    slug, role = PLACES[number % len(PLACES)]
    world.joined += 1
    person = make_person(world.session, f"New{world.joined} Person", (world.scene.organizations[slug], role))
    world.scene.people[f"new{world.joined}"] = person


def _change_sides(world: World, number: int) -> None:
    """Somebody who decides joins the proposer: from then on there is a conflict."""
    person = world.scene.people[("lucia", "tom", "pia", "jonas")[number % 4]]
    organization = world.scene.organizations["coastal"]
    here = (Membership.person_id == person.id) & (Membership.organization_id == organization.id)
    if world.session.scalar(select(Membership.id).where(here)) is None:
        world.session.add(
            Membership(person_id=person.id, organization_id=organization.id, role=Role.PROJECT_STAFF, since=world.now)
        )


def _declare(world: World, number: int) -> None:
    person, proposal = world.scene.people[_who(world, number)], world.scene.proposal
    row = ConflictOfInterest
    known = select(row.id).where(row.proposal_id == proposal.id, row.person_id == person.id, row.lifted_at.is_(None))
    if world.session.scalar(known) is None:
        world.session.add(
            row(proposal_id=proposal.id, person_id=person.id, words="A former colleague.", declared_at=world.now)
        )


def _take(world: World, number: int) -> None:
    people = list(world.scene.people)
    take(world.session, world.scene.actor(people[number % len(people)]), world.scene.ref, world.now)


def _hand_on(world: World, number: int) -> None:
    people = list(world.scene.people)
    to = world.scene.people[people[(number // 7) % len(people)]]
    hand_on(world.session, world.scene.actor(people[number % len(people)]), world.scene.ref, to.id, world.now)


def _close(world: World, number: int) -> None:
    slug, who = (("coastal", "fenna"), ("secretariat", "helena"))[number % 2]
    organization = world.scene.organizations[slug]
    day = (world.now + timedelta(days=1 + number % 6)).date()
    add_closed_day(world.session, world.scene.actor(who), organization.id, day, "Office move", world.now)


def _pass_on(world: World, _number: int) -> None:
    world.scene.pass_on(world.now)


def _ask(world: World, number: int) -> None:
    who = ("jonas", "lucia", "pia", "tom")[number % 4]
    request_changes(world.session, world.scene.actor(who), world.scene.ref, [Request("Shorter?")], world.now)


def _answer(world: World, _number: int) -> None:
    proposal = world.scene.proposal
    shown = hash_of(content_of(world.session, proposal))
    send(world.session, world.scene.actor("rosa"), proposal.reference, shown, world.now, declares=True)


def _decide(world: World, number: int) -> None:
    who, dataset = (("lucia", "streets"), ("pia", "shops"), ("tom", "streets"))[number % 3]
    outcome = ItemState.APPROVED if number % 5 else ItemState.NOT_APPROVED
    world.scene.decides(who, dataset, outcome, world.now)


def _undo(world: World, number: int) -> None:
    who, dataset = (("lucia", "streets"), ("pia", "shops"))[number % 2]
    reference = world.scene.datasets[dataset].reference
    undo_decision(world.session, world.scene.actor(who), world.scene.ref, reference, world.now)


def _withdraw(world: World, number: int) -> None:
    if number % 10 == 0:
        withdraw(world.session, world.scene.actor("rosa"), world.scene.ref, "", world.now)


STEPS: dict[str, Callable[[World, int], None]] = {
    "days pass": _pass_days,
    "leaves": _leave,
    "locked out": _lock_out,
    "joins": _join,
    "changes sides": _change_sides,
    "declares": _declare,
    "takes": _take,
    "hands on": _hand_on,
    "closes a day": _close,
    "passes on": _pass_on,
    "asks for changes": _ask,
    "answers": _answer,
    "decides": _decide,
    "undoes": _undo,
    "withdraws": _withdraw,
}


def _check(world: World) -> None:
    session, proposal, now = world.session, world.scene.proposal, world.now
    session.flush()
    turn = whose_turn(session, proposal, now)
    assert turn.is_ended != (turn.turn in OPEN_TURNS), world.log
    for holder in turn.holders:
        _check_name(world, proposal, turn, holder)
    _check_table(world, turn)


def _check_name(world: World, proposal: Proposal, turn: WhoseTurn, holder: Holder) -> None:
    session = world.session
    assert holder.next is not None, world.log
    person = session.get_one(Person, holder.next.person_id)
    assert person.active, world.log
    held = {(each.organization_id, each.role) for each in held_by(session, person.id)}
    roles = {role for _organization, role in held}
    is_of_secretariat = bool(roles & _OF_SECRETARIAT)
    own = {role for organization_id, role in held if organization_id == holder.organization_id}
    assert own or is_of_secretariat, world.log
    percent = holder.progress.percent if holder.progress else 0
    if turn.turn is Turn.DECIDING and not is_of_secretariat:
        assert own & {Role.STEWARD, Role.DEPUTY}, world.log
        assert not is_conflicted(session, actor_of(session, person), proposal), world.log
    if turn.turn is Turn.DECIDING and is_of_secretariat and percent < SECRETARIAT_JOINS_AT:
        assert not _could_decide(world, proposal, holder), world.log
    if turn.turn is Turn.DECIDING and percent < DEPUTY_JOINS_AT and Role.DEPUTY in own and Role.STEWARD not in own:
        taken = holder.people[0] == holder.next
        assert taken or not _could_decide(world, proposal, holder, Role.STEWARD), world.log
    assert holder.backup is None or holder.backup != holder.next, world.log


def _could_decide(world: World, proposal: Proposal, holder: Holder, *roles: Role) -> list[Person]:
    wanted = roles or (Role.STEWARD, Role.DEPUTY)
    statement = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organization_id == holder.organization_id,
            Membership.role.in_(wanted),
            Membership.ended_at.is_(None),
            Person.active,
        )
    )
    session = world.session
    return [p for p in session.scalars(statement) if not is_conflicted(session, actor_of(session, p), proposal)]


def _check_table(world: World, turn: WhoseTurn) -> None:
    """The kept rows say the same as `whose_turn`, and whoever is asked has it counted."""
    session, proposal, now = world.session, world.scene.proposal, world.now
    settle(session)
    rows = session.scalars(select(OpenWait).where(OpenWait.proposal_id == proposal.id)).all()
    kept = people_named(rows, now)
    names = {(proposal.id, each.organization_id): each.next.person_id if each.next else None for each in turn.holders}
    assert kept == names, world.log
    assert {row.due_on for row in rows} == {each.progress.due if each.progress else None for each in turn.holders}
    for who in world.scene.people.values():
        actor = actor_of(session, who)
        if not who.active or not actor.organization_ids:
            continue
        is_asked = who.id in turn.person_ids and turn.progress is not None
        assert _counted(session, actor, now) == int(is_asked), (who.name, world.log)


def _counted(session: Session, viewer: Actor, now: datetime) -> int | None:
    """What the head of the page counts for somebody."""
    return session.scalar(select(waiting_number(session, viewer, now)))


def _check_queues(world: World) -> None:
    """What the head of the page counts is what the inbox shows."""
    for who in world.scene.people.values():
        actor = actor_of(world.session, who)
        shown, _counts = queues(world.session, actor, world.now)
        mine = sum(len(shown[queue]) for queue in (Queue.OVERDUE, Queue.WEEK, Queue.LATER))
        assert _counted(world.session, actor, world.now) == mine, (who.name, world.log)


MOVES = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 60)), min_size=8, max_size=16)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(moves=MOVES, in_review=st.booleans())
def test_whatever_happens_exactly_one_person_is_named_for_each_wait(
    session: Session, moves: list[tuple[str, int]], in_review: bool
) -> None:
    with session.begin_nested() as point:
        world = World(scene_in_intake(session))
        if in_review:
            world.scene.pass_on(MONDAY)
        _check(world)
        for name, number in moves:
            world.do(name, number)
            _check(world)
        _check_queues(world)
        point.rollback()


def test_a_draft_names_its_lead_and_then_the_focal_point(session: Session) -> None:
    world = World(make_scene(session))
    _check(world)
    world.do("leaves", WHO.index("rosa"))
    turn = whose_turn(session, world.scene.proposal, world.now)
    assert [holder.next.name for holder in turn.holders if holder.next] == ["Fenna Blok"]
    world.do("leaves", WHO.index("fenna"))
    turn = whose_turn(session, world.scene.proposal, world.now)
    assert [holder.next.name for holder in turn.holders if holder.next] == ["Jonas Oyelaran"]
