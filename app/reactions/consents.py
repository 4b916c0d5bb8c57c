"""What follows when a proposal comes to its data partners: their rules decide first, then people are asked about the rest; and
when a rule is switched off."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.catalog.models import Dataset
from app.consents.commands import apply_consents
from app.consents.models import StandingConsent
from app.foundation.base import JSONObject
from app.history.queries import Happening
from app.organizations.models import Organization
from app.organizations.queries import deputies_of, stewards_of
from app.outbox.commands import enqueue
from app.proposals.models import Proposal
from app.proposals.queries.undoing import act_at, still_stands
from app.reactions.letters import Letter, Post, reaction
from app.reactions.proposal_people import Telling
from app.reactions.work import Apply, Handler, Reaction, Work
from app.rules.events import Event
from app.rules.undoing import UNDO_TIME

DECIDE_BY_RULE = "consents.decide"


def let_rules_decide(session: Session, happening: Happening, work: Work) -> None:
    """Approve what the data partners' rules cover. Stands before the mails, so that nobody is asked what a rule has answered.
    Where it came by an act that can be taken back for ten minutes, as the end of a vote, the rules wait as long.
    """
    proposal = session.scalars(select(Proposal).where(Proposal.reference == happening.ref)).one()
    act = act_at(session, proposal, happening.at)
    if act is None:
        apply_consents(session, happening.ref, work.now)
    else:
        payload: JSONObject = {"reference": happening.ref, "act": act.id}
        enqueue(session, DECIDE_BY_RULE, payload, work.now, about=happening.ref, due_at=act.at + UNDO_TIME)


def _decide(work: Work, payload: JSONObject) -> Apply | None:
    """Nothing where that act was taken back: what was done anew since waits its own ten minutes."""

    def apply(session: Session) -> None:
        if still_stands(session, int(str(payload["act"]))):
            apply_consents(session, str(payload["reference"]), work.now)

    return apply


def tell_who_wrote_the_rule(session: Session, happening: Happening, work: Work) -> None:
    """To the data partner's stewards: a rule of theirs has approved, and how to take it back."""
    t = Telling(session, happening, work)
    rule = session.scalar(select(StandingConsent).where(StandingConsent.reference == str(t.facts.get("rule"))))
    if rule is None:
        return
    dataset = session.scalars(select(Dataset).where(Dataset.reference == str(t.facts["dataset"]))).one()
    partner = session.get_one(Organization, rule.organization_id)
    made, named = [t.facts["decision"]], {"dataset": dataset.title, "partner": partner.name}
    t.mail("consent_approved", t.stewards([partner.id]), rule=rule, decisions=made, **named)


def tell_that_rule_is_off(post: Post, happened: Happening) -> None:
    """To the data partner's stewards and deputies, whoever switched it off: from now on they decide by hand, and why."""
    found = select(StandingConsent).where(StandingConsent.reference == happened.ref)
    rule = post.session.scalars(found.options(joinedload(StandingConsent.organization))).one()
    facts = {"rule": rule.reference, "name": rule.name, "by": happened.actor, "partner": rule.organization.name}
    letter = Letter(
        _l("Switched off: your rule %(rule)s", **facts),
        _l("Your rule %(rule)s is off", **facts),
        (
            _l("%(by)s switched off the standing consent “%(name)s” of %(partner)s.", **facts),
            _l(
                "Nothing is approved by it any more: what it would have covered waits for you. What it has approved stands."
            ),
        ),
        _l("See the rule"),
        words=str(happened.facts.get("reason") or ""),
        who=happened.actor,
        otherwise=_l("It can be switched on again from its page."),
    )
    deciding = [*stewards_of(post.session, rule.organization_id), *deputies_of(post.session, rule.organization_id)]
    post.send(letter, deciding, f"/desk/consents/{rule.reference}")


# Wherever a proposal may have come to its data partners; the command looks whether it has.
REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.INTAKE_PASSED: (let_rules_decide,),
    Event.PROPOSAL_RETURNED: (let_rules_decide,),
    Event.STEP_PASSED: (let_rules_decide,),
    Event.ITEM_APPROVED_BY_RULE: (tell_who_wrote_the_rule,),
    Event.CONSENT_SWITCHED_OFF: (reaction(tell_that_rule_is_off),),
}
HANDLERS: dict[str, Handler] = {DECIDE_BY_RULE: _decide}
