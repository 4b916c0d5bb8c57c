"""A proposal from its first answer to its end, as its team and the secretariat act on it."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from app.proposals.commands.conversation import comment
from app.proposals.commands.drafting import copy_as_new, save_answers, start
from app.proposals.commands.gathering import add_dataset, add_team_member, remove_dataset, remove_team_member
from app.proposals.commands.intake import Request, close_at_intake, pass_intake, request_changes
from app.proposals.commands.reminding import remind
from app.proposals.commands.sending import send, withdraw
from app.proposals.models import Proposal
from app.proposals.queries.versions import content_of, hash_of
from app.rules.actions import Action
from app.rules.checklists import INTAKE, Mark
from app.rules.roles import Role
from app.rules.vocabulary import Sensitivity
from app.rules.workflow import ListingState, Machine, ProposalState
from tests.machine.act import Act, Do, Thing, of, words
from tests.machine.consortium import MANY, answers
from tests.machine.view import View
from tests.machine.world import World

MOST = 12  # proposals in one example, so that reading them all stays cheap
YES = {check.key: Mark.YES.value for check in INTAKE}


def lead(view: View, thing: Thing) -> Sequence[str]:
    """Who leads the proposal."""
    return [view.names[thing.row.lead_id]]


def team(view: View, thing: Thing) -> Sequence[str]:
    """The lead and everybody of the team."""
    return view.team(thing.row.id)


def officers(view: View, _thing: Thing) -> Sequence[str]:
    """The secretariat's officers."""
    return view.holding(None, Role.OFFICER)


def stewards(view: View, thing: Thing) -> Sequence[str]:
    """The stewards and deputies of the data partners asked."""
    return [
        name
        for partner in sorted(view.partners(thing.row.id))
        for name in view.holding(partner, Role.STEWARD, Role.DEPUTY)
    ]


def reviewers(view: View, thing: Thing) -> Sequence[str]:
    """Everybody who may ask for changes."""
    return [*officers(view, thing), *stewards(view, thing)]


def _staff(view: View, thing: Thing) -> Sequence[str]:
    at = thing.row.id if thing.machine is Machine.ORGANIZATION else thing.row.organization_id
    return view.holding(at, Role.PROJECT_STAFF)


def _has_staff(view: View, thing: Thing) -> bool:
    return bool(list(_staff(view, thing))) and len(view.rows.all("proposal")) < MOST


def _offers(view: View, _thing: Thing) -> Sequence[object]:
    """Sets of datasets to ask for: one data partner's, two data partners', everything."""
    open_now = [t.ref for t in view.things(Machine.LISTING) if t.state is ListingState.LISTED]
    return [tuple(open_now[:1]), tuple(open_now[-1:]), tuple(open_now[:2]), tuple(open_now[1:2]), tuple(open_now)]


def _start(world: World, do: Do) -> object:
    actor = world.actor(do.who)
    found = next(row for row in world.rows.all("organization") if row.slug == do.ref)
    chosen = do.more if isinstance(do.more, tuple) else ()
    proposal = start(world.session, actor, found.id, [str(each) for each in chosen], world.now)
    sensitive = {row.reference for row in world.rows.all("dataset") if row.sensitivity is Sensitivity.CLASS_3}
    countries = MANY if sensitive & set(chosen) else MANY[:1]
    # In a crisis every second proposal is about it.
    helps = bool(world.rows.all("crisis")) and len(world.rows.all("proposal")) % 2 == 1
    purposes = ["dev.disaster"] if helps else ["dev.mobility"]
    # Every fourth is for longer than a grant runs on where its data partner leaves.
    lasts = 700 if len(world.rows.all("proposal")) % 4 == 3 else 300
    given = {**answers(world.now, countries, lasts), "purposes": purposes}
    save_answers(world.session, actor, proposal.reference, given, world.now)
    return proposal


def _copy(world: World, do: Do) -> object:
    original = world.session.scalars(select(Proposal).where(Proposal.reference == do.ref)).one()
    return copy_as_new(world.session, world.actor(do.who), do.ref, original.organization_id, world.now)


def _answer(world: World, do: Do) -> object:
    soon = (world.now.date() + timedelta(days=1)).isoformat()
    given = {
        "title": {"title": "A second title"},
        "gap": {"question": ""},
        "all": answers(world.now),
        "other": {"question": f"Which crossings do most children use before {world.now:%H:%M}?"},
        "soon": {"starts_on": soon},
        "long": answers(world.now, lasts=700),
    }
    return save_answers(world.session, world.actor(do.who), do.ref, given[str(do.more)], world.now)


def _add(world: World, do: Do) -> object:
    return add_dataset(world.session, world.actor(do.who), do.ref, str(do.more), world.now)


def _remove(world: World, do: Do) -> object:
    return remove_dataset(world.session, world.actor(do.who), do.ref, str(do.more), world.now)


def _name(world: World, do: Do) -> object:
    name, email = str(do.more).title(), f"{do.more}@elsewhere.example"
    known = world.view().people.get(str(do.more))
    if known is not None:
        name, email = known.name, known.email
    return add_team_member(world.session, world.actor(do.who), do.ref, name, email, "", world.now)


