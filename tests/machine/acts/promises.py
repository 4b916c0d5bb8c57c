"""What follows a grant: duties, delivery, outputs that are read before publication, incidents."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select

from app.delivery import commands as delivering
from app.delivery.models import Delivery
from app.delivery.safe import Safe
from app.duties.commands.answering import accept, return_with_words, waive
from app.duties.commands.certifying import Deletion, certify
from app.duties.commands.doing import Given, add_evidence, do, send_report
from app.foundation.stored_files import StoredFile, store_file
from app.grants.models import Grant
from app.grants.sides import sides
from app.incidents import commands as incidents
from app.outputs.commands import publishing, reading, submitting
from app.rules.actions import Action
from app.rules.duties import DeletionMethod
from app.rules.incidents import PersonalData
from app.rules.outputs import Ground, OutputKind
from app.rules.permissions import permit
from app.rules.roles import Role
from app.rules.workflow import GrantState, Machine
from tests.machine.act import Act, Do, Thing, Who, of, those, words
from tests.machine.acts.grants import leads, stewards
from tests.machine.rows import AnyRow
from tests.machine.view import SYSTEM, View
from tests.machine.world import World

SAFE = Safe(b"k" * 32)
DRAFTS = 12
_DRAFT = "draft"
BINDING = frozenset(GrantState) - {GrantState.AWAITING_SIGNATURE, GrantState.REPLACED}


def _grant(view: View, thing: Thing) -> Thing:
    row = view.rows.one("grant", thing.row.grant_id)
    return Thing(Machine.GRANT, row.number, row.state, row)


def _of_grant(who: Who) -> Who:
    """The same people, towards something that belongs to a grant."""

    def found(view: View, thing: Thing) -> Sequence[str]:
        return who(view, _grant(view, thing))

    return found


def _officers(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.OFFICER)


def _testers(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.OFFICER, Role.DIRECTOR)


def _concerned(view: View, thing: Thing) -> Sequence[str]:
    return [*leads(view, thing), *stewards(view, thing), *view.holding(None, Role.OFFICER)]


LEAD, STEWARDS = _of_grant(leads), _of_grant(stewards)


def _both(*whose: Who) -> Who:
    def found(view: View, thing: Thing) -> Sequence[str]:
        return [name for who in whose for name in who(view, thing)]

    return found


def _duty(world: World, ref: str) -> tuple[str, AnyRow]:
    row = next(row for row in world.rows.all("duty") if row.id == int(ref))
    return str(world.rows.one("grant", row.grant_id).number), row


def _do_duty(world: World, what: Do) -> object:
    """By the form of its own where it has one."""
    number, row = _duty(world, what.ref)
    session, actor, now = world.session, world.actor(what.who), world.now
    if row.kind == "report":
        said = "" if what.more == "nothing said" else "Twelve crossings were chosen by it."
        return send_report(session, actor, number, row.id, {"decision": said, "indicators": []}, now)
    if row.kind == "delete":
        name = "Somebody Else" if what.more == "nothing said" else actor.name
        day = now.date()
        said_of_it = Deletion(
            "All files", "Our server", (DeletionMethod.OVERWRITTEN,), day, actor.name, None, "none", "", name
        )
        return certify(session, actor, number, row.id, said_of_it, now)
    return do(session, actor, number, row.id, Given("" if what.more == "nothing said" else "On page 2."), now)


def _evidence(world: World, what: Do) -> object:
    number, row = _duty(world, what.ref)
    return add_evidence(
        world.session, world.actor(what.who), number, row.id, Given("" if what.more else "See here."), world.now
    )


def _answer(command: Callable[..., object]) -> Callable[[World, Do], object]:
    def run(world: World, what: Do) -> object:
        number, row = _duty(world, what.ref)
        said = "" if what.more == "no words" else "Thank you; more next time."
        return command(world.session, world.actor(what.who), number, row.id, said, world.now)

    return run


def _is_owed_now(view: View, thing: Thing) -> bool:
    """What can be done now: a deletion once the grant has ended, an output on its own page."""
    over = _grant(view, thing).state in {GrantState.EXPIRED, GrantState.REVOKED, GrantState.CLOSING}
    return thing.row.kind != "clear_output" and (over or thing.row.kind != "delete")


def _binds(view: View, thing: Thing) -> bool:
    return _grant(view, thing).state in BINDING


def _begin_delivery(world: World, what: Do) -> object:
    """The worker's part once the grant is in force."""
    return delivering.begin(world.session, what.ref, world.now)


def _is_new(view: View, thing: Thing) -> bool:
    return thing.state is GrantState.ACTIVE and not view.rows.of("delivery", "grant_id", thing.row.id)


def _provide(world: World, what: Do) -> object:
    lead = next(r for r in world.rows.all("grant") if r.number == what.ref).proposal_id
    person = world.rows.one("proposal", lead).lead_id
    given = delivering.Provided("Fetch it there.", "https://data.example.org/a", None, "a key", person)
    empty = delivering.Provided()
    chosen = empty if what.more == "nothing" else given
    return delivering.provide(world.session, world.actor(what.who), what.ref, chosen, SAFE, world.now)


