"""What follows from events of teams, leads and co-applicants: a mail to each person whom it concerns."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.hashing import sha256_hex
from app.history.queries import Happening
from app.organizations.models import Organization, Person
from app.organizations.queries import focal_points_of, officers, person_by_email
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.team import LED
from app.reactions.letters import (
    INVITATION,
    TO_ACT,
    Letter,
    Post,
    lead_of,
    organization_of,
    person_of,
    proposal_of,
    reaction,
    reminder,
    title_of,
)
from app.reactions.mail import Recipient
from app.reactions.work import Apply, Handler, Reaction, Work
from app.rules.events import Event
from app.rules.workflow import ProposalState


def write_team_invitation(work: Work, payload: JSONObject) -> Apply | None:
    """The mail that asks somebody to join a team; none where they answered meanwhile, or a newer link went out."""

    def apply(session: Session) -> None:
        member = session.get(TeamMember, int(str(payload["member"])))
        token = str(payload["token"])
        if member is None or member.token_hash != sha256_hex(token.encode()):
            return
        proposal = session.get_one(Proposal, member.proposal_id)
        if proposal.state not in LED:
            return
        organization = session.get_one(Organization, proposal.organization_id)
        known = person_by_email(session, member.email)
        letter = (
            _terms_again(payload, proposal, organization)
            if "due" in payload
            else _terms(payload, proposal, organization)
        )
        link = f"/proposals/{proposal.reference}/join" if known else f"/proposals/join/{token}"
        post = Post(session, work, proposal.reference, "")
        post.to(letter, Recipient(known.name if known else member.name, member.email), link)

    return apply


def _terms(payload: JSONObject, proposal: Proposal, organization: Organization) -> Letter:
    facts = {"inviter": str(payload["inviter"]), "organization": organization.name, "title": title_of(proposal)}
    return Letter(
        _l("Join the team: %(title)s", title=title_of(proposal)),
        _l("%(inviter)s names you on a team", **facts),
        (
            _l("You are to work with the data of “%(title)s”, a use proposal of %(organization)s.", **facts),
            _l("Each of the team accepts the duties of those who handle data for themselves. It takes 2 minutes."),
        ),
        _l("Read and answer"),
        otherwise=_TERMS_OTHERWISE,
        template=INVITATION,
    )


def _terms_again(payload: JSONObject, proposal: Proposal, organization: Organization) -> Letter:
    facts = {"organization": organization.name, "title": title_of(proposal)}
    return reminder(
        payload,
        _l("join the team of %(title)s", **facts),
        _l("Accept the terms for yourself, or decline"),
        _l("You are to work with the data of “%(title)s”, a use proposal of %(organization)s.", **facts),
        _l("Read and answer"),
        _TERMS_OTHERWISE,
    )


_TERMS_OTHERWISE = _l("Until you accept, you get no access to data. The link works for 30 days, for you alone.")


def tell_of_no(post: Post, happened: Happening) -> None:
    """To the lead: somebody of the team declined."""
    proposal = proposal_of(post, happened)
    name = str(happened.facts["person"])
    letter = Letter(
        _l("%(name)s declined: %(title)s", name=name, title=title_of(proposal)),
        _l("%(name)s does not join the team", name=name),
        (_l("%(name)s declined the terms for “%(title)s” and gets no access to its data.", name=name, title=title_of(proposal)),),
        _l("See the team"),
        words=str(happened.facts.get("words") or ""),
        who=name,
    )  # fmt: skip
    post.send(letter, lead_of(post, proposal), f"/proposals/{proposal.reference}/people")


def ask_to_lead(post: Post, happened: Happening) -> None:
    """To the person who was asked to take the lead."""
    proposal = proposal_of(post, happened)
    letter = Letter(
        _l("Take the lead? %(title)s", title=title_of(proposal)),
        _l("%(name)s asks you to lead a proposal", name=happened.actor),
        (_l("You would answer for “%(title)s” (%(ref)s) and for its grants.", title=title_of(proposal), ref=proposal.reference),),
        _l("Read and answer"),
        words=str(happened.facts.get("words") or ""),
        who=happened.actor,
        otherwise=_l("Until you accept, the present lead leads on."),
        template=INVITATION,
    )  # fmt: skip
    post.send(letter, person_of(post, happened.facts["to_id"]), f"/proposals/{proposal.reference}/lead")


def tell_of_new_lead(post: Post, happened: Happening) -> None:
    """To the new lead, the last one, and the team."""
    proposal = proposal_of(post, happened)
    facts = {"to": str(happened.facts["to"]), "before": str(happened.facts["from"]), "title": title_of(proposal)}
    link = f"/proposals/{proposal.reference}"
    yours = Letter(
        _l("You lead now: %(title)s", title=title_of(proposal)),
        _l("You lead this proposal from now on"),
        (_l("%(before)s led “%(title)s”. What waits for the lead waits for you.", **facts),),
        _l("Open the proposal"),
        otherwise=_l("Where you have not accepted the terms for yourself, it asks you to."),
        template=TO_ACT,
    )
    post.send(yours, person_of(post, happened.facts["to_id"]), link)
    theirs = Letter(
        _l("New lead: %(title)s", title=title_of(proposal)),
        _l("%(to)s leads it now", **facts),
        (_l("%(to)s has taken over “%(title)s” from %(before)s.", **facts),),
        _l("Open the proposal"),
    )
    team = select(Person).join(TeamMember, TeamMember.person_id == Person.id)
    members = post.session.scalars(team.where(TeamMember.proposal_id == proposal.id).order_by(TeamMember.id)).all()
    post.send(theirs, [*person_of(post, happened.facts["from_id"]), *members], link)


def tell_of_no_to_lead(post: Post, happened: Happening) -> None:
    """To whoever asked: somebody else must be found."""
    proposal = proposal_of(post, happened)
    letter = Letter(
        _l("Not taken over: %(title)s", title=title_of(proposal)),
        _l("%(name)s does not take the lead", name=happened.actor),
        (_l("Ask somebody else to lead “%(title)s”; until then its lead leads on.", title=title_of(proposal)),),
        _l("Ask somebody else"),
        words=str(happened.facts.get("words") or ""),
        who=happened.actor,
        template=TO_ACT,
    )
    post.send(letter, person_of(post, happened.facts["asked_by_id"]), f"/proposals/{proposal.reference}/lead")


def ask_co_applicant(post: Post, happened: Happening) -> None:
    """To the focal points of an organization that was named: does it stand behind this?"""
    proposal = proposal_of(post, happened)
    organization = organization_of(post, happened.facts["slug"])
    leading = post.session.get_one(Organization, proposal.organization_id)
    facts = {"organization": organization.name, "leading": leading.name, "title": title_of(proposal)}
    letter = Letter(
        _l("Does %(organization)s take part? %(title)s", **facts),
        _l("%(leading)s names %(organization)s as co-applicant", **facts),
        (_l("“%(title)s” is to be a joint proposal of %(leading)s and %(organization)s.", **facts),),
        _l("Confirm or withdraw"),
        otherwise=_l("If you do nothing, it is sent with your organization's name. You can withdraw it at any time."),
        template=INVITATION,
    )
    link = f"/proposals/{proposal.reference}/co-applicants/{organization.slug}"
    post.send(letter, focal_points_of(post.session, organization.id), link)


def tell_of_withdrawal(post: Post, happened: Happening) -> None:
    """To the lead, and to the officers while it is with them: a co-applicant withdrew."""
    proposal = proposal_of(post, happened)
    name = str(happened.facts["organization"])
    letter = Letter(
        _l("%(name)s withdrew: %(title)s", name=name, title=title_of(proposal)),
        _l("%(name)s takes no part any more", name=name),
        (
            _l("%(name)s has taken itself and its people out of “%(title)s”.", name=name, title=title_of(proposal)),
            _l("What was sent still names it: it is sent again without it before it passes the intake check."),
        ),
        _l("Open the proposal"),
        words=str(happened.facts.get("words") or ""),
        who=happened.actor,
        template=TO_ACT,
    )
    concerned = lead_of(post, proposal)
    if proposal.state is ProposalState.IN_INTAKE:
        concerned += officers(post.session)
    post.send(letter, concerned, f"/proposals/{proposal.reference}/people")


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    event: (reaction(tell),)
    for event, tell in {
        Event.TERMS_DECLINED: tell_of_no,
        Event.LEAD_OFFERED: ask_to_lead,
        Event.LEAD_CHANGED: tell_of_new_lead,
        Event.LEAD_DECLINED: tell_of_no_to_lead,
        Event.CO_APPLICANT_NAMED: ask_co_applicant,
        Event.CO_APPLICANT_WITHDREW: tell_of_withdrawal,
    }.items()
}
HANDLERS: dict[str, Handler] = {"team.invite": write_team_invitation}
