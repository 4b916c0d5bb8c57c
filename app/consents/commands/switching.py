"""Trying a rule on the past, and switching it on and off."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.consents.commands.acting import asked, moved
from app.consents.models import StandingConsent
from app.consents.queries.replay import Replay, replay
from app.foundation.errors import Invalid, WrongState
from app.foundation.text import clean
from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.consents import from_json, gaps

LONGEST_REASON = 2000


def simulate(session: Session, actor: Actor, reference: str, now: datetime) -> Replay:
    """Replay the rule over every past proposal and keep the figures, bound to the hash of its criteria.

    Raises:
        Invalid: the rule lacks something that it needs to approve anything; the field is named.
    """
    consent = asked(session, Action.SIMULATE_CONSENT, actor, reference)
    rule = from_json(consent.criteria)
    for field, sentence in gaps(rule):
        raise Invalid(sentence, field=field)
    found = replay(session, consent.organization_id, rule)
    consent.simulated_hash, consent.simulated_at, consent.simulation = consent.criteria_hash, now, found.counts()
    moved(session, Action.SIMULATE_CONSENT, actor, consent, now, found.counts())
    return found


def switch_on(session: Session, actor: Actor, reference: str, shown_hash: str, now: datetime) -> StandingConsent:
    """Let the rule act from now on. The actor answers for each decision that it makes.

    Args:
        shown_hash: the hash of the criteria that the actor read.

    Raises:
        WrongState: the rule was changed after the actor read it, or was not tried on the past as it is now.
    """
    consent = asked(session, Action.SWITCH_ON_CONSENT, actor, reference)
    if consent.criteria_hash != shown_hash:
        raise WrongState(N_("The rule was changed after you opened this page. Read it again, then switch it on."))
    if consent.simulated_hash != consent.criteria_hash:
        raise WrongState(N_("Try the rule on past proposals first: it was changed since, or never tried."))
    consent.switched_on_at, consent.switched_on_by_id = now, actor.person_id
    return moved(session, Action.SWITCH_ON_CONSENT, actor, consent, now, {"criteria": consent.criteria})


def switch_off(session: Session, actor: Actor, reference: str, reason: str, now: datetime) -> StandingConsent:
    """Stop the rule at once. What it has decided stays as it is.

    Raises:
        Invalid: no reason, or a far too long one.
    """
    consent, words = asked(session, Action.SWITCH_OFF_CONSENT, actor, reference), clean(reason)
    if not words:
        raise Invalid(N_("Say why in a sentence: your colleagues read this."), field="reason")
    if len(words) > LONGEST_REASON:
        raise Invalid(N_("Shorten the reason to 2,000 characters."), field="reason")
    consent.switched_off_at, consent.off_reason = now, words
    return moved(session, Action.SWITCH_OFF_CONSENT, actor, consent, now, {"reason": words})


def give_up(session: Session, actor: Actor, reference: str, now: datetime) -> StandingConsent:
    """Put a rule away for good. It stays readable beside what it has decided."""
    consent = asked(session, Action.GIVE_UP_CONSENT, actor, reference)
    return moved(session, Action.GIVE_UP_CONSENT, actor, consent, now, {})
