"""Loading the demo's proposals: each is written, sent and decided by the real commands, at the moments of its story."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.catalog.models import Dataset
from app.demo import world
from app.demo.grants import close, issue, revoke, suspend
from app.demo.stage import Stage, address
from app.demo.steps import closed, looked_again, passed, recused, voted
from app.organizations.models import Organization
from app.organizations.queries import stewards_of
from app.proposals.commands import conversation, deciding, drafting, gathering, intake, sending
from app.proposals.commands.acting import current_version
from app.proposals.commands.ruling import Ruling
from app.proposals.models import Proposal
from app.proposals.queries.versions import content_of, hash_of
from app.rules.checklists import INTAKE, REVIEW, Mark
from app.rules.vocabulary import Reason
from app.rules.workflow import ItemState

OFFICER = "Jonas Oyelaran"
LATEST_DRAFT_DAYS_AGO = 2
BENEFITS = {
    "service_design": "service",
    "situational_awareness": "awareness",
    "knowledge": "knowledge",
    "evaluation": "evaluation",
    "forecasting": "forecast",
}
OUTPUTS = {"maps": "map", "code": "method", "brief": "brief", "indicators": "indicator"}


@dataclass
class Case:
    """One proposal of the demo while its story is played."""

    stage: Stage
    text: world.Text
    reference: str = ""
    datasets: dict[str, str] = field(default_factory=dict)

    @property
    def proposal(self) -> Proposal:
        """Its row as it is now."""
        return self.stage.session.scalars(select(Proposal).where(Proposal.reference == self.reference)).one()

    @property
    def lead(self) -> str:
        """Who leads it."""
        return str(self.text["lead"])

    def steward(self, identifier: str) -> str:
        """The steward of one of its datasets."""
        owner = select(Dataset.organization_id).where(Dataset.identifier == identifier)
        return stewards_of(self.stage.session, self.stage.session.scalars(owner).one())[0].name


def plan_proposals(stage: Stage) -> None:
    """Plan every proposal's story, so that all of them run in order of time."""
    for number, text in enumerate(world.proposals()):
        case = Case(stage, text)
        first = text["story"][0][1] + 3 if text["story"] else LATEST_DRAFT_DAYS_AGO
        stage.plan(stage.at(first, 9, number), _writer(case))
        for act, days_ago, *rest in text["story"]:
            stage.plan(stage.at(days_ago, 11, 2 * number % 60), _player(case, act, rest))


def _writer(case: Case) -> Callable[[datetime], None]:
    return lambda now: _write(case, now)


def _player(case: Case, act: str, rest: list[object]) -> Callable[[datetime], None]:
    return lambda now: ACTS[act](case, now, *rest)


def _write(case: Case, now: datetime) -> None:
    stage, text = case.stage, case.text
    session, lead = stage.session, stage.acting(case.lead, now)
    rows = session.execute(
        select(Dataset.identifier, Dataset.reference).where(Dataset.identifier.in_(text["datasets"]))
    )
    case.datasets = {str(identifier): reference for identifier, reference in rows}
    member = session.scalars(select(Organization).where(Organization.slug == text["member"])).one()
    wanted = [case.datasets[identifier] for identifier in text["datasets"]]
    case.reference = drafting.start(session, lead, member.id, wanted, now).reference
    drafting.save_answers(session, lead, case.reference, _answers(case, now), now)
    for name in text["team"]:
        gathering.add_team_member(session, lead, case.reference, name, address(name, member.slug), member.name, now)


def _answers(case: Case, now: datetime) -> dict[str, object]:
    """As many of the 23 answers as the story gives; a draft may lack some."""
    text = case.text
    starts = (now + timedelta(days=30)).date()
    if "starts_ago" in text:
        starts = (case.stage.now - timedelta(days=text["starts_ago"])).date()
    ends = starts + timedelta(days=text.get("term_days", 365))
    answers: dict[str, object] = {
        key: text[key] for key in ("title", "problem", "question", "countries", "theme", "purposes") if key in text
    }
    if "indicator" not in text:
        return answers  # still being written
    return answers | _about_the_work(case, now, ends) | _about_the_data(case, now, starts, ends)


def _about_the_work(case: Case, now: datetime, ends: date) -> dict[str, object]:
    text = case.text
    name, baseline, target = text["indicator"]
    return {
        "decision": text["decision"],
        "decision_owner": text["owner"],
        "decision_by": (now + timedelta(days=180)).date().isoformat(),
        "benefit": text["benefit"],
        "benefit_kinds": [BENEFITS[text["benefit_kind"]]],
        "beneficiaries": text["who_benefits"],
        "beneficiary_types": ["public_body", "community"],
        "outputs": [OUTPUTS[output] for output in text["outputs"]],
        "value_back": text["value_back"],
        "indicators": [{"name": name, "baseline": baseline, "target": target, "by": ends.isoformat()}],
        "how_measured": text["how_measured"],
        "publication": "public",
        "publication_words": text["publication"],
    }


