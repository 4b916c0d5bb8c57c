"""Who is told of what happens to a proposal, and the facts that every mail about it carries."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.standing import known_to
from app.history.models import HistoryEvent
from app.history.queries import Happening
from app.organizations.models import Organization, Person
from app.organizations.queries import deputies_of, directors, officers, stewards_of
from app.proposals.models import Proposal, ProposalItem, ProposalVersion, TeamMember
from app.proposals.queries.cases import READS_EVERYTHING
from app.proposals.queries.undoing import act_at
from app.proposals.queries.versions import answers_of, datasets_in
from app.proposals.queries.whose_turn import Holder, WhoseTurn, whose_turn
from app.proposals.standing import data_partner_ids, is_conflicted, standing
from app.proposals.step_models import VersionDataset
from app.reactions.mail import Recipient, write_mail
from app.reactions.readers import reader_of
from app.reactions.work import Work
from app.rules.actors import Actor
from app.rules.calendar import Progress
from app.rules.questions import brief
from app.rules.roles import Role
from app.rules.terms.values import Unit
from app.rules.undoing import UNDO_TIME
from app.rules.visibility import sees
from app.rules.workflow import ItemState, Machine
from app.web.clocks import standing_words

MOST_NAMED = 2
# Who reads a draft.
_TEAM = frozenset({Role.PROJECT_LEAD, Role.TEAM_MEMBER})


class Telling:
    """One event on one proposal, on its way to the people it concerns."""

    def __init__(self, session: Session, happening: Happening, work: Work) -> None:
        self.session, self.happening, self.work = session, happening, work
        self.proposal = session.scalars(select(Proposal).where(Proposal.reference == happening.ref)).one()
        self._actor_pid = session.get_one(HistoryEvent, happening.seq).actor_pid
        self.turn: WhoseTurn = whose_turn(session, self.proposal, work.now)
        self._act = act_at(session, self.proposal, happening.at)

    def mail(self, template: str, people: Iterable[Person], page: str = "", **context: object) -> None:
        """One mail for each of these people, once, however often they are named; the one who acted gets none.

        Whoever may not open the proposal any more, because they left, is told nothing of it either (safety.md T2, T9).
        """
        self._write(template, [each for each in people if each.pid != self._actor_pid], page, context)

    def mail_all(self, template: str, people: Iterable[Person], **context: object) -> None:
        """The same, the one who acted included: a receipt."""
        self._write(template, people, "", context)

    def _write(self, template: str, people: Iterable[Person], page: str, context: Mapping[str, object]) -> None:
        if self._act is not None and self._act.undone_at is not None:
            return
        common = self._common() | self._while_it_can_be_taken_back()
        link = f"/proposals/{self.proposal.reference}{page}"
        for person in {each.id: each for each in people if each.active}.values():
            reader = reader_of(self.session, person)
            roles = standing(self.session, reader, self.proposal)
            if sees(roles, Machine.PROPOSAL, self.proposal.state):
                turn = self.turn.as_told_to(person.id)
                values = {**common, **by_when(turn.progress), "datasets": self._datasets_for(reader, roles), **context}
                to = Recipient(person.name, person.email)
                write_mail(self.session, self.work, template, to, values, self.proposal.reference, link)

    @property
    def facts(self) -> Mapping[str, object]:
        """What the history keeps of the event."""
        return self.happening.facts

    def lead(self) -> list[Person]:
        """The project lead."""
        return [self.session.get_one(Person, self.proposal.lead_id)]

    def team(self) -> list[Person]:
        """The lead and everyone on the team who has an account."""
        found = select(Person).join(TeamMember, TeamMember.person_id == Person.id)
        members = self.session.scalars(found.where(TeamMember.proposal_id == self.proposal.id).order_by(TeamMember.id))
        return [*self.lead(), *members]

    def officers(self) -> list[Person]:
        """The secretariat's officers."""
        return officers(self.session)

    def directors(self) -> list[Person]:
        """The secretariat's directors."""
        return directors(self.session)

    def stewards(self, partner_ids: Iterable[int] | None = None) -> list[Person]:
        """The data partners' stewards; of one that has none, the deputies. Deputies else join on the due day."""
        found: list[Person] = []
        for partner_id in partner_ids if partner_ids is not None else sorted(self._partners()):
            everyone, deputies = stewards_of(self.session, partner_id), deputies_of(self.session, partner_id)
            found += [person for person in everyone if person not in deputies] or everyone
        return found

    def people_of(self, holder: Holder) -> list[Person]:
        """Those of one that is waited for who may act now: nobody with a conflict of interest."""
        return [self.session.get_one(Person, name.person_id) for name in holder.people]

    def deputy_of(self, organization_id: int) -> str:
        """Who stands in at one of those who are waited for; empty where nobody does."""
        named = [h.deputies[0].name for h in self.turn.holders if h.organization_id == organization_id and h.deputies]
        return next(iter(named), "")

    def waits_for(self) -> str:
        """The organizations that are waited for, in words."""
        return _listed([holder.organization for holder in self.turn.holders])

    def organization(self, key: object) -> Organization:
        """An organization by the key that the history kept."""
        return self.session.get_one(Organization, int(str(key)))

    def version(self) -> ProposalVersion | None:
        """What was sent last."""
        current = self.proposal.current_version_id
        return self.session.get(ProposalVersion, current) if current else None

    def decided_items(self) -> Sequence[ProposalItem]:
        """The items as they stand now."""
        found = select(ProposalItem).where(ProposalItem.proposal_id == self.proposal.id).order_by(ProposalItem.id)
        return self.session.scalars(found).all()

    def is_complete(self) -> bool:
        """Whether no item waits any more, so that one mail tells of them all."""
        return all(item.state is not ItemState.PENDING for item in self.decided_items())

    def without_conflict(self, people: Iterable[Person]) -> list[Person]:
        """Those of these people who are not tied to the proposing side."""
        return [p for p in people if not is_conflicted(self.session, reader_of(self.session, p), self.proposal)]

    def _while_it_can_be_taken_back(self) -> dict[str, object]:
        """What makes a mail wait for as long as its sender may think better of it."""
        return {} if self._act is None else {"undoable": self._act.id, "not_before": self._act.at + UNDO_TIME}

    def _datasets_for(self, reader: Actor, roles: frozenset[Role]) -> str:
        """The datasets asked for, in words: to the team those of its draft, to everybody else those of what was sent; to a data
        partner without another's listing that it may not know of.
        """
        rows = datasets_in(self.session, self.proposal.id) if roles & _TEAM else self._datasets_sent()
        if not roles & READS_EVERYTHING:
            ids = [row.id for row in rows]
            known = set(self.session.scalars(select(Dataset.id).where(Dataset.id.in_(ids), known_to(reader))))
            rows = [row for row in rows if row.id in known]
        return _listed([row.title for row in rows])

    def _datasets_sent(self) -> list[Dataset]:
        sent = select(Dataset).join(VersionDataset, VersionDataset.dataset_id == Dataset.id)
        of_version = sent.where(VersionDataset.proposal_version_id == self.proposal.current_version_id)
        return list(self.session.scalars(of_version.order_by(Dataset.id)))

    def _partners(self) -> frozenset[int]:
        return data_partner_ids(self.session, self.proposal)

    def _common(self) -> dict[str, object]:
        version = self.version()
        known = brief(answers_of(version.content) if version else self.proposal.answers)
        organization = self.session.get_one(Organization, self.proposal.organization_id)
        return {
            "title": self.proposal.title or self.proposal.reference,
            "reference": self.proposal.reference,
            "organization": organization.name,
            "question": known.question,
            "months": str(ngettext("%(num)s month", "%(num)s months", known.months)) if known.months else "",
            "version": version.number if version else 0,
            "by": self.happening.actor,
            "words": str(self.facts.get("words") or self.facts.get("reason") or ""),
        }


def by_when(clock: Progress | None) -> dict[str, object]:
    """What mails say of a clock: by when, how much time is left, and whether hours count."""
    return {
        "due": clock.when if clock else None,
        "days": standing_words(clock),
        "by_the_hour": clock is not None and clock.unit is Unit.HOUR,
    }


def _listed(names: Sequence[str]) -> str:
    """Two names, and how many more."""
    shown = _(" and ").join(names[:MOST_NAMED])
    rest = len(names) - MOST_NAMED
    return (
        str(ngettext("%(names)s and one more", "%(names)s and %(num)s more", rest, names=shown)) if rest > 0 else shown
    )
