"""Who hears of what is said about an output, in which words, and of whom it is taken back again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.delivery.queries import team_of
from app.grants.queries.answering import of_member, of_partner, of_secretariat
from app.history.queries import Happening
from app.organizations.models import Person
from app.outputs.models import Output, OutputComment, OutputVersion
from app.outputs.queries.undoing import act_taken_back_at
from app.outputs.queries.undoing import still_stands as act_stands
from app.proposals.queries.undoing import still_stands as review_stands
from app.reactions.hearing import who_heard
from app.rules.events import Event
from app.rules.workflow import OutputState

_OUTPUT = "output "


@dataclass(frozen=True)
class Quote:
    """Words of somebody, and where they stand: a line, or a place in words."""

    words: str
    line: int | None = None
    place: str = ""


def output_key(act_id: int) -> str:
    """By what a mail names the answer to an output that can be taken back."""
    return f"{_OUTPUT}{act_id}"


def still_stands(session: Session, key: object) -> bool:
    """Whether what a mail tells of was not taken back, and nobody has dealt with it meanwhile."""
    named = str(key)
    if named.startswith(_OUTPUT):
        return act_stands(session, int(named.removeprefix(_OUTPUT)))
    return review_stands(session, int(named))


def who_else_reads(session: Session, row: Output, happening: Happening) -> tuple[Person, ...]:
    """Those who hear of a remark or a withdrawal: all who work on or read the output, but for the side of who said it.
    Of an answer hears whoever made the remark.

    Of an answer that was taken back: whoever had heard of it.
    """
    if happening.type == Event.OUTPUT_ANSWER_UNDONE:
        act = act_taken_back_at(session, row, happening.at)
        return () if act is None else tuple(who_heard(session, row.reference, output_key(act.id), happening.at))
    said, grant = _said(session, happening), row.grant
    side = said.organization_id if said else grant.member_id
    people: list[Person] = []
    if side != grant.member_id:
        people += [*of_member(session, grant), *team_of(session, grant)]
    if side != grant.data_partner_id:
        people += of_partner(session, grant)
    if str(happening.facts.get("was") or row.state.value) == OutputState.WITH_SECRETARIAT:
        people += of_secretariat(session)
    return tuple(dict.fromkeys([*people, *_answered(session, said)]))


def _answered(session: Session, said: OutputComment | None) -> tuple[Person, ...]:
    """Whoever made the remark that is answered, on another side than the one that answers: an officer reads along unasked."""
    first = session.get_one(OutputComment, said.answers_id) if said and said.answers_id else None
    if said is None or first is None or first.organization_id == said.organization_id:
        return ()
    return (session.get_one(Person, first.author_id),)


def quotes_of(session: Session, row: Output, happening: Happening) -> tuple[Quote, ...]:
    """The words that belong to an event: a remark, what is asked for, or what was changed."""
    said = _said(session, happening)
    if said is not None:
        return (Quote(said.body, said.line, said.place),)
    of_it = select(OutputVersion).where(OutputVersion.output_id == row.id)
    if happening.type == Event.OUTPUT_RESUBMITTED:
        number = int(str(happening.facts["version"]))
        version = session.scalars(of_it.where(OutputVersion.number == number)).one()
        return (Quote(version.note),) if version.note else ()
    if happening.type == Event.OUTPUT_RETURNED:
        return tuple(Quote(each.body, each.line, each.place) for each in _asked(session, row, happening))
    return ()


def _asked(session: Session, row: Output, happening: Happening) -> Sequence[OutputComment]:
    asked = (OutputVersion.output_id == row.id, OutputComment.posted_at == happening.at, OutputComment.ground != "")
    return session.scalars(select(OutputComment).join(OutputVersion).where(*asked).order_by(OutputComment.id)).all()


def _said(session: Session, happening: Happening) -> OutputComment | None:
    key = happening.facts.get("comment")
    return session.get(OutputComment, int(str(key))) if key is not None else None
