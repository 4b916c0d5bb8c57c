"""What follows when a proposal comes to its data partners: their rules decide first, then people are asked about the rest."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.consents.commands import apply_consents
from app.consents.models import StandingConsent
from app.history.queries import Happening
from app.organizations.models import Organization
from app.reactions.proposal_people import Telling
from app.reactions.work import Reaction, Work
from app.rules.events import Event


def let_rules_decide(session: Session, happening: Happening, work: Work) -> None:
    """Approve what the data partners' rules cover. Stands before the mails, so that nobody is asked what a rule has answered."""
    apply_consents(session, happening.ref, work.now)


def tell_who_wrote_the_rule(session: Session, happening: Happening, work: Work) -> None:
    """To the data partner's stewards: a rule of theirs has approved, and how to take it back."""
    t = Telling(session, happening, work)
    rule = session.scalar(select(StandingConsent).where(StandingConsent.reference == str(t.facts.get("rule"))))
    if rule is None:
        return
    dataset = session.scalars(select(Dataset).where(Dataset.reference == str(t.facts["dataset"]))).one()
    partner = session.get_one(Organization, rule.organization_id)
    t.mail("consent_approved", t.stewards([partner.id]), rule=rule, dataset=dataset.title, partner=partner.name)


# Wherever a proposal may have come to its data partners; the command looks whether it has.
REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.INTAKE_PASSED: (let_rules_decide,),
    Event.PROPOSAL_RETURNED: (let_rules_decide,),
    Event.ITEM_APPROVED_BY_RULE: (tell_who_wrote_the_rule,),
}
