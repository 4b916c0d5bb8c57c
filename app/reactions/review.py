"""What follows from the review beside its verdict: a decision that was replaced, a suggested edit, the team's answer to one."""

from app.organizations.models import Person
from app.proposals.workspace_models import Suggestion
from app.reactions.proposal_people import Telling
from app.reactions.proposals import conditions_of, dataset_of, telling
from app.reactions.work import Reaction
from app.rules.events import Event
from app.rules.questions import BANK
from app.rules.vocabulary import REASONS, Reason
from app.rules.workflow import ITEM_STATES, SUGGESTION_STATES, ItemState
from app.web.answers import told


def tell_of_new_decision(t: Telling) -> None:
    """To the team: a data partner has replaced its decision, from what to what, and why."""
    before, outcome = ItemState(str(t.facts["before"])), ItemState(str(t.facts["outcome"]))
    reason = t.facts.get("reason")
    t.mail(
        "proposal_decision_revised",
        t.team(),
        before=told(ITEM_STATES[before][0]),
        outcome=told(ITEM_STATES[outcome][0]),
        dataset=dataset_of(t).title,
        partner=t.organization(t.facts["partner"]).name,
        reason=told(REASONS[Reason(str(reason))]) if reason else "",
        conditions=conditions_of(t),
        decisions=[t.facts["decision"]],
    )


def tell_of_suggestion(t: Telling) -> None:
    """To the team: somebody in the review suggests another text."""
    row = t.session.get(Suggestion, int(str(t.facts["suggestion"])))
    if row is not None:
        t.mail("proposal_suggestion", t.team(), f"#suggestion-{row.id}", suggestion=row.id, **_suggested(row))


def tell_of_settled_suggestion(t: Telling) -> None:
    """To who suggested it: the team took it, or says why not."""
    row = t.session.get(Suggestion, int(str(t.facts["suggestion"])))
    if row is not None:
        author, (name, _tone) = t.session.get_one(Person, row.author_id), SUGGESTION_STATES[row.state]
        t.mail("proposal_suggestion_settled", [author], f"#suggestion-{row.id}", outcome=told(name), **_suggested(row))


def _suggested(row: Suggestion) -> dict[str, object]:
    question = BANK.question_of(row.answer_key)
    return {"answer": told(question.label) if question else "", "new_text": row.new_text, "why": row.why}


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.DECISION_REVISED: (telling(tell_of_new_decision),),
    Event.SUGGESTION_MADE: (telling(tell_of_suggestion),),
    Event.SUGGESTION_ACCEPTED: (telling(tell_of_settled_suggestion),),
    Event.SUGGESTION_DECLINED: (telling(tell_of_settled_suggestion),),
}
