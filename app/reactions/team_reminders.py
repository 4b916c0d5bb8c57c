"""Reminders of what waits around a team: to whoever is asked, and to who sees to it when the time is long over."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.history.queries import Happening
from app.organizations.cards import vouching_awaited
from app.organizations.commands.vouching import remind_to_vouch
from app.organizations.models import Card, Organization
from app.organizations.naming import Awaited, Name, named_for
from app.organizations.queries import officers
from app.proposals.commands.reminding_teams import remind_around_teams
from app.proposals.models import TeamMember
from app.proposals.queries.team_waits import of_missing_lead
from app.reactions.letters import (
    Post,
    lead_of,
    names_of,
    organization_of,
    people_named,
    person_of,
    proposal_of,
    reaction,
    reminder,
    title_of,
)
from app.reactions.work import Job, Reaction
from app.rules.calendar import DEPUTY_JOINS_AT, SECRETARIAT_JOINS_AT
from app.rules.events import Event
from app.rules.ladder import Named
from app.rules.roles import Role


def remind_of_terms(post: Post, happened: Happening) -> None:
    """To the lead, once the time is long over; before, the one who is asked gets a new link (`team.invite`)."""
    proposal = proposal_of(post, happened)
    member = post.session.get(TeamMember, int(str(happened.facts["member"])))
    if member is None or _percent(happened) < SECRETARIAT_JOINS_AT:
        return
    facts = {"name": str(happened.facts["person"]), "title": title_of(proposal)}
    letter = reminder(
        happened.facts,
        _l("%(name)s joins %(title)s", **facts),
        _l("%(name)s has not accepted the terms", **facts),
        _l(
            "Without it, %(name)s gets no access to the data of “%(title)s”. Ask once more, or name somebody else.",
            **facts,
        ),
        _l("See the team"),
        acts=False,
    )
    # A lead who has not answered is seen to by the secretariat: nobody else stands above them in the team.
    people = officers(post.session)[:1] if member.is_lead else lead_of(post, proposal)
    post.send(letter, people, f"/proposals/{proposal.reference}/people")


def remind_of_offer(post: Post, happened: Happening) -> None:
    """To who was asked to lead; to who asked, once the time is long over."""
    proposal = proposal_of(post, happened)
    title = title_of(proposal)
    link = f"/proposals/{proposal.reference}/lead"
    if _percent(happened) < SECRETARIAT_JOINS_AT:
        letter = reminder(
            happened.facts,
            _l("take the lead of %(title)s, or decline", title=title),
            _l("Do you take the lead?"),
            _l("You would answer for “%(title)s” (%(ref)s) and for its grants.", title=title, ref=proposal.reference),
            _l("Read and answer"),
            _l("Until you accept, the present lead leads on."),
        )
        post.send(letter, person_of(post, happened.facts["to_id"]), link)
        return
    name = names_of(person_of(post, happened.facts["to_id"]))
    letter = reminder(
        happened.facts,
        _l("a new lead of %(title)s", title=title),
        _l("%(name)s has not answered", name=name),
        _l(
            "%(name)s was asked to lead “%(title)s”. Take the request back and ask somebody else.",
            name=name,
            title=title,
        ),
        _l("See to it"),
        acts=False,
    )
    post.send(letter, person_of(post, happened.facts["asked_by_id"]) or lead_of(post, proposal), link)


def remind_co_applicant(post: Post, happened: Happening) -> None:
    """To the focal point of who was named, and their deputy; to the lead, once the time is long over or where there is none."""
    proposal, organization = proposal_of(post, happened), organization_of(post, happened.facts["slug"])
    leading = post.session.get_one(Organization, proposal.organization_id)
    facts = {"name": organization.name, "leading": leading.name, "title": title_of(proposal)}
    percent = _percent(happened)
    named = _named(post, Awaited("co_applicant", proposal.reference, organization.id, (Role.FOCAL_POINT,)))
    nobody = named is None or named.is_substitute  # nobody but its own focal point can answer
    if named is not None and not nobody and percent < SECRETARIAT_JOINS_AT:
        letter = reminder(
            happened.facts,
            _l("say whether %(name)s takes part in %(title)s", **facts),
            _l("%(leading)s names %(name)s as co-applicant", **facts),
            _l("“%(title)s” is to be a joint proposal of %(leading)s and %(name)s.", **facts),
            _l("Confirm or withdraw"),
            _l("If you do nothing, it is sent with your organization's name. You can withdraw it at any time."),
        )
        link = f"/proposals/{proposal.reference}/co-applicants/{organization.slug}"
        post.send(letter, people_named(post, named.asked(percent)), link)
        return
    letter = reminder(
        happened.facts,
        _l("%(name)s takes part in %(title)s", **facts),
        _l("%(name)s has not answered", **facts),
        _l("“%(title)s” names %(name)s, which has said neither yes nor no. Ask there, or take it out.", **facts),
        _l("See the team"),
        acts=False,
    )
    post.send(letter, lead_of(post, proposal), f"/proposals/{proposal.reference}/people")


def remind_of_missing_lead(post: Post, happened: Happening) -> None:
    """To the focal point, and their deputy; to the secretariat once the time is long over, except for a draft."""
    proposal, percent = proposal_of(post, happened), _percent(happened)
    is_draft = proposal.sent_at is None
    named = _named(post, of_missing_lead(proposal, None).awaited)
    if named is None or (is_draft and named.is_substitute):
        return
    title = proposal.reference if is_draft else title_of(proposal)
    letter = reminder(
        happened.facts,
        _l("a lead for %(title)s", title=title),
        _l("The lead has left: name a new one"),
        _l("Nobody answers for %(title)s until somebody leads it.", title=title),
        _l("Name somebody"),
    )
    acting = people_named(post, named.asked(min(percent, DEPUTY_JOINS_AT)))
    post.send(letter, acting, f"/proposals/{proposal.reference}/lead")
    if percent >= SECRETARIAT_JOINS_AT and not is_draft and named.last is not None:
        see = _l("%(names)s should have named somebody. Ask there.", names=names_of(acting))
        seeing = reminder(
            happened.facts,
            _l("a lead for %(title)s", title=title),
            _l("Nobody names a new lead"),
            see,
            _l("See the proposal"),
            acts=False,
        )
        post.send(seeing, people_named(post, [named.last]), f"/proposals/{proposal.reference}")


def remind_of_vouching(post: Post, happened: Happening) -> None:
    """To the focal point who is asked, and their deputy; to the secretariat, once the time is long over."""
    organization, name = organization_of(post, happened.ref), str(happened.facts["person"])
    card = post.session.get(Card, int(str(happened.facts["card"])))
    named = _named(post, vouching_awaited(card)) if card is not None else None
    if named is None:
        return
    facts = {"name": name, "at": organization.name}
    percent = _percent(happened)
    letter = reminder(
        happened.facts,
        _l("vouch for %(name)s", **facts),
        _l("%(name)s asks you to vouch", **facts),
        _l("You would say for a year that %(name)s may lead and send proposals of %(at)s.", **facts),
        _l("Answer"),
        _l("Until somebody vouches, %(name)s can write proposals but not send them.", **facts),
    )
    acting = people_named(post, named.asked(min(percent, DEPUTY_JOINS_AT)))
    post.send(letter, acting, f"/orgs/{organization.slug}#cards")
    if percent >= SECRETARIAT_JOINS_AT and named.last is not None:
        seeing = reminder(
            happened.facts,
            _l("vouch for %(name)s", **facts),
            _l("Nobody answers %(name)s", **facts),
            _l("%(names)s should have said whether to vouch for %(name)s at %(at)s. Ask there.", names=names_of(acting), **facts),
            _l("See the people"),
            acts=False,
        )  # fmt: skip
        post.send(seeing, people_named(post, [named.last]), f"/orgs/{organization.slug}#cards")


def _percent(happened: Happening) -> int:
    return int(str(happened.facts["percent"]))


def _named(post: Post, awaited: Awaited) -> Named[Name] | None:
    return named_for(post.session, [awaited]).get((awaited.thing, awaited.ref, awaited.organization_id))


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    event: (reaction(tell),)
    for event, tell in {
        Event.TERMS_REMINDED: remind_of_terms,
        Event.LEAD_OFFER_REMINDED: remind_of_offer,
        Event.CO_APPLICANT_REMINDED: remind_co_applicant,
        Event.MISSING_LEAD_REMINDED: remind_of_missing_lead,
        Event.VOUCHING_REMINDED: remind_of_vouching,
    }.items()
}


def remind(session: Session, now: datetime) -> None:
    """Everybody around a team whose time has come."""
    remind_around_teams(session, now)
    remind_to_vouch(session, now)


SCHEDULE: tuple[Job, ...] = (remind,)
