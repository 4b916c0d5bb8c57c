"""Playing what became of the demo's grants: an amended chain, a renewal in decision, a hand-over, a close-out."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from app.agreements.evidence import Trace
from app.changes import commands
from app.changes.commands import accepting, handing
from app.changes.commands.accepting import Answer, one_time_code
from app.changes.commands.handing import HandOver
from app.changes.models import GrantChange
from app.changes.queries.plan import plan
from app.changes.queries.subgrants import subgrant_by_number
from app.changes.wanted import Wanted, from_json
from app.demo import world
from app.demo.stage import Stage
from app.grants.commands import ask_to_close
from app.grants.models import Grant
from app.grants.record import from_json as record_from
from app.organizations.models import Organization, Person
from app.organizations.queries import stewards_of
from app.outbox.models import OutboxMessage
from app.proposals.models import Proposal

OFFICER, DIRECTOR = "Jonas Oyelaran", "Amara Nwosu"


def plan_changes(stage: Stage) -> None:
    """Plan it all, so that it runs in order of time with everything else."""
    story = world.changes()
    for text in story["amended"]:
        stage.plan(stage.at(text["asked"], 13), _later(stage, _ask_amendment, text))
        stage.plan(stage.at(text["asked"] - 2, 13), _later(stage, _approve, text))
        stage.plan(stage.at(text["issued"], 13), _later(stage, _issue, text))
    for text in story["renewing"]:
        stage.plan(stage.at(text["asked"], 13, 5), _later(stage, _ask_renewal, text))
        stage.plan(stage.at(text["asked"] - 1, 13, 5), _later(stage, _check, text))
    for text in story["handed"]:
        stage.plan(stage.at(text["prepared"], 13, 10), _later(stage, _prepare, text))
        stage.plan(stage.at(text["prepared"] - 1, 13, 10), _later(stage, _sign, text))
        stage.plan(stage.at(text["prepared"] - 2, 13, 10), _later(stage, _accept, text))
    for text in story["closing"]:
        stage.plan(stage.at(text["days_ago"], 13, 15), _later(stage, _end_use, text))
    for text in story["closed"]:
        stage.plan(stage.at(text["days_ago"], 17), _later(stage, _close, text))


Act = Callable[[Stage, world.Text, Grant, datetime], None]


def _later(stage: Stage, act: Act, text: world.Text) -> Callable[[datetime], None]:
    return lambda now: act(stage, text, _grant(stage, text), now)


def _grant(stage: Stage, text: world.Text) -> Grant:
    found = select(Grant).join(Proposal, Proposal.id == Grant.proposal_id).where(Proposal.title == text["proposal"])
    if "partner" in text:
        partner = select(Organization.id).where(Organization.slug == text["partner"])
        found = found.where(Grant.data_partner_id == partner.scalar_subquery())
    return stage.session.scalars(found.order_by(Grant.id)).first() or _missing(text)


def _missing(text: world.Text) -> Grant:
    raise LookupError(f"the demo has no grant on {text['proposal']}")


def _lead(stage: Stage, grant: Grant) -> str:
    lead = select(Person.name).join(Proposal, Proposal.lead_id == Person.id).where(Proposal.id == grant.proposal_id)
    return stage.session.scalars(lead).one()


def _change(stage: Stage, grant: Grant) -> GrantChange:
    newest = select(GrantChange).where(GrantChange.grant_id == grant.id).order_by(GrantChange.id.desc())
    return stage.session.scalars(newest.limit(1)).one()


def _ask_amendment(stage: Stage, text: world.Text, grant: Grant, now: datetime) -> None:
    lead = stage.acting(_lead(stage, grant), now)
    commands.ask(stage.session, lead, grant.number, Wanted(kept_where=text["kept_where"]), text["why"], "", now)


def _ask_renewal(stage: Stage, text: world.Text, grant: Grant, now: datetime) -> None:
    wanted = Wanted(renews=True, ends_on=(stage.now + timedelta(days=text["days"])).date())
    lead = stage.acting(_lead(stage, grant), now)
    commands.ask(stage.session, lead, grant.number, wanted, text["why"], text["report"], now)


def _check(stage: Stage, _text: world.Text, grant: Grant, now: datetime) -> None:
    commands.check(stage.session, stage.acting(OFFICER, now), _change(stage, grant).reference, now)


def _approve(stage: Stage, text: world.Text, grant: Grant, now: datetime) -> None:
    _check(stage, text, grant, now)
    change = _change(stage, grant)
    planned = plan(stage.session, grant, change.reference, from_json(change.wanted), now)
    steward = stage.acting(stewards_of(stage.session, grant.data_partner_id)[0].name, now)
    shown = (change.content_hash, planned.terms_hash)
    commands.approve(stage.session, steward, change.reference, "", shown, now)


def _issue(stage: Stage, _text: world.Text, grant: Grant, now: datetime) -> None:
    commands.issue_successor(stage.session, stage.acting(DIRECTOR, now), _change(stage, grant).reference, now)


def _prepare(stage: Stage, text: world.Text, grant: Grant, now: datetime) -> None:
    first = record_from(grant.record).datasets[0].reference
    wanted = HandOver(
        kind="consultant",
        organization=text["organization"],
        country=text["country"],
        person=text["person"],
        email=text["email"],
        datasets=(first,),
        ends_on=(stage.now + timedelta(days=text["days"])).date(),
        kept_where=text["kept_where"],
        kept_in=text["country"],
        task=text["task"],
    )
    handing.hand_over(stage.session, stage.acting(_lead(stage, grant), now), grant.number, wanted, now)


def _sign(stage: Stage, text: world.Text, grant: Grant, now: datetime) -> None:
    signatory, number = stage.acting(text["signatory"], now), f"{grant.number}-S1"
    shown = subgrant_by_number(stage.session, number).record_hash
    handing.sign(stage.session, signatory, number, text["signatory"], shown, now)


def _accept(stage: Stage, text: world.Text, grant: Grant, now: datetime) -> None:
    number, secret = f"{grant.number}-S1", str(stage.app.config["SECRET_KEY"])
    offers = select(OutboxMessage).where(OutboxMessage.kind == handing.OFFER, OutboxMessage.about == number)
    token = str(stage.session.scalars(offers).one().payload["token"])
    code = accepting.send_code(stage.session, token, secret, now)
    accepting.enter_code(stage.session, token, one_time_code(secret, code), secret, now)
    answer = Answer(text["person"], may_bind=True, keeps_terms=True)
    accepting.accept(stage.session, token, answer, Trace("192.0.2.10", "Browser of the demo"), now)


def _end_use(stage: Stage, text: world.Text, grant: Grant, now: datetime) -> None:
    ask_to_close(stage.session, stage.acting(_lead(stage, grant), now), grant.number, text["words"], now)


def _close(stage: Stage, text: world.Text, grant: Grant, now: datetime) -> None:
    commands.close(stage.session, stage.acting(text["by"], now), grant.number, "", now)
