"""Cards, the terms that each of a team accepts, the lead that is handed on, and organizations that propose together."""

from collections.abc import Sequence

from app.inbox.leaving import hand_on, open_work_of
from app.organizations.commands.people import remove_person
from app.organizations.commands.vouching import ask_for_card, decline_card, end_card, renew_card, vouch
from app.proposals.commands.accepting import accept_terms, decline_terms, invite_member_again
from app.proposals.commands.joint import (
    confirm_co_applicant,
    name_co_applicant,
    name_co_applicant_again,
    withdraw_co_applicant,
)
from app.proposals.commands.leading import accept_lead, appoint_lead, decline_lead, offer_lead, take_back_lead
from app.rules.actions import Action
from app.rules.roles import Capacity, Role
from app.rules.workflow import AccessionState, Machine
from tests.machine.act import Act, Do, Thing, of
from tests.machine.view import View
from tests.machine.world import World


def _on_teams(view: View, thing: Thing) -> Sequence[object]:
    """People of this organization alone who are on a team that they do not lead, and who lead nothing."""
    leading = {row.lead_id for row in view.rows.all("proposal")}
    named = {row.person_id for row in view.rows.all("team_member") if not row.is_lead} - leading
    return sorted(
        key for key in named if key in view.names and view.organizations_of(view.names[key]) == {thing.row.id}
    )


def _leave(world: World, do: Do) -> object:
    """Whoever has a place on a team leaves the organization, as its page does it: what is open is handed on first."""
    session, actor, at = world.session, world.actor(do.who), _organization_id(world, do.ref)
    assert isinstance(do.more, int)
    with world.app.test_request_context():
        takers = {work.key: work.takers[0].person_id for work in open_work_of(session, at, do.more) if work.takers}
        hand_on(session, actor, at, do.more, takers, world.now)
        left = [work.title for work in open_work_of(session, at, do.more)]
    return remove_person(session, actor, at, do.more, world.now, left)


def _focal_of(view: View, organization_id: int) -> list[str]:
    return view.holding(organization_id, Role.FOCAL_POINT)


def _vouching(view: View, thing: Thing) -> Sequence[str]:
    at = thing.row.id if thing.machine is Machine.ORGANIZATION else thing.row.organization_id
    return _focal_of(view, at)


def _staff(view: View, thing: Thing) -> Sequence[str]:
    return view.holding(thing.row.id, Role.PROJECT_STAFF)


def _organization_id(world: World, slug: str) -> int:
    return int(next(row.id for row in world.rows.all("organization") if row.slug == slug))


def _ask_for_card(world: World, do: Do) -> object:
    return ask_for_card(world.session, world.actor(do.who), _organization_id(world, do.ref), world.now)


def _without_card(view: View, thing: Thing) -> Sequence[object]:
    """Staff that nobody vouches for, or who asked."""
    cards = view.rows.of("card", "organization_id", thing.row.id)
    valid = {card.person_id for card in cards if card.state == "valid"}
    return [view.people[name].id for name in _staff(view, thing) if view.people[name].id not in valid]


def _vouch(world: World, do: Do) -> object:
    assert isinstance(do.more, int)
    return vouch(world.session, world.actor(do.who), _organization_id(world, do.ref), do.more, None, world.now)


def _renew(world: World, do: Do) -> object:
    return renew_card(world.session, world.actor(do.who), int(do.ref), None, world.now)


def _end(world: World, do: Do) -> object:
    return end_card(world.session, world.actor(do.who), int(do.ref), "The project ended.", world.now)


def _decline_card(world: World, do: Do) -> object:
    return decline_card(world.session, world.actor(do.who), int(do.ref), "Ask again in spring.", world.now)


def _proposal_of(world: World, place: str, table: str) -> str:
    key = next(row.proposal_id for row in world.rows.all(table) if row.id == int(place))
    return str(world.rows.one("proposal", key).reference)


def _self(view: View, thing: Thing) -> Sequence[str]:
    return [view.names[thing.row.person_id]] if thing.row.person_id in view.names else []


