"""What follows from the steps of a pipeline: mails to those who vote or review, who take over, or whose listing closed."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.binding import offers_nothing_new
from app.catalog.models import Dataset
from app.history.queries import Happening
from app.organizations.models import Organization, Person
from app.organizations.queries import directors, stewards_of
from app.proposals.asked import still_offered
from app.proposals.conflicts import holders_of
from app.proposals.models import Proposal
from app.proposals.queries.cases import is_open
from app.proposals.queries.routing import from_kept, way_of
from app.proposals.queries.votes import tally_of
from app.proposals.routes.showing_way import because_words, way_words
from app.proposals.step_models import VersionDataset
from app.reactions.mail import Recipient, write_mail
from app.reactions.proposal_deciders import ask_for_decisions, who_asked
from app.reactions.proposal_people import Telling
from app.reactions.proposals import telling
from app.reactions.work import Reaction, Work
from app.rules.events import Event
from app.rules.pipelines import Step, pipeline_of
from app.rules.turns import Turn, step_of
from app.web.answers import told

_READS = frozenset({Turn.VOTING, Turn.ETHICS_READING, Turn.LEGAL_READING, Turn.LOOKING_AGAIN})
# Where somebody who takes over acts.
_PAGES = {
    Turn.CHECKING: "/intake",
    Turn.DECIDING: "/review",
    Turn.ISSUING: "/issue",
    **dict.fromkeys(_READS, "/verdict"),
}


def ask_readers(t: Telling) -> None:
    """To those who vote, review or look again: it is theirs now. Not where it has gone on meanwhile."""
    told_of = t.facts.get("next") or t.facts.get("step")
    has_gone_on = told_of is not None and told_of != step_of(t.turn.turn)
    if t.turn.turn in _READS and not has_gone_on:
        how, because = ("vote" if t.turn.turn is Turn.VOTING else "read"), _moved_because(t)
        t.mail("proposal_to_read", _readers(t), "/verdict", act=told(t.turn.act), how=how, because=because)


def tell_of_other_way(t: Telling) -> None:
    """To the team, who asked for the changes, the officers, and the data partners that had it: a further review comes first."""
    way = t.facts.get("way")
    if isinstance(way, dict):
        stewards = t.stewards() if t.proposal.offered_at is not None else []
        waits = ", ".join(dict.fromkeys(holder.acts.name for holder in t.turn.holders if holder.acts))
        told_of = from_kept(str(t.facts["pipeline"]), way)
        acting = {
            name.person_id for holder in t.turn.holders for name in holder.people
        }  # they have a mail of their own
        people = [p for p in (*t.team(), *who_asked(t), *t.officers(), *stewards) if p.id not in acting]
        t.mail(
            "proposal_rerouted",
            people,
            way=way_words(told_of),
            step=told(t.turn.name),
            person=waits,
            due=t.turn.all_due,
        )


def _moved_because(t: Telling) -> str:
    """Why it comes to those who read it now and did not before; empty where it came by the way that it was sent under."""
    way = way_of(t.proposal)
    return because_words(way.route) if way and way.before else ""


def ask_the_chair_to_close(t: Telling) -> None:
    """To the chair, once enough have voted: the vote can be closed, though others may still vote."""
    count = tally_of(t.session, t.proposal).count if t.turn.turn is Turn.VOTING else None
    if count is not None and count.cast == count.quorum and not t.facts.get("changed"):
        found = tally_of(t.session, t.proposal).members
        chairs = [each.person_id for each in found if each.is_chair and not each.is_in_conflict]
        people = [t.session.get_one(Person, key) for key in chairs]
        t.mail("proposal_to_read", people, "/verdict", act=_("Close the vote"), how="close")


def tell_of_end_in_step(t: Telling) -> None:
    """To the team: a review or a vote ended it, and why; nobody who voted is named. And to data partners that had it before."""
    step = str(t.facts.get("step"))
    by = _("The data access committee") if step == Step.COMMITTEE else t.happening.actor
    t.mail("proposal_not_taken_up", t.team(), by=by)
    if t.proposal.offered_at is not None:
        t.mail("proposal_withdrawn", t.stewards(), by=by, words="", is_declined=True)


def tell_who_takes_over(t: Telling) -> None:
    """To the ones who became named because somebody declared a conflict of interest, and to nobody else."""
    became, named = t.facts.get("takes_over"), [holder.next.person_id for holder in t.turn.holders if holder.next]
    keys = [key for key in dict.fromkeys(named) if isinstance(became, list) and key in became]
    people = [t.session.get_one(Person, key) for key in keys]
    who = str(t.facts.get("person", ""))
    t.mail("proposal_taken_from", people, _PAGES.get(t.turn.turn, ""), act=told(t.turn.act), who=who)


def tell_of_findings(t: Telling) -> None:
    """To the lead, the directors and the data partners: what was found when it was looked at again."""
    t.mail("proposal_looked_again", [*t.lead(), *t.directors(), *t.stewards()])


def tell_readers_of_withdrawal(t: Telling) -> None:
    """To those who were reading it before it reached its data partners: it waits for nobody any more."""
    if t.proposal.passed_at is None or t.proposal.offered_at is not None:
        return
    held = holders_of(t.session, pipeline_of(t.proposal.pipeline).readers)
    keys = dict.fromkeys(key for keys in held.values() for key in keys)
    t.mail("proposal_withdrawn", [t.session.get_one(Person, key) for key in keys])


def tell_deciders_of_closed_listing(session: Session, happening: Happening, work: Work) -> None:
    """To the stewards of a listing that was paused or withdrawn, and to the directors: these proposals ask for it.

    What was sent last counts: what a team adds to its draft is its own until it sends it. Nobody is asked to list it again where
    its data partner leaves the agreement: the proposals go on without it.
    """
    dataset = session.scalar(select(Dataset).where(Dataset.reference == happening.ref))
    if dataset is None or session.scalar(select(offers_nothing_new(dataset.organization_id))):
        return
    asking = select(Proposal).join(VersionDataset, VersionDataset.proposal_version_id == Proposal.current_version_id)
    sent = (VersionDataset.dataset_id == dataset.id, Proposal.offered_at.is_not(None), is_open(), still_offered())
    found = session.scalars(asking.where(*sent).order_by(Proposal.id)).all()
    for proposal in found:
        people = [*stewards_of(session, dataset.organization_id), *directors(session)]
        for person in {each.id: each for each in people if each.active}.values():
            context = {
                "title": proposal.title,
                "reference": proposal.reference,
                "dataset": dataset.title,
                "partner": session.get_one(Organization, dataset.organization_id).name,
                "words": str(happening.facts.get("reason") or ""),
            }
            link = f"/proposals/{proposal.reference}"
            to = Recipient(person.name, person.email)
            write_mail(session, work, "proposal_listing_closed", to, context, proposal.reference, link)


def _readers(t: Telling) -> list[Person]:
    if t.turn.turn is Turn.VOTING:
        members = tally_of(t.session, t.proposal).members
        keys = [each.person_id for each in members if not each.is_in_conflict and each.choice is None]
    else:
        keys = [name.person_id for holder in t.turn.holders for name in holder.people]
    return [t.session.get_one(Person, key) for key in dict.fromkeys(keys)]


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.INTAKE_PASSED: (telling(ask_readers),),
    Event.PROPOSAL_RETURNED: (telling(ask_readers),),
    Event.PROPOSAL_REROUTED: (telling(tell_of_other_way),),
    Event.STEP_PASSED: (telling(ask_readers), telling(ask_for_decisions)),
    Event.VOTE_CAST: (telling(ask_the_chair_to_close),),
    Event.GRANTS_ISSUED: (telling(ask_readers),),
    Event.DECLINED_IN_STEP: (telling(tell_of_end_in_step),),
    Event.CONFLICT_DECLARED: (telling(tell_who_takes_over),),
    Event.LOOKED_AGAIN: (telling(tell_of_findings),),
    Event.PROPOSAL_WITHDRAWN: (telling(tell_readers_of_withdrawal),),
    Event.LISTING_PAUSED: (tell_deciders_of_closed_listing,),
    Event.LISTING_WITHDRAWN: (tell_deciders_of_closed_listing,),
}
