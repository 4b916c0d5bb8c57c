"""Loading what became of the demo's grants."""

from datetime import datetime

from sqlalchemy import select

from app import worker
from app.demo.stage import Stage
from app.grants.commands import issuing, lifecycle
from app.grants.models import Grant
from app.outbox import commands as outbox
from app.outbox.models import MessageState, OutboxMessage
from app.proposals.models import Proposal

DIRECTOR = "Amara Nwosu"


def issue(stage: Stage, proposal: str, now: datetime, *, is_held: bool) -> None:
    """Issue the grants, and let the worker seal them; a held one shows what waiting for the seal looks like."""
    consortium = str(stage.app.config["CONSORTIUM_NAME"])
    issuing.issue(stage.session, stage.acting(DIRECTOR, now), proposal, consortium, now)
    stage.session.commit()
    if is_held:
        _hold(stage, proposal)


def close(stage: Stage, proposal: str, lead: str, words: str, now: datetime) -> None:
    """The lead ends the use of a proposal's grants in good order."""
    worker.run_schedule(stage.app, now)
    for number in _numbers(stage, proposal):
        lifecycle.ask_to_close(stage.session, stage.acting(lead, now), number, words, now)


def suspend(stage: Stage, proposal: str, steward: str, reason: str, now: datetime) -> None:
    """The data partner stops the use for a while."""
    for number in _numbers(stage, proposal):
        lifecycle.suspend(stage.session, stage.acting(steward, now), number, reason, now)


def revoke(stage: Stage, proposal: str, steward: str, reason: str, now: datetime) -> None:
    """The data partner ends the use for good."""
    for number in _numbers(stage, proposal):
        lifecycle.revoke(stage.session, stage.acting(steward, now), number, reason, now)


def _numbers(stage: Stage, proposal: str) -> list[str]:
    found = select(Grant.number).join(Proposal, Proposal.id == Grant.proposal_id).where(Proposal.reference == proposal)
    return list(stage.session.scalars(found.order_by(Grant.id)))


def _hold(stage: Stage, proposal: str) -> None:
    numbers = _numbers(stage, proposal)
    seals = select(OutboxMessage.id).where(
        OutboxMessage.kind == "letter.seal",
        OutboxMessage.about.in_(numbers),
        OutboxMessage.state == MessageState.WAITING,
    )
    for message_id in stage.session.scalars(seals).all():
        outbox.hold(stage.session, message_id)
    stage.session.commit()