def _read(world: World, what: Do) -> object:
    grant = world.session.scalars(select(Grant).where(Grant.number == what.ref)).one()
    row = world.session.scalars(select(Delivery).where(Delivery.grant_id == grant.id)).one()
    roles = sides(world.session, world.actor(what.who), grant)
    return permit(Action.READ_ACCESS, roles, Machine.DELIVERY, row.state)


def _see(world: World, what: Do) -> object:
    return delivering.see_secret(world.session, world.actor(what.who), what.ref, SAFE, world.now)


def _arrived(world: World, what: Do) -> object:
    return delivering.confirm(world.session, world.actor(what.who), what.ref, world.now)


def _missing(world: World, what: Do) -> object:
    said = "" if what.more == "no words" else "The address answers nothing."
    return delivering.report_missing(world.session, world.actor(what.who), what.ref, said, world.now)


def _follow_access(world: World, what: Do) -> object:
    """The worker's part once the grant stopped or goes on."""
    return delivering.follow_grant(world.session, what.ref, world.now)


def _has_delivery(view: View, thing: Thing) -> bool:
    return bool(view.rows.of("delivery", "grant_id", thing.row.id))


def _switch_off(world: World, what: Do) -> object:
    return delivering.switch_off(world.session, world.actor(what.who), what.ref, world.now)


def _in_force(view: View, thing: Thing) -> bool:
    return _grant(view, thing).state is GrantState.ACTIVE


def _submission(world: World, what: Do) -> submitting.Submission:
    title = "" if what.more == "no title" else "Where children cross"
    if what.more == "nothing to read":
        return submitting.Submission(title, OutputKind.BRIEF, None, None, "https://example.org/brief")
    which = len(world.rows.all("output_version")) % DRAFTS
    file = select(StoredFile).where(StoredFile.thing == _DRAFT, StoredFile.thing_ref == str(which))
    return submitting.Submission(title, OutputKind.BRIEF, None, world.session.scalars(file).one())


def keep_drafts(world: World) -> None:
    """Files to be submitted later: kept from the start, so that an act that is refused has written nothing."""
    for which in range(DRAFTS):
        words, about = f"Draft {which}".encode(), (_DRAFT, str(which))
        store_file(world.session, world.files, words, "brief.txt", "text/plain", about, world.now)


def _submit(world: World, what: Do) -> object:
    return submitting.submit(world.session, world.actor(what.who), what.ref, _submission(world, what), world.now)


def _can_submit(view: View, thing: Thing) -> bool:
    return thing.row.sealed_at is not None and len(view.rows.all("output")) < 4


def _resubmit(world: World, what: Do) -> object:
    return submitting.resubmit(world.session, world.actor(what.who), what.ref, _submission(world, what), world.now)


def _version(world: World, what: Do) -> int:
    row = next(row for row in world.rows.all("output") if row.reference == what.ref)
    return len(world.rows.of("output_version", "output_id", row.id)) - (what.more == "an older version")


def _remark(world: World, what: Do) -> object:
    said = "" if what.more == "no words" else "Is this rounded?"
    return reading.comment(world.session, world.actor(what.who), what.ref, "page 2", said, world.now)


def _ask_output(world: World, what: Do) -> object:
    asked = [] if what.more == "nothing" else [reading.Request("page 2", Ground.IDENTIFIES, "Round to 50.")]
    return reading.ask_changes(world.session, world.actor(what.who), what.ref, asked, _version(world, what), world.now)


def _clear(world: World, what: Do) -> object:
    return reading.clear(world.session, world.actor(what.who), what.ref, _version(world, what), world.now)


def _delay(world: World, what: Do) -> object:
    days = 60 if what.more == "too long" else 2
    return reading.delay(world.session, world.actor(what.who), what.ref, days, "The prices are secret.", world.now)


def _not_delayed(_view: View, thing: Thing) -> bool:
    return thing.row.delayed_until is None


def _publish(world: World, what: Do) -> object:
    day = world.now.date() + timedelta(days=3 if what.more == "a day to come" else 0)
    where = ("https://example.org/report", "", "page 2")
    return publishing.publish(world.session, world.actor(what.who), what.ref, day, where, world.now)


def _withdraw_output(world: World, what: Do) -> object:
    return publishing.withdraw(world.session, world.actor(what.who), what.ref, "", world.now)


def _report(world: World, what: Do) -> object:
    said = "" if what.more == "no words" else "A laptop was stolen."
    notice = incidents.Notice(
        said, world.now - timedelta(hours=2), PersonalData.UNKNOWN, is_near_miss=what.more == "near miss"
    )
    return incidents.report(world.session, world.actor(what.who), what.ref, notice, world.now)


def _few_incidents(view: View, thing: Thing) -> bool:
    return thing.row.sealed_at is not None and len(view.rows.all("incident")) < 3


def _acknowledge(world: World, what: Do) -> object:
    return incidents.acknowledge(world.session, world.actor(what.who), what.ref, world.now)


