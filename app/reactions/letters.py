"""One mail about a team, a lead, a co-applicant or a card, or a reminder of what waits: its words, and whom it goes to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.history.models import HistoryEvent
from app.history.queries import Happening
from app.organizations.models import Organization, Person
from app.organizations.naming import Name
from app.proposals.models import Proposal
from app.reactions.mail import Recipient, write_mail
from app.reactions.work import Reaction, Work
from app.web.words import day, short_deadline

INVITATION, TO_ACT, TOLD, REMINDER = "team_invitation", "team_to_act", "team_told", "team_reminder"
TRUST, NOTICE = "listing_trust", "agreement_notice"


@dataclass(frozen=True)
class Letter:
    """The words of one mail, not yet in the reader's language."""

    subject: str
    heading: str
    sentences: Sequence[str]
    act: str
    words: str = ""
    who: str = ""
    otherwise: str = ""
    template: str = TOLD
    # A reminder after the day, which nobody can turn off.
    is_over: bool = False
    # Whether its reader is to do what is reminded of; else they see to it that somebody else does.
    acts: bool = True


@dataclass(frozen=True)
class Post:
    """Where mails about one event go from."""

    session: Session
    work: Work
    about: str
    actor: str
    actor_pid: UUID | None = None
    sent: set[str] = field(default_factory=set)

    def send(self, letter: Letter, people: Iterable[Person], link: str) -> None:
        """One mail for each of these people who can sign in, once; the one who acted gets none."""
        for person in people:
            if (
                person.active
                and person.email not in self.sent
                and (person.pid != self.actor_pid or self.actor_pid is None)
            ):
                self.sent.add(person.email)
                self.to(letter, Recipient(person.name, person.email), link)

    def to(self, letter: Letter, recipient: Recipient, link: str) -> None:
        """One mail to an address."""
        context = {
            "subject_words": letter.subject,
            "heading": letter.heading,
            "sentences": letter.sentences,
            "act": letter.act,
            "words": letter.words,
            "who": letter.who,
            "otherwise": letter.otherwise,
            "is_over": letter.is_over,
            "acts": letter.acts,
        }
        write_mail(self.session, self.work, letter.template, recipient, context, self.about, link)


def reminding_subject(due: date | None, what: str, *, is_over: bool, acts: bool = True) -> str:
    """The subject of a reminder: by when, or since when it is overdue, and of what; for who follows it up, that they do."""
    told = {"day": short_deadline(due), "what": what}
    if acts:
        return _l("Overdue since %(day)s: %(what)s", **told) if is_over else _l("Due %(day)s: %(what)s", **told)
    return (
        _l("Follow up, overdue since %(day)s: %(what)s", **told)
        if is_over
        else _l("Follow up, due %(day)s: %(what)s", **told)
    )


def reminder(
    facts: JSONObject, what: str, heading: str, sentence: str, act: str, otherwise: str = "", *, acts: bool = True
) -> Letter:
    """A letter that reminds: of `what`, by the day of the clock, or since then; to who acts, or to who sees that they do."""
    due, is_over = date.fromisoformat(str(facts["due"])), int(str(facts["over"])) > 0
    asked = _l("It was asked for by %(day)s.", day=day(due)) if is_over else _l("Answer by %(day)s.", day=day(due))
    subject = reminding_subject(due, what, is_over=is_over, acts=acts)
    return Letter(
        subject, heading, (sentence, asked), act, otherwise=otherwise, template=REMINDER, is_over=is_over, acts=acts
    )


Tell = Callable[[Post, Happening], None]


def reaction(tell: Tell) -> Reaction:
    """A reaction that tells people; named for what it does, so that a failure in the outbox can be read."""

    def react(session: Session, happening: Happening, work: Work) -> None:
        pid = session.get_one(HistoryEvent, happening.seq).actor_pid
        tell(Post(session, work, happening.ref, happening.actor, pid), happening)

    react.__name__ = tell.__name__
    return react


def organization_of(post: Post, slug: object) -> Organization:
    """The organization by the address that the history kept."""
    return post.session.scalars(select(Organization).where(Organization.slug == str(slug))).one()


def person_of(post: Post, person_id: object) -> list[Person]:
    """The person by the key that the history kept; nobody where there is none."""
    row = post.session.get(Person, int(str(person_id))) if person_id else None
    return [row] if row else []


def people_named(post: Post, names: Sequence[Name]) -> list[Person]:
    """The people behind names."""
    return [post.session.get_one(Person, name.person_id) for name in names]


def names_of(people: Sequence[Person]) -> str:
    """What these people are called, in one line."""
    return ", ".join(person.name for person in people)


def proposal_of(post: Post, happened: Happening) -> Proposal:
    """The proposal that something happened to."""
    return post.session.scalars(select(Proposal).where(Proposal.reference == happened.ref)).one()


def lead_of(post: Post, proposal: Proposal) -> list[Person]:
    """Its lead, as somebody to send to."""
    return [post.session.get_one(Person, proposal.lead_id)]


def title_of(proposal: Proposal) -> str:
    """Its title, or its reference while it has none."""
    return proposal.title or proposal.reference
