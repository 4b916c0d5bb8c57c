"""One dataset: its page for readers, its dictionary as a table."""

from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.agreements.library import current_version
from app.catalog import queries, uses
from app.catalog.around import around
from app.catalog.completeness import completeness
from app.catalog.forms import QuestionForm
from app.catalog.models import Dataset
from app.catalog.profiles import FEWEST
from app.catalog.prose import LONGEST_SHOWN, prose
from app.catalog.routes import words
from app.catalog.routes.blueprint import blueprint
from app.catalog.routes.indexing import for_search_engines
from app.catalog.routes.pictures import shown_columns
from app.catalog.standing import standing
from app.catalog.terms import FIRST_PROMISES, promised
from app.foundation.clock import now
from app.rules.actions import Action
from app.rules.listings import OFFERED, PAGE_SHAPES, STATE_TAGS
from app.rules.permissions import allowed
from app.rules.proposing import could_propose, may_learn_who_proposes
from app.rules.terms import Promise
from app.rules.workflow import Machine
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.caching import kept, revalidated
from app.web.database import db
from app.web.frame import propose_at
from app.web.guards import public
from app.web.negotiation import HTML, wanted_form
from app.web.sheets import sheet
from app.web.words import country_name

# Whoever may do one of these works on the listing; others may at most ask a question.
_AT_DESK = frozenset({Action.EDIT_LISTING, Action.RESUME_LISTING, Action.PUBLISH_LISTING})
_SHOWN_COLUMNS = 12
_SHOWN_USES = 8


class PagePart(StrEnum):
    """The parts of the page that have an address of their own."""

    DICTIONARY = "dictionary"
    SAMPLE = "sample"
    USES = "uses"
    QUESTIONS = "questions"
    VERSIONS = "versions"


@dataclass(frozen=True)
class Shown:
    """A promise as a template prints it: the sentence, the point of the agreement, its address."""

    sentence: str
    point: str
    href: str


@blueprint.get("/datasets/<reference>")
@public
@kept
def dataset(reference: str) -> Response:
    """The dataset's page, or another form of it for programs that ask for one.

    An address with another title, or none, leads on to the one that holds today.
    """
    _asked, slug = words.reference_in(reference)
    row = seen(reference)
    forms = around().forms_of(row)
    form = forms.get(wanted_form((HTML, *forms)))
    if words.slugged(row) != reference and (form is None or slug is not None):
        response = _moved(words.address(row))
    else:
        response = revalidated(form.answer(row) if form else for_search_engines(_dataset_page(row), row))
    response.vary.add("Accept")
    return response


def _moved(address: str) -> Response:
    """To the address that holds today. A title may come back: kept answers would then lead in circles."""
    response = redirect(address, 301)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _dataset_page(row: Dataset) -> Response:
    """The page, which says in its head and in a header which other forms there are."""
    response = page("catalog/dataset.html", **overview(row))
    for form in around().forms_of(row).values():
        bare = form.media_type.partition(";")[0]
        response.headers.add("Link", f'<{form.address(row)}>; rel="alternate"; type="{bare}"')
    return response


@blueprint.get("/datasets/<reference>/<any(dictionary, sample, uses, questions, versions):part>")
@public
@kept
def dataset_part(reference: str, part: str) -> Response:
    """One part of the dataset's page on a page of its own, with everything that it holds.

    Like the page itself under a title of before it leads on to the one that holds today; a bare reference is an address too.
    """
    _asked, slug = words.reference_in(reference)
    row = seen(reference)
    if slug is not None and words.slugged(row) != reference:
        return _moved(url_for("catalog.dataset_part", reference=words.slugged(row), part=part))
    return revalidated(for_search_engines(part_page(row, PagePart(part)), row))


@blueprint.get("/datasets/<reference>/dictionary.csv")
@public
def dictionary(reference: str) -> Response:
    """The data dictionary as a table."""
    row = seen(reference)
    heads = ("name", "meaning", "type", "unit", "values", "missing")
    rows = ([str(column.get(head, "")) for head in heads] for column in row.dictionary)
    return for_search_engines(sheet(f"{row.reference}-dictionary.csv", heads, rows), row)


def part_page(row: Dataset, part: PagePart, form: QuestionForm | None = None) -> Response:
    """One part of the page, with the form for a question where one is being asked."""
    return page(
        "catalog/part.html",
        form.status if form else 200,
        **about(row),
        part_name=part.value,
        question_form=form or QuestionForm(formdata=None),
        log=queries.change_log(db.session, row) if part is PagePart.VERSIONS else [],
    )


def overview(row: Dataset) -> dict[str, Any]:
    """Everything that the first page of a dataset shows, with what the parts above add to it."""
    return {**about(row), "added": around().shown(db.session, current_actor(), row, now())}


def about(row: Dataset) -> dict[str, Any]:
    """What every page of a dataset shows of it; the check shows the same."""
    viewer, known = current_actor(), uses.provider()
    acts = allowed(standing(viewer, row), Machine.LISTING, row.state)
    wait = known.waits(db.session, [row.id]).get(row.id)
    all_promised = promised(row, country_name)
    firsts = [_shown(promise) for promise in all_promised if promise.parameter in FIRST_PROMISES]
    propose = url_for("proposals.start", dataset=row.reference) if could_propose(viewer) else None
    if propose and row.state in OFFERED:
        propose_at(propose)
    return {
        "dataset": row,
        "words": words,
        "state": _state(row),
        "shape": PAGE_SHAPES[row.state],
        "is_offered": row.state in OFFERED,
        # Whoever finds this dataset finds its data partner's page; a draft alone makes none.
        "partner_address": url_for("front.partner", slug=row.organization.slug) if row.state in OFFERED else None,
        "acts": {act.name for act in acts},
        "is_at_desk": bool(acts & _AT_DESK),
        "wait": astuple(wait) if wait else None,
        "promises": [_shown(promise) for promise in all_promised],
        "first_promises": [(one.sentence, one.point, one.href) for one in firsts],
        "uses": list(known.uses_of(db.session, viewer, row.id)),
        "shown_uses": _SHOWN_USES,
        "in_force": known.in_force(db.session, row.id),
        "columns": shown_columns(row),
        "shown_columns": _SHOWN_COLUMNS,
        "profile_rows": (row.profile or {}).get("rows"),
        "fewest": FEWEST,
        "questions": queries.questions_on(db.session, viewer, row),
        "releases": queries.releases_of(db.session, row),
        "quality": quality(row),
        "description": prose(row.description),
        "is_cut": len(row.description) > LONGEST_SHOWN,
        "canonical": words.public_address(row),
        "propose": propose,
        "who_proposes": url_for("proposals.start", dataset=row.reference) if may_learn_who_proposes(viewer) else None,
    }


def quality(row: Dataset) -> list[tuple[str, str, int]]:
    """How well the listing is described, by dimension: name, what it means, percent."""
    return [(*words.dimension(score.dimension), score.percent) for score in completeness(row).scores]


def seen(reference: str) -> Dataset:
    """The listing of that reference, with or without a title behind it, if the acting person may know of it."""
    return queries.dataset_by_reference(db.session, current_actor(), words.reference_in(reference)[0])


def _state(row: Dataset) -> tuple[str, str]:
    name, tone = STATE_TAGS[row.state]
    return told(name), tone


def _shown(promise: Promise) -> Shown:
    version = current_version().id
    href = f"{url_for('agreements.show', version_id=version)}#{promise.point}"
    return Shown(told(promise.sentence), promise.point, href)