def _said_on(command: Callable[..., object]) -> Callable[[World, Do], object]:
    def run(world: World, what: Do) -> object:
        said = "" if what.more == "no words" else "It was encrypted, and wiped from afar."
        return command(world.session, world.actor(what.who), what.ref, said, world.now)

    return run


DUTIES, DELIVERIES, OUTPUTS = of(Machine.DUTY), of(Machine.DELIVERY), of(Machine.OUTPUT)
INCIDENTS, GRANTS, NO_WORDS = of(Machine.INCIDENT), of(Machine.GRANT), words("no words")
SILENT, OLD = words("nothing said"), words("an older version")
ACTS = (
    Act("do duty", Action.DO_DUTY, DUTIES, LEAD, _do_duty, _is_owed_now, wrong=SILENT, weight=8),
    Act("add evidence", Action.ADD_EVIDENCE, DUTIES, LEAD, _evidence, _binds, wrong=NO_WORDS, weight=1),
    Act("accept duty", Action.ACCEPT_DUTY, DUTIES, STEWARDS, _answer(accept), _binds, weight=4),
    Act("return duty", Action.RETURN_DUTY, DUTIES, STEWARDS, _answer(return_with_words), _binds, wrong=NO_WORDS, weight=2),
    Act("waive duty", Action.WAIVE_DUTY, DUTIES, STEWARDS, _answer(waive), _binds, wrong=NO_WORDS, weight=1),
    Act("begin delivery", None, GRANTS, those(SYSTEM), _begin_delivery, _is_new, weight=4, is_closed=False),
    Act("provide access", Action.PROVIDE_ACCESS, DELIVERIES, STEWARDS, _provide, _in_force, wrong=words("nothing"), weight=4),
    Act("read access", Action.READ_ACCESS, DELIVERIES, LEAD, _read, _in_force, weight=1),
    Act("see secret", Action.SEE_SECRET, DELIVERIES, LEAD, _see, _in_force, weight=3),
    Act("data arrived", Action.CONFIRM_ARRIVAL, DELIVERIES, LEAD, _arrived, _in_force, weight=3),
    Act("data missing", Action.REPORT_MISSING, DELIVERIES, LEAD, _missing, _in_force, wrong=NO_WORDS, weight=2),
    Act("follow access", None, GRANTS, those(SYSTEM), _follow_access, _has_delivery, weight=3, is_closed=False),
    Act("switch access off", Action.SWITCH_ACCESS_OFF, DELIVERIES, _both(STEWARDS, _officers), _switch_off, weight=10),
    Act(
        "submit output",
        Action.SUBMIT_OUTPUT,
        GRANTS,
        leads,
        _submit,
        _can_submit,
        wrong=words("no title", "nothing to read"),
        weight=5,
    ),
    Act("submit again", Action.RESUBMIT_OUTPUT, OUTPUTS, LEAD, _resubmit, wrong=words("nothing to read"), weight=5),
    Act("remark on output", Action.COMMENT_ON_OUTPUT, OUTPUTS, STEWARDS, _remark, wrong=NO_WORDS, weight=1),
    Act("ask output changes", Action.ASK_OUTPUT_CHANGES, OUTPUTS, STEWARDS, _ask_output, wrong=words("nothing"), weight=3),
    Act("clear output", Action.CLEAR_OUTPUT, OUTPUTS, STEWARDS, _clear, wrong=OLD, weight=4),
    Act("clear after test", Action.CLEAR_AFTER_TEST, OUTPUTS, _testers, _clear, wrong=OLD, weight=4),
    Act("return after test", Action.RETURN_AFTER_TEST, OUTPUTS, _testers, _ask_output, wrong=words("nothing"), weight=4),
    Act("delay output", Action.DELAY_OUTPUT, OUTPUTS, STEWARDS, _delay, _not_delayed, wrong=words("too long"), weight=4),
    Act("publish output", Action.PUBLISH_OUTPUT, OUTPUTS, LEAD, _publish, wrong=words("a day to come"), weight=4),
    Act("withdraw output", Action.WITHDRAW_OUTPUT, OUTPUTS, LEAD, _withdraw_output, weight=1),
    Act("report incident", Action.REPORT_INCIDENT, GRANTS, _concerned, _report, _few_incidents, wrong=NO_WORDS, weight=3),
    Act("acknowledge incident", Action.ACKNOWLEDGE_INCIDENT, INCIDENTS, _both(STEWARDS, _officers), _acknowledge, weight=2),
    Act("add to incident", Action.ADD_TO_INCIDENT, INCIDENTS, LEAD, _said_on(incidents.add), wrong=NO_WORDS, weight=1),
    Act("report in full", Action.REPORT_IN_FULL, INCIDENTS, LEAD, _said_on(incidents.report_in_full), wrong=NO_WORDS, weight=3),
    Act("close incident", Action.CLOSE_INCIDENT, INCIDENTS, _officers, _said_on(incidents.close), wrong=NO_WORDS, weight=2),
)  # fmt: skip
