"""The pages of the review and of the intake check: what they show of the answers, and what their reader began there."""

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.foundation.errors import NotAllowed
from app.foundation.words import N_
from app.proposals.forms.review import IntakeForm, VerdictForm, marks_from
from app.proposals.queries.flags import Flag
from app.proposals.queries.items import ItemView, content_for
from app.proposals.queries.library import OPEN_AT_FIRST
from app.proposals.queries.precedents import Before
from app.proposals.queries.review import Review
from app.proposals.queries.review import review as review_of
from app.proposals.queries.talk import conversation
from app.proposals.queries.versions import answers_of, sheets
from app.proposals.queries.workspace import rewritable
from app.proposals.routes.showing_case import Shown, asks_too, shown_case
from app.proposals.workspace_models import Desk
from app.rules.actions import Action
from app.rules.checklists import INTAKE, REVIEW
from app.rules.pipelines import Step
from app.rules.questions import BANK, chosen_words
from app.rules.turns import Turn
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.database import db
from app.web.forms import options_of
from app.web.words import country_name

# What a request for changes can be about: each of the form's answers, by its first field.
_ANSWERS = [(question.parts[0].key, question.label) for question in BANK.questions]
# The kinds of benefit say why in two words.
_KINDS = BANK.part("benefit_kinds")
READING_MINUTES = 10
# Who may do one of these at an answer has the tools of the review.
_AT_ANSWERS = frozenset({Action.SUGGEST_EDIT, Action.COMMENT_INTERNALLY})
# An answer that is about replacing a decision, not about making one.
REPLACES = "replaces"
# Several datasets of an answer are ticked in one step: all of them, none, or by the key of their data partner.
ALL, NONE = "all", "none"
Given = MultiDict[str, str]


def reviewed(reference: str) -> tuple[Shown, Review]:
    """The review, for a steward of a data partner whose dataset is asked for; anyone else reads the proposal's page instead."""
    shown = shown_case(reference)
    if not shown.own:
        raise NotAllowed(
            N_("This is for the stewards whose dataset is asked for. The proposal's page shows how it stands.")
        )
    return shown, review_of(db.session, current_actor(), shown.of, shown.items, Desk.REVIEW)


def asked_about(found: Review, *, replaces: bool) -> tuple[ItemView, ...]:
    """The datasets that the answer is about: those to decide on, or those whose decision may be replaced."""
    return found.decided if replaces else found.own


def choices(items: tuple[ItemView, ...]) -> list[tuple[str, str]]:
    """The datasets as boxes to tick."""
    return [(item.reference or "", item.title) for item in items]


def groups(items: tuple[ItemView, ...]) -> list[tuple[str, str, list[str]]]:
    """Those that can be ticked in one step: all of them, and those of each data partner where there are several."""
    found = [(ALL, _("All of them"), [item.reference or "" for item in items])]
    partners = {str(item.partner_id): item.partner for item in items}
    if len(partners) > 1:
        found += [
            (key, _("All of %(name)s", name=name), [i.reference or "" for i in items if str(i.partner_id) == key])
            for key, name in partners.items()
        ]
    return found


def kept(found: Review) -> Given:
    """What the reader has marked and typed so far on the page."""
    return Given([(name, value) for name, values in found.begun.items() for value in values])


def review_page(
    shown: Shown, found: Review, form: VerdictForm, given: Given, status: int = 200, *, replaces: bool = False
) -> Response:
    """The review, with what was typed."""
    items = asked_about(found, replaces=replaces)
    form.show_reasons()
    form.datasets.choices = options_of(choices(items))
    return page(
        "proposals/review.html",
        status,
        shown=shown,
        found=found,
        form=form,
        replaces=replaces,
        deciding=items,
        groups=groups(items),
        marks=marks_from(given.to_dict(), REVIEW),
        checks=REVIEW,
        open_at_first=OPEN_AT_FIRST,
        may_ask=asks_too(shown.of, shown.items) and shown.of.step is Step.DATA_PARTNERS and not replaces,
        flag_words=_flag_words,
        taken_conditions=[key.removeprefix("take-") for key in given if key.startswith("take-")],
        stands_in=_stands_in(shown),
        **reading(shown, found, given, Desk.REVIEW),
    )


def intake_page(shown: Shown, form: IntakeForm, given: Given | None, status: int = 200) -> Response:
    """The intake check, with what was typed."""
    found = review_of(db.session, current_actor(), shown.of, shown.items, Desk.INTAKE)
    if given is None:
        given = kept(found)
        form.words.data = given.get("words", "")
    return page(
        "proposals/intake.html",
        status,
        shown=shown,
        found=found,
        form=form,
        marks=marks_from(given.to_dict(), INTAKE),
        checks=INTAKE,
        may_pass=Action.PASS_INTAKE in shown.of.acts,
        is_answering=shown.of.turn.turn is Turn.CHANGING,
        is_checked=shown.of.step is not Step.INTAKE,
        **reading(shown, found, given, Desk.INTAKE),
    )


def _flag_words(flag: Flag) -> str:
    facts = {name: country_name(value) if name == "country" else value for name, value in flag.facts}
    return str(_(flag.sentence, **facts)) if flag.sentence else ""


def _stands_in(shown: Shown) -> str:
    """The other person of the reader's own data partner who is asked when the reader is away."""
    actor = current_actor()
    own = [holder for holder in shown.of.turn.holders if holder.organization_id in actor.organization_ids]
    others = [name.name for holder in own for name in holder.deputies if name.person_id != actor.person_id]
    return next(iter(others), "")


def _alike(before: Before) -> str:
    """In what an earlier decision is like this one, in one line."""
    named = [_(sentence, **_facts(dict(facts))) for sentence, facts in before.alike]
    line = ", ".join(named)
    return line[:1].upper() + line[1:]


def _facts(facts: dict[str, str]) -> dict[str, str]:
    return {name: country_name(value) if name == "country" else told(value) for name, value in facts.items()}


def may_keep(shown: Shown) -> bool:
    """Whether the reader keeps notes at the answers and what they have read: who reviews it, now or in a step before."""
    return bool(shown.own) or bool(shown.of.acts & _AT_ANSWERS)


def reading(shown: Shown, found: Review, given: Given, desk: Desk) -> dict[str, object]:
    """What the pages of a review show: the answers, what is new to the reader, what was said about each, and its notes."""
    content = content_for(shown.of.content, shown.of, shown.items)
    actor = current_actor()
    return {
        "of": shown.of,
        "may_keep": may_keep(shown),
        "page_name": desk.value,
        "given": given,
        "ticked": given.getlist,
        "sheets": sheets(content),
        "changed": found.since.changed,
        "messages": conversation(db.session, actor, shown.of),
        "rewritable": rewritable() if Action.SUGGEST_EDIT in shown.of.acts else frozenset[str](),
        "may_say": Action.COMMENT_ON_PROPOSAL in shown.of.acts,
        "may_note": Action.COMMENT_INTERNALLY in shown.of.acts,
        "Action": Action,
        "alike": _alike,
        "answer_choices": _ANSWERS,
        "minutes": READING_MINUTES,
        "why": ", ".join(told(words) for words in chosen_words(_KINDS, answers_of(content).get(_KINDS.key)))
        if _KINDS
        else "",
    }
