"""Loading what the demo's grants gave and owed: access, reports, outputs, an incident, a certificate of deletion."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.delivery import commands as delivery
from app.delivery.commands import Provided
from app.delivery.queries import delivery_of, team_of
from app.delivery.safe import Safe
from app.demo import world
from app.demo.stage import Stage
from app.duties import commands as duties
from app.duties.commands import Deletion, Given
from app.duties.queries import report_start
from app.foundation.files import FileStore
from app.foundation.stored_files import store_file
from app.grants.models import Duty, Grant
from app.incidents import commands as incidents
from app.incidents.commands import Notice
from app.incidents.models import Incident
from app.organizations.accounts.settings import derived
from app.organizations.models import Person
from app.organizations.queries import stewards_of
from app.outputs import commands as outputs
from app.outputs.commands import Request, Submission
from app.outputs.models import Output
from app.proposals.models import Proposal
from app.rules.actors import Actor
from app.rules.duties import BINDING, ENDED, DeletionMethod
from app.rules.incidents import PersonalData
from app.rules.outputs import Ground, OutputKind
from app.rules.workflow import OWED, READ_NEXT, DeliveryState

# Every so many working days the leads write the reports that fall due, and the data partners read those written before.
EVERY_WORKING_DAYS = 5
FIRST_WORKING_DAY_AGO = 200
WRITTEN_AHEAD = timedelta(days=9)
# What happens to every grant of the proposal, one for each data partner; the rest happens to the first.
OF_EACH_GRANT = frozenset({"provide", "arrived"})
DECISION = "The plan for next year now names the places that the data pointed to."


class Scene:
    """One grant of the demo at one moment, with the people who act on it."""

    def __init__(self, stage: Stage, grant: Grant, now: datetime) -> None:
        self.stage, self.session, self.grant, self.now = stage, stage.session, grant, now

    @property
    def number(self) -> str:
        """The grant's number."""
        return self.grant.number

    @property
    def lead(self) -> Actor:
        """The project lead."""
        lead_id = self.session.scalars(select(Proposal.lead_id).where(Proposal.id == self.grant.proposal_id)).one()
        return self.stage.acting(self.session.get_one(Person, lead_id).name, self.now)

    @property
    def steward(self) -> Actor:
        """The data partner's steward."""
        return self.stage.acting(stewards_of(self.session, self.grant.data_partner_id)[0].name, self.now)

    @property
    def output(self) -> str:
        """The reference of its newest output."""
        found = select(Output.reference).where(Output.grant_id == self.grant.id).order_by(Output.id.desc())
        return self.session.scalars(found.limit(1)).one()

    @property
    def incident(self) -> str:
        """The reference of its newest incident."""
        found = select(Incident.reference).where(Incident.grant_id == self.grant.id).order_by(Incident.id.desc())
        return self.session.scalars(found.limit(1)).one()

    @property
    def safe(self) -> Safe:
        """The safe of this installation."""
        return Safe(bytes.fromhex(derived(self.stage.app.config, "delivery secrets")))

    def duty(self, kind: str) -> int:
        """The key of its duty of a kind."""
        found = select(Duty.id).where(Duty.grant_id == self.grant.id, Duty.kind == kind).order_by(Duty.round)
        return self.session.scalars(found.limit(1)).one()


def plan_promises(stage: Stage) -> None:
    """Plan what became of the grants, so that it runs in order of time with everything else."""
    story = world.promises()
    for text in story["grant"]:
        for act, days_ago, *rest in text["acts"]:
            stage.plan(stage.at(days_ago, 15), _player(stage, text["proposal"], act, rest))
    for days_ago in range(FIRST_WORKING_DAY_AGO, 0, -EVERY_WORKING_DAYS):
        stage.plan(stage.at(days_ago, 16), _sweeper(stage, story["unwritten"]))


def _player(stage: Stage, title: str, act: str, rest: Sequence[str]) -> Callable[[datetime], None]:
    def play(now: datetime) -> None:
        found = select(Grant).join(Proposal, Proposal.id == Grant.proposal_id).where(Proposal.title == title)
        of_each = found.order_by(Grant.id) if act in OF_EACH_GRANT else found.order_by(Grant.id).limit(1)
        for grant in stage.session.scalars(of_each).all():
            ACTS[act](Scene(stage, grant, now), *rest)

    return play


def _sweeper(stage: Stage, unwritten: Sequence[str]) -> Callable[[datetime], None]:
    return lambda now: _sweep(stage, unwritten, now)


def _sweep(stage: Stage, unwritten: Sequence[str], now: datetime) -> None:
    session = stage.session
    rows = select(Duty, Grant).join(Grant, Grant.id == Duty.grant_id).where(Grant.state.in_(BINDING))
    written = rows.where(Duty.state.in_(READ_NEXT), Duty.kind.in_(("report", "statement")))
    for duty, grant in session.execute(written).all():
        duties.accept(session, Scene(stage, grant, now).steward, grant.number, duty.id, "", now)
    near = (now + WRITTEN_AHEAD).astimezone(UTC).date()
    for duty, grant in session.execute(rows.where(Duty.state.in_(OWED), Duty.due_on <= near)).all():
        if grant.title not in unwritten:
            _do(Scene(stage, grant, now), duty)