def _lead_of(view: View, thing: Thing) -> Sequence[str]:
    return [view.names[view.rows.one("proposal", thing.row.proposal_id).lead_id]]


def _is_no_lead(_view: View, thing: Thing) -> bool:
    return not thing.row.is_lead


def _accept_terms(world: World, do: Do) -> object:
    return accept_terms(world.session, world.actor(do.who), _proposal_of(world, do.ref, "team_member"), world.now)


def _decline_terms(world: World, do: Do) -> object:
    reference = _proposal_of(world, do.ref, "team_member")
    return decline_terms(world.session, world.actor(do.who), reference, "No time.", world.now)


def _ask_again(world: World, do: Do) -> object:
    reference = _proposal_of(world, do.ref, "team_member")
    return invite_member_again(world.session, world.actor(do.who), reference, int(do.ref), world.now)


def _leading(view: View, thing: Thing) -> Sequence[str]:
    return [view.names[thing.row.lead_id], *_focal_of(view, thing.row.organization_id)]


def _naming(view: View, thing: Thing) -> Sequence[str]:
    return _focal_of(view, thing.row.organization_id)


def _lead_is_gone(view: View, thing: Thing) -> bool:
    return thing.row.organization_id not in view.organizations_of(view.names[thing.row.lead_id])


def _lead_is_there(view: View, thing: Thing) -> bool:
    return not _lead_is_gone(view, thing)


def _candidates(view: View, thing: Thing) -> Sequence[object]:
    staff = view.holding(thing.row.organization_id, Role.PROJECT_STAFF, Role.FOCAL_POINT)
    return [view.people[name].id for name in staff if view.people[name].id != thing.row.lead_id]


def _offer(world: World, do: Do) -> object:
    assert isinstance(do.more, int)
    return offer_lead(world.session, world.actor(do.who), do.ref, do.more, "I leave for a year.", world.now)


def _appoint(world: World, do: Do) -> object:
    assert isinstance(do.more, int)
    return appoint_lead(world.session, world.actor(do.who), do.ref, do.more, world.now)


def _asked(view: View, thing: Thing) -> Sequence[str]:
    return [view.names[thing.row.to_id]]


def _asking(view: View, thing: Thing) -> Sequence[str]:
    return _lead_of(view, thing)


def _accept_lead(world: World, do: Do) -> object:
    return accept_lead(world.session, world.actor(do.who), _proposal_of(world, do.ref, "lead_handover"), world.now)


def _decline_lead(world: World, do: Do) -> object:
    reference = _proposal_of(world, do.ref, "lead_handover")
    return decline_lead(world.session, world.actor(do.who), reference, "No time.", world.now)


def _take_back_lead(world: World, do: Do) -> object:
    return take_back_lead(world.session, world.actor(do.who), _proposal_of(world, do.ref, "lead_handover"), world.now)


def _lead(view: View, thing: Thing) -> Sequence[str]:
    return [view.names[thing.row.lead_id]]


def _further_members(view: View, thing: Thing) -> Sequence[object]:
    acceded = {
        row.organization_id
        for row in view.rows.all("accession")
        if row.capacity is Capacity.MEMBER and row.state is AccessionState.IN_FORCE
    }
    named = {row.organization_id for row in view.rows.of("co_applicant", "proposal_id", thing.row.id)}
    found = acceded - named - {thing.row.organization_id}
    return [row.slug for row in view.rows.all("organization") if row.id in found]


def _name(world: World, do: Do) -> object:
    return name_co_applicant(world.session, world.actor(do.who), do.ref, str(do.more), world.now)


def _of_co_applicant(ref: str) -> tuple[str, str]:
    reference, _, slug = ref.partition("/")
    return reference, slug


def _confirm(world: World, do: Do) -> object:
    return confirm_co_applicant(world.session, world.actor(do.who), *_of_co_applicant(do.ref), world.now)