def _about_the_data(case: Case, now: datetime, starts: date, ends: date) -> dict[str, object]:
    text = case.text
    return {
        "variables": text["variables"],
        "granularity": text.get("granularity", "As fine as the listing offers, no finer"),
        "period_from": str(now.year - 2),
        "period_to": str(now.year),
        "why_not_open": text["open_data"],
        "access_mode": _mode(case),
        "ai_use": "none",
        "storage_place": text["storage"],
        "storage_country": "NL",
        "starts_on": starts.isoformat(),
        "ends_on": ends.isoformat(),
        "personal_data": text.get("personal_data", "deidentified"),
        "personal_data_words": text.get("personal_data_words", ""),
        "risks": ["group", "bias"],
        "risks_words": text["risks"],
        "first_report_on": (starts + timedelta(days=90)).isoformat(),
    }


def _mode(case: Case) -> str:
    first = select(Dataset.access_mode).where(Dataset.identifier == case.text["datasets"][0])
    return str(case.stage.session.scalars(first).one())


def _send(case: Case, now: datetime) -> None:
    lead = case.stage.acting(case.lead, now)
    shown = hash_of(content_of(case.stage.session, case.proposal))
    sending.send(case.stage.session, lead, case.reference, shown, now, declares=True)


def _pass(case: Case, now: datetime) -> None:
    marks = {check.key: Mark.YES.value for check in INTAKE}
    intake.pass_intake(case.stage.session, case.stage.acting(OFFICER, now), case.reference, marks, now)


def _return(case: Case, now: datetime, words: str) -> None:
    asked = [intake.Request(words)]
    intake.request_changes(case.stage.session, case.stage.acting(OFFICER, now), case.reference, asked, now)


def _not_taken_up(case: Case, now: datetime, words: str) -> None:
    intake.close_at_intake(case.stage.session, case.stage.acting(OFFICER, now), case.reference, words, now)


def _park(case: Case, now: datetime) -> None:
    intake.park_overdue(case.stage.session, now)


def _ask(case: Case, now: datetime, identifier: str, words: str) -> None:
    steward = case.stage.acting(case.steward(identifier), now)
    conversation.comment(case.stage.session, steward, case.reference, words, now)


def _comment(case: Case, now: datetime, _who: str, words: str) -> None:
    conversation.comment(case.stage.session, case.stage.acting(case.lead, now), case.reference, words, now)


def _withdraw(case: Case, now: datetime, words: str) -> None:
    sending.withdraw(case.stage.session, case.stage.acting(case.lead, now), case.reference, words, now)


def _approve(case: Case, now: datetime, identifier: str) -> None:
    _decide(case, now, identifier, Ruling(_shown(case), ItemState.APPROVED, checklist=_checked()))


def _approve_with(case: Case, now: datetime, identifier: str, words: str, conditions: dict[str, object]) -> None:
    outcome = ItemState.APPROVED_WITH_CONDITIONS
    ruling = Ruling(_shown(case), outcome, words=words, conditions=conditions, checklist=_checked())
    _decide(case, now, identifier, ruling)


def _not_approve(case: Case, now: datetime, identifier: str, reason: str, words: str) -> None:
    _decide(case, now, identifier, Ruling(_shown(case), ItemState.NOT_APPROVED, Reason(reason), words))


def _decide(case: Case, now: datetime, identifier: str, ruling: Ruling) -> None:
    steward = case.stage.acting(case.steward(identifier), now)
    deciding.decide(case.stage.session, steward, case.reference, [case.datasets[identifier]], ruling, now)


def _shown(case: Case) -> str:
    version = current_version(case.stage.session, case.proposal)
    return version.content_hash if version else ""


def _checked() -> dict[str, str]:
    return {check.key: Mark.YES.value for check in REVIEW}


def _issue(case: Case, now: datetime, held: str = "") -> None:
    issue(case.stage, case.reference, now, is_held=bool(held))


def _pass_step(case: Case, now: datetime, who: str, words: str = "") -> None:
    passed(case.stage, case.reference, now, who, words)


def _vote(case: Case, now: datetime, who: str, choice: str, words: str = "") -> None:
    voted(case.stage, case.reference, now, who, choice, words)


def _close_vote(case: Case, now: datetime, who: str, words: str = "") -> None:
    closed(case.stage, case.reference, now, who, words)


def _look_again(case: Case, now: datetime, who: str, words: str) -> None:
    looked_again(case.stage, case.reference, now, who, words)


def _recuse(case: Case, now: datetime, who: str, words: str) -> None:
    recused(case.stage, case.reference, now, who, words)


def _close(case: Case, now: datetime, words: str) -> None:
    close(case.stage, case.reference, case.lead, words, now)


def _suspend(case: Case, now: datetime, words: str) -> None:
    suspend(case.stage, case.reference, case.steward(case.text["datasets"][0]), words, now)


def _revoke(case: Case, now: datetime, words: str) -> None:
    revoke(case.stage, case.reference, case.steward(case.text["datasets"][0]), words, now)


ACTS: dict[str, Callable[..., None]] = {
    "send": _send,
    "pass": _pass,
    "return": _return,
    "not_taken_up": _not_taken_up,
    "park": _park,
    "ask": _ask,
    "comment": _comment,
    "withdraw": _withdraw,
    "approve": _approve,
    "approve_with_conditions": _approve_with,
    "not_approve": _not_approve,
    "pass_step": _pass_step,
    "vote": _vote,
    "close_vote": _close_vote,
    "look_again": _look_again,
    "recuse": _recuse,
    "issue": _issue,
    "close": _close,
    "suspend": _suspend,
    "revoke": _revoke,
}
