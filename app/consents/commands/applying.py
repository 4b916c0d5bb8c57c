"""What a data partner's rules decide when a proposal comes to it: at once, by name, and never because time has passed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.consents.models import ConsentUse, StandingConsent
from app.consents.queries.consents import acting_for
from app.consents.queries.facts import facts_of
from app.foundation.errors import Invalid, NotAllowed, WrongState
from app.organizations.models import Person
from app.organizations.queries import held_by
from app.proposals.commands.acting import current_version, items_of, locked
from app.proposals.commands.by_rule import approve_by_rule, is_open_for_rules
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.rules.actors import Actor
from app.rules.consents import ItemFacts, from_json, misfits


def apply_consents(session: Session, reference: str, now: datetime) -> list[Decision]:
    """Approve each pending item that a rule of its data partner covers; the others wait for people. Returns the decisions.

    A rule never acts where whoever answers for it is in conflict, on an item that people have taken back from a rule in
    this version, or on terms that leave nothing to grant.
    """
    proposal = locked(session, reference)
    version = current_version(session, proposal)
    if version is None:
        return []
    made = []
    for item in items_of(session, proposal):
        if is_open_for_rules(session, proposal, item):
            decision = _by_first_rule(session, proposal, version, item, now)
            made += [decision] if decision else []
    return made


def _by_first_rule(
    session: Session, proposal: Proposal, version: ProposalVersion, item: ProposalItem, now: datetime
) -> Decision | None:
    facts = facts_of(version, item.dataset)
    for consent in _covering(acting_for(session, item.dataset.organization_id), facts):
        person = consent.switched_on_by
        if person is None:
            continue
        answering = _answering(session, person, consent)
        try:
            with session.begin_nested():
                decision = approve_by_rule(session, proposal, item, answering, consent.reference, now)
        except (NotAllowed, WrongState, Invalid):
            continue  # in conflict, or nothing left to grant: people decide
        session.add(ConsentUse(consent_id=consent.id, decision_id=decision.id, criteria=consent.criteria, used_at=now))
        session.flush()
        return decision
    return None


def _covering(consents: Sequence[StandingConsent], facts: ItemFacts) -> list[StandingConsent]:
    return [consent for consent in consents if not misfits(from_json(consent.criteria), facts)]


def _answering(session: Session, person: Person, consent: StandingConsent) -> Actor:
    """Who answers for the rule, with what they hold at this moment."""
    held = held_by(session, person.id)
    return Actor(person.id, person.pid, person.name, person.email, held, f"standing consent {consent.reference}")