def _unname(world: World, do: Do) -> object:
    assert isinstance(do.more, int)
    return remove_team_member(world.session, world.actor(do.who), do.ref, do.more, world.now)


def _send(world: World, do: Do) -> object:
    proposal = world.session.scalars(select(Proposal).where(Proposal.reference == do.ref)).one()
    shown = hash_of(content_of(world.session, proposal)) if do.more != "another hash" else "0" * 64
    declares = do.more != "not declared"
    return send(world.session, world.actor(do.who), do.ref, shown, world.now, declares=declares)


def _withdraw(world: World, do: Do) -> object:
    return withdraw(world.session, world.actor(do.who), do.ref, "The budget was cut.", world.now)


def _pass(world: World, do: Do) -> object:
    marks = {**YES, next(iter(YES)): Mark.NO.value} if do.more == "a no in the check" else YES
    return pass_intake(world.session, world.actor(do.who), do.ref, marks, world.now)


def _close(world: World, do: Do) -> object:
    reason = "" if do.more == "no reason" else "Outside the agreement."
    return close_at_intake(world.session, world.actor(do.who), do.ref, reason, world.now)


def ask(world: World, do: Do) -> object:
    """Ask for changes; `more` says what is wrong with it."""
    asked = [] if do.more == "nothing asked" else [Request("Say which streets.", "variables")]
    shown = "0" * 64 if do.more == "stale" else None
    return request_changes(world.session, world.actor(do.who), do.ref, asked, world.now, shown_hash=shown)


def _say(world: World, do: Do) -> object:
    inside = do.more == "inside"
    return comment(world.session, world.actor(do.who), do.ref, "Noted.", world.now, is_internal=inside)


def _remind(world: World, do: Do) -> object:
    return remind(world.session, world.actor(do.who), do.ref, world.now)


def _others(view: View, thing: Thing) -> Sequence[object]:
    named = {row.dataset_id for row in view.items(thing.row.id)}
    return [t.ref for t in view.things(Machine.LISTING) if t.row.id not in named and t.state is ListingState.LISTED]


def _named(view: View, thing: Thing) -> Sequence[object]:
    return [view.rows.one("dataset", row.dataset_id).reference for row in view.items(thing.row.id)]


def _not_named(view: View, thing: Thing) -> Sequence[object]:
    on_it = {row.email for row in view.rows.of("team_member", "proposal_id", thing.row.id)}
    return ["newcomer", *(name for name in ("marta", "otto", "vera", "tess") if view.people[name].email not in on_it)]


def _members(view: View, thing: Thing) -> Sequence[object]:
    return [row.id for row in view.rows.of("team_member", "proposal_id", thing.row.id) if not row.is_lead]


PROPOSALS = of(Machine.PROPOSAL)
ACTS = (
    Act("start", Action.START_PROPOSAL, of(Machine.ORGANIZATION), _staff, _start, _has_staff, _offers, weight=3, in_parts=True),
    Act("copy as new", None, PROPOSALS, _staff, _copy, lambda v, _t: len(v.rows.all("proposal")) < MOST, weight=1),
    Act("answer", Action.EDIT_PROPOSAL, PROPOSALS, team, _answer, more=words("title", "all", "other", "all", "gap")),
    Act("add dataset", Action.EDIT_PROPOSAL, PROPOSALS, team, _add, lambda v, t: bool(_others(v, t)), _others),
    Act("remove dataset", Action.EDIT_PROPOSAL, PROPOSALS, team, _remove, lambda v, t: len(_named(v, t)) > 1, _named, weight=1),
    Act("add to team", Action.CHANGE_TEAM, PROPOSALS, lead, _name, more=_not_named),
    Act("take off team", Action.CHANGE_TEAM, PROPOSALS, lead, _unname, lambda v, t: bool(_members(v, t)), _members, weight=1),
    Act(
        "send",
        Action.SEND_PROPOSAL,
        PROPOSALS,
        lead,
        _send,
        wrong=words("another hash", "not declared"),
        weight=8,
        besides=(Action.RESEND_PROPOSAL,),
    ),
    Act("withdraw", Action.WITHDRAW_PROPOSAL, PROPOSALS, lead, _withdraw, weight=1),
    Act("pass intake", Action.PASS_INTAKE, PROPOSALS, officers, _pass, weight=6, wrong=words("a no in the check")),
    Act("close at intake", Action.CLOSE_AT_INTAKE, PROPOSALS, officers, _close, weight=1, wrong=words("no reason")),
    Act("ask for changes", Action.REQUEST_CHANGES, PROPOSALS, reviewers, ask, weight=3, wrong=words("nothing asked", "stale")),
    Act("comment", Action.COMMENT_ON_PROPOSAL, PROPOSALS, team, _say, weight=1, more=words("to all")),
    Act("comment inside", Action.COMMENT_INTERNALLY, PROPOSALS, reviewers, _say, weight=1, more=words("inside")),
    Act("remind", Action.REMIND_ON_PROPOSAL, PROPOSALS, team, _remind),
)  # fmt: skip

OPEN = frozenset({ProposalState.IN_INTAKE, ProposalState.IN_REVIEW})
