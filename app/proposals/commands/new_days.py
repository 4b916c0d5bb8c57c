"""A proposal that was decided and whose last day comes before its grants are issued goes back to its team for new days."""

from datetime import UTC, date, datetime

from sqlalchemy import and_
from sqlalchemy.orm import Session

from app.proposals.commands.acting import by_system, locked, record_act
from app.proposals.commands.deciding import void_approvals
from app.proposals.models import Proposal
from app.proposals.queries.last_days import last_days
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.pipelines import Step
from app.rules.workflow import transition

_TO_ISSUE = and_(Proposal.state.in_(transition(Action.ASK_FOR_NEW_DAYS).sources), Proposal.ended_at.is_(None))


def ask_for_new_days(session: Session, now: datetime) -> int:
    """Give back to its team every proposal that can be issued no more, because the use would have to begin on its last day or
    later. Returns how many.

    The approvals were given for these days and are void. Its next version goes to the data partners, whose time begins anew.
    """
    today = now.astimezone(UTC).date()
    passed = {key: day for key, day in last_days(session, _TO_ISSUE).items() if day <= today}
    return sum(_ask(session, key, today, now) for key in sorted(passed))


def _ask(session: Session, reference: str, today: date, now: datetime) -> bool:
    proposal = locked(session, reference)
    last_day = last_days(session, and_(_TO_ISSUE, Proposal.id == proposal.id)).get(reference)
    if last_day is None or last_day > today:
        return False
    after = by_system(Action.ASK_FOR_NEW_DAYS, proposal)
    approved = void_approvals(session, proposal, now)
    proposal.state, proposal.step, proposal.returns_to = after, Step.DATA_PARTNERS, Step.DATA_PARTNERS
    proposal.decided_at, proposal.waiting_since, proposal.used_days, proposal.review_runs = None, now, 0, []
    session.flush()
    partners = sorted({item.dataset.organization_id for item in approved})
    facts = {"last_day": last_day.isoformat(), "partners": [*partners]}
    record_act(session, Action.ASK_FOR_NEW_DAYS, SYSTEM, proposal, now, {**facts})
    return True
