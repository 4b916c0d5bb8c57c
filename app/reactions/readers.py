"""Whether somebody still may know of what a mail is about, at the moment at which it leaves (safety.md T2, T9)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.standing import admitted_to, known_to
from app.correspondence.queries import preferences
from app.grants.models import Grant
from app.grants.sides import sides
from app.grants.standing import standing as grant_standing
from app.inbox.asked import asked_about
from app.needs.models import DataNeed
from app.needs.standing import standing as need_standing
from app.organizations.models import Person
from app.organizations.queries import held_by
from app.outputs.models import Output
from app.proposals.models import Proposal
from app.proposals.queries.team_waits import asked_around
from app.proposals.queries.undoing import count_no_more
from app.proposals.standing import standing
from app.proposals.workspace_models import Suggestion
from app.reactions.output_readers import still_stands
from app.rules.actors import Actor
from app.rules.listings import OFFERED
from app.rules.mail import MANDATORY, Cadence, Topic
from app.rules.visibility import sees
from app.rules.workflow import Machine, SuggestionState


def reader_of(session: Session, person: Person, authentication: str = "none") -> Actor:
    """A person as the rules see them outside of a session: with what they hold at that moment."""
    return Actor(person.id, person.pid, person.name, person.email, held_by(session, person.id), authentication)


def still_concerns(session: Session, mail: Mapping[str, object], now: datetime) -> bool:
    """Whether an optional mail still is for its recipient: active, not turned off, the thing still theirs to know; of what
    could be taken back, that it was not; of decisions, that all of them count; and that what it asks for was not done meanwhile.
    """
    if not _holds(session, mail):
        return False
    topic = Topic(str(mail.get("topic", Topic.ACCOUNT.value)))
    if topic in MANDATORY or not mail.get("person"):
        return True
    person = session.get(Person, int(str(mail["person"])))
    if person is None or not person.active or preferences(session, person.id).cadence(topic) is Cadence.OFF:
        return False
    thread, reader = str(mail.get("thread", "")), reader_of(session, person)
    if _is_settled(session, reader, mail, now):
        return False
    if mail.get("concerns") and not _is_known(session, reader, str(mail["concerns"])):
        return False
    need = session.scalar(select(DataNeed).where(DataNeed.reference == thread))
    if need is not None:
        return sees(need_standing(reader, need), Machine.NEED, need.state)
    proposal = session.scalar(select(Proposal).where(Proposal.reference == thread))
    if proposal is not None:
        if sees(standing(session, reader, proposal), Machine.PROPOSAL, proposal.state):
            return True
        waits = or_(*(wait.where(Proposal.id == proposal.id).exists() for wait in asked_around(reader)))
        return bool(session.scalar(select(waits)))
    return _sees_grant_or_listing(session, reader, thread)


def _sees_grant_or_listing(session: Session, reader: Actor, thread: str) -> bool:
    """Whether the grant, the output or the dataset of this reference is still theirs to know; anything else is."""
    grant = session.scalar(select(Grant).where(Grant.number == thread))
    if grant is not None:
        return sees(grant_standing(session, reader, grant), Machine.GRANT, grant.state)
    output = session.scalar(select(Output).where(Output.reference == thread))
    if output is not None:
        held = sides(session, reader, session.get_one(Grant, output.grant_id))
        return sees(held, Machine.OUTPUT, output.state)
    return not thread.startswith("DS-") or session.scalar(_known_dataset(reader, thread)) is not None


def _holds(session: Session, mail: Mapping[str, object]) -> bool:
    """Whether the act or the decisions that the mail tells of were not taken back, replaced or voided meanwhile."""
    act, decisions = mail.get("undoable"), mail.get("decisions")
    if act and not still_stands(session, act):
        return False
    return not (isinstance(decisions, list) and count_no_more(session, decisions))


def _is_settled(session: Session, reader: Actor, mail: Mapping[str, object], now: datetime) -> bool:
    """Whether what the mail asks its reader for, or the suggested edit that it tells of, waits no more."""
    asked, suggestion = mail.get("asked"), mail.get("suggestion")
    row = session.get(Suggestion, int(str(suggestion))) if suggestion else None
    if row is not None and row.state is not SuggestionState.OPEN:
        return True
    return isinstance(asked, list) and asked_about(session, reader, str(mail["thread"]), now).isdisjoint(asked)


def _is_known(session: Session, reader: Actor, reference: str) -> bool:
    """Whether the reader finds this dataset at this moment."""
    found = select(Dataset.id).where(Dataset.reference == reference, Dataset.state.in_(OFFERED), admitted_to(reader))
    return session.scalar(found) is not None


def _known_dataset(reader: Actor, reference: str) -> Select[int]:
    return select(Dataset.id).where(Dataset.reference == reference, known_to(reader))