def _do(scene: Scene, duty: Duty) -> None:
    if duty.kind == "statement":
        given = Given("We kept to the terms. The log of access is with our security officer.")
        duties.do(scene.session, scene.lead, scene.number, duty.id, given, scene.now)
        return
    if duty.kind == "delete":
        _certify(scene)
        return
    start = report_start(scene.session, scene.grant, None)
    rows = start["indicators"]
    values = (
        [{**row, "value": row.get("baseline") or "Not yet known"} for row in rows] if isinstance(rows, list) else []
    )
    content = {"decision": DECISION, "did_not_work": "The first month has gaps.", "indicators": values}
    duties.send_report(scene.session, scene.lead, scene.number, duty.id, content, scene.now)


def _provide(scene: Scene, instructions: str, link: str, secret: str) -> None:
    row = delivery.begin(scene.session, scene.number, scene.now)
    if row is None or row.state is not DeliveryState.PREPARING:
        return
    team = team_of(scene.session, scene.grant)
    named = team[0].id if team and secret else None
    given = Provided(instructions, link, None, secret if named else "", named)
    delivery.provide(scene.session, scene.steward, scene.number, given, scene.safe, scene.now)


def _see(scene: Scene) -> None:
    row = delivery_of(scene.session, scene.grant.id)
    if row is not None and row.secrets:  # nobody gets a secret who has not accepted the terms
        delivery.see_secret(scene.session, scene.lead, scene.number, scene.safe, scene.now)


def _arrived(scene: Scene) -> None:
    row = delivery_of(scene.session, scene.grant.id)
    if row is None or row.state is not DeliveryState.PROVIDED:
        return
    delivery.confirm(scene.session, scene.lead, scene.number, scene.now)


def _switch_off(scene: Scene) -> None:
    delivery.follow_grant(scene.session, scene.number, scene.now)
    row = delivery_of(scene.session, scene.grant.id)
    if row is not None and row.state is DeliveryState.TO_SWITCH_OFF:
        delivery.switch_off(scene.session, scene.steward, scene.number, scene.now)


def _submit(scene: Scene, title: str, kind: str, words: str) -> None:
    files: FileStore = scene.stage.app.extensions["onepact_files"]
    file = store_file(
        scene.session, files, words.encode(), "draft.txt", "text/plain", ("output", scene.number), scene.now
    )
    given = Submission(title, OutputKind(kind), None, file)
    outputs.submit(scene.session, scene.lead, scene.number, given, scene.now)


def _changes(scene: Scene, line: int, ground: str, words: str) -> None:
    asked = [Request("", Ground(ground), words, line)]
    outputs.ask_changes(scene.session, scene.steward, scene.output, asked, 1, scene.now)


def _remark(scene: Scene, line: int, words: str) -> None:
    outputs.comment(scene.session, scene.lead, scene.output, "", words, scene.now, line)


def _clear(scene: Scene) -> None:
    outputs.clear(scene.session, scene.steward, scene.output, 1, scene.now)


def _delay(scene: Scene, days: int, words: str) -> None:
    outputs.delay(scene.session, scene.steward, scene.output, days, words, scene.now)


def _publish(scene: Scene, address: str, doi: str, credit: str) -> None:
    where = (address, doi, credit)
    outputs.publish(scene.session, scene.lead, scene.output, scene.now.date(), where, scene.now)


def _incident(scene: Scene, what: str, personal: str) -> None:
    notice = Notice(what, scene.now - timedelta(hours=4), PersonalData(personal))
    incidents.report(scene.session, scene.lead, scene.number, notice, scene.now)


def _noted(scene: Scene) -> None:
    incidents.acknowledge(scene.session, scene.steward, scene.incident, scene.now)


def _full_report(scene: Scene, words: str) -> None:
    incidents.report_in_full(scene.session, scene.lead, scene.incident, words, scene.now)


def _close_incident(scene: Scene, words: str) -> None:
    incidents.close(scene.session, scene.steward, scene.incident, words, scene.now)


def _certify(scene: Scene) -> None:
    duties.wind_up(scene.session, scene.number, scene.now)
    said = Deletion(
        what="All tables of the grant, and the extracts made from them.",
        where="The research server of the organization; no copy elsewhere.",
        methods=(DeletionMethod.OVERWRITTEN, DeletionMethod.KEYS_ERASED),
        deleted_on=(scene.now - timedelta(days=1)).date(),
        by_whom=scene.lead.name,
        backups_by=None,
        kept="none",
        kept_words="",
        typed_name=scene.lead.name,
    )
    duty = scene.session.get_one(Duty, scene.duty("delete"))
    if scene.grant.state in ENDED and duty.state in OWED:
        duties.certify(scene.session, scene.lead, scene.number, duty.id, said, scene.now)


def _accept_deletion(scene: Scene) -> None:
    duty = scene.session.get_one(Duty, scene.duty("delete"))
    if duty.state in READ_NEXT:
        duties.accept(scene.session, scene.steward, scene.number, duty.id, "Thank you.", scene.now)


ACTS: dict[str, Callable[..., None]] = {
    "provide": _provide,
    "see": _see,
    "arrived": _arrived,
    "switch_off": _switch_off,
    "submit": _submit,
    "changes": _changes,
    "remark": _remark,
    "clear": _clear,
    "delay": _delay,
    "publish": _publish,
    "incident": _incident,
    "noted": _noted,
    "full_report": _full_report,
    "close_incident": _close_incident,
    "certify": _certify,
    "accept_deletion": _accept_deletion,
}
