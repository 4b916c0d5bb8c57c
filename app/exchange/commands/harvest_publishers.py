"""Saying whose the datasets are that a reading found: the answers are kept for every catalog that comes."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.catalog.standing import partner_standing
from app.exchange.commands.choices import keep
from app.exchange.commands.harvest_runs import state_left
from app.exchange.commands.harvest_sources import locked_source, subject
from app.exchange.models import Finding, HarvestRun
from app.exchange.queries.harvests import NOT_THERE
from app.foundation.errors import NotFound, WrongState
from app.foundation.words import N_
from app.history.commands import record
from app.rules import harvests
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.publishers import Answer
from app.rules.workflow import Machine


def say_whose(
    session: Session, actor: Actor, reference: str, run_id: int, answers: Mapping[str, Answer], now: datetime
) -> HarvestRun:
    """Keep the answers. What waits of publishers that are left out is left as it is; the rest can be taken.

    Raises:
        Invalid: a name is said to be the partner's that another data partner bears.
        WrongState: somebody has dealt with what was found, or a later reading has taken its place.
    """
    source = locked_source(session, reference)
    run = session.get(HarvestRun, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.source_id != source.id:
        raise NotFound(NOT_THERE)
    permit(Action.LEAVE_FOUND, partner_standing(actor, source.organization_id), Machine.HARVEST, source.state)
    if run.state is not harvests.RunState.FOUND:
        raise WrongState(
            N_("Somebody has dealt with this, or a later reading took its place. Look at the source's page.")
        )
    keep(session, actor, source.organization, now, columns={}, publishers=answers)
    left = [name for name, answer in answers.items() if answer is Answer.LEAVE]
    waits = (Finding.run_id == run.id, Finding.answer == harvests.Answer.WAITING, Finding.publisher.in_(left))
    values = {
        "answer": harvests.Answer.LEFT, "answered_by_id": actor.person_id, "answered_at": now,
        "problem": N_("This publisher's datasets were left out."),
    }  # fmt: skip
    number = len(session.scalars(update(Finding).where(*waits).values(values).returning(Finding.id)).all())
    if number:
        facts = {"title": source.name, "run": run.id, "number": number}
        record(session, Event.HARVEST_LEFT, actor, subject(source), now, facts)
    run.state = state_left(session, run)
    return run