def _withdraw(world: World, do: Do) -> object:
    said = "" if do.more == "no reason" else "Our board said no."
    return withdraw_co_applicant(world.session, world.actor(do.who), *_of_co_applicant(do.ref), said, world.now)


def _name_again(world: World, do: Do) -> object:
    return name_co_applicant_again(world.session, world.actor(do.who), *_of_co_applicant(do.ref), world.now)


def _no_reason(_view: View, _thing: Thing) -> Sequence[object]:
    return ("no reason",)


def _can_change_team(view: View, thing: Thing) -> bool:
    return view.rows.one("proposal", thing.row.proposal_id).state.value in {"draft", "changes_requested"}


def _is_open(view: View, thing: Thing) -> bool:
    return view.rows.one("proposal", thing.row.proposal_id).state.value not in {"withdrawn", "not_taken_up"}


def _lead_here(view: View, thing: Thing) -> bool:
    return _is_open(view, thing) and _is_no_lead(view, thing)


CARDS, MEMBERS, ORGANIZATIONS = of(Machine.CARD), of(Machine.TEAM_MEMBER), of(Machine.ORGANIZATION)
PROPOSALS, HANDOVERS, CO_APPLICANTS = of(Machine.PROPOSAL), of(Machine.HANDOVER), of(Machine.CO_APPLICANT)
ACTS = (
    Act("ask for card", Action.ASK_FOR_CARD, ORGANIZATIONS, _staff, _ask_for_card, weight=3),
    # A card that was not asked for begins with the vouching, so there is no state in which it is too early.
    Act("vouch", None, ORGANIZATIONS, _vouching, _vouch, more=_without_card, weight=3),
    Act("renew card", Action.RENEW_CARD, CARDS, _vouching, _renew, weight=2),
    Act("end card", Action.END_CARD, CARDS, _vouching, _end, weight=1),
    Act("decline card", Action.DECLINE_CARD, CARDS, _vouching, _decline_card, weight=2),
    Act("accept terms", Action.ACCEPT_TERMS, MEMBERS, _self, _accept_terms, _lead_here, weight=3),
    Act("decline terms", Action.DECLINE_TERMS, MEMBERS, _self, _decline_terms, _lead_here, weight=1),
    Act("ask member again", Action.INVITE_MEMBER_AGAIN, MEMBERS, _lead_of, _ask_again, _lead_here, weight=2),
    Act("offer lead", Action.OFFER_LEAD, PROPOSALS, _leading, _offer, _lead_is_there, _candidates, weight=2),
    Act("appoint lead", Action.APPOINT_LEAD, PROPOSALS, _naming, _appoint, _lead_is_gone, _candidates, weight=4),
    Act("accept lead", Action.ACCEPT_LEAD, HANDOVERS, _asked, _accept_lead, weight=4),
    Act("decline lead", Action.DECLINE_LEAD, HANDOVERS, _asked, _decline_lead, weight=2),
    Act("take back lead", Action.TAKE_BACK_LEAD, HANDOVERS, _asking, _take_back_lead, weight=2),
    Act(
        "leave a team",
        Action.REMOVE_PERSON,
        ORGANIZATIONS,
        _vouching,
        _leave,
        more=_on_teams,
        weight=4,
        in_parts=True,
        is_open_to_oneself=True,
    ),
    Act("name co-applicant", Action.CHANGE_TEAM, PROPOSALS, _lead, _name, more=_further_members, weight=3),
    Act("confirm co-applicant", Action.CONFIRM_CO_APPLICANT, CO_APPLICANTS, _vouching, _confirm, _is_open, weight=3),
    Act(
        "withdraw co-applicant",
        Action.WITHDRAW_CO_APPLICANT,
        CO_APPLICANTS,
        _vouching,
        _withdraw,
        _is_open,
        weight=2,
        wrong=_no_reason,
    ),
    Act(
        "name co-applicant again",
        Action.NAME_CO_APPLICANT_AGAIN,
        CO_APPLICANTS,
        _lead_of,
        _name_again,
        _can_change_team,
        weight=4,
    ),
)
