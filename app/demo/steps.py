"""Playing the steps of pipelines: votes, ethics and law, looking again, a conflict of interest, and a declared crisis."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from app.demo.stage import Stage
from app.proposals.commands.acting import current_version
from app.proposals.commands.crises import declare_crisis
from app.proposals.commands.recusing import declare_conflict
from app.proposals.commands.stepping import look_again, pass_step
from app.proposals.commands.voting import cast_vote, close_vote
from app.proposals.models import Proposal
from app.rules.checklists import OF_STEP, Mark
from app.rules.pipelines import Step
from app.rules.turns import current_step
from app.rules.verdicts import VoteChoice

DIRECTOR = "Amara Nwosu"
CRISIS, CRISIS_DAYS_AGO, CRISIS_DAYS = "Floods in the Sandbar districts", 30, 120
CRISIS_COUNTRIES = ("BD",)


def plan_crisis(stage: Stage) -> None:
    """A crisis that runs on the day on which the demo is loaded."""
    stage.plan(stage.at(CRISIS_DAYS_AGO, 8), _declaring(stage))


def passed(stage: Stage, reference: str, now: datetime, who: str, words: str) -> None:
    """A reviewer passes the step that the proposal is in, every question answered with yes."""
    proposal = _proposal(stage, reference)
    step = current_step(proposal.state, proposal.step) or Step.INTAKE
    pass_step(stage.session, stage.acting(who, now), reference, _shown(stage, reference), _yes(step), words, now)


def voted(stage: Stage, reference: str, now: datetime, who: str, choice: str, words: str) -> None:
    """A member of the committee votes."""
    actor, shown = stage.acting(who, now), _shown(stage, reference)
    cast_vote(stage.session, actor, reference, shown, VoteChoice(choice), words, now)


def closed(stage: Stage, reference: str, now: datetime, who: str, words: str) -> None:
    """The chair closes the vote."""
    close_vote(stage.session, stage.acting(who, now), reference, _shown(stage, reference), words, now)


def looked_again(stage: Stage, reference: str, now: datetime, who: str, words: str) -> None:
    """The chair writes down what came of a quick decision."""
    marks = _yes(Step.AFTERWARDS)
    look_again(stage.session, stage.acting(who, now), reference, _shown(stage, reference), marks, words, now)


def recused(stage: Stage, reference: str, now: datetime, who: str, words: str) -> None:
    """Somebody declares a conflict of interest."""
    declare_conflict(stage.session, stage.acting(who, now), reference, words, now)


def _declaring(stage: Stage) -> Callable[[datetime], None]:
    def declare(now: datetime) -> None:
        starts = now.date()
        ends = starts + timedelta(days=CRISIS_DAYS)
        declare_crisis(stage.session, stage.acting(DIRECTOR, now), CRISIS, CRISIS_COUNTRIES, starts, ends, now)

    return declare


def _proposal(stage: Stage, reference: str) -> Proposal:
    return stage.session.scalars(select(Proposal).where(Proposal.reference == reference)).one()


def _shown(stage: Stage, reference: str) -> str:
    version = current_version(stage.session, _proposal(stage, reference))
    return version.content_hash if version else ""


def _yes(step: Step) -> dict[str, str]:
    return {check.key: Mark.YES.value for check in OF_STEP[step]}
