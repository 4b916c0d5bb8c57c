"""Looking for datasets to add, reading all answers once more, and sending."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import DomainError, Invalid, WrongState
from app.organizations.cards import open_card
from app.proposals.commands.gathering import add_dataset
from app.proposals.commands.sending import NotReady
from app.proposals.commands.sending import send as send_proposal
from app.proposals.forms.answers import DeclarationForm, sentence_of
from app.proposals.queries.drafts import Draft, draft
from app.proposals.queries.routing import way_if_sent
from app.proposals.queries.team import not_accepted
from app.proposals.queries.versions import content_of, hash_of, sheets
from app.proposals.queries.wishes import wishes
from app.proposals.queries.workspace import decisions_at_stake
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.showing import case_address
from app.proposals.routes.showing_way import moving, route_words
from app.rules.actions import Action
from app.rules.questions import BANK, Gap
from app.search.queries import SearchRequest, search
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once

_FOUND_AT_ONCE = 10


@blueprint.get("/<reference>/edit/datasets")
@signed_in
def datasets(reference: str) -> Response:
    """Datasets of the catalog, by words, each with a button that adds it."""
    return _datasets_page(reference)


@blueprint.post("/<reference>/edit/datasets")
@signed_in
def add(reference: str) -> Response:
    """Ask for one more dataset."""
    try:
        added = add_dataset(db.session, current_actor(), reference, request.form.get("dataset", ""), now())
    except Invalid as problem:
        return _datasets_page(reference, told(problem.message), problem.status)
    onward = url_for("proposals.step", reference=reference, step_key="supply")
    return finish(onward, _("%(title)s is asked for.", title=added.title))


@blueprint.get("/<reference>/edit/check")
@signed_in
def check(reference: str) -> Response:
    """All answers as their readers will see them, what is left to mend, and the declaration."""
    try:
        written = draft(db.session, current_actor(), reference, now())
    except WrongState:
        return answered(case_address(reference))
    return _check_page(written, DeclarationForm(formdata=None))


@blueprint.post("/<reference>/edit/check")
@signed_in
@once
def send(reference: str) -> Response:
    """Hand the proposal in, as it was shown."""
    form = DeclarationForm()
    try:
        send_proposal(
            db.session, current_actor(), reference, form.shown.data or "", now(), declares=bool(form.declares.data)
        )
    except NotReady as problem:
        return _refused(reference, form, problem, problem.gaps)
    except WrongState as problem:
        return _refused(reference, form, problem)
    return finish(url_for("proposals.submitted", reference=reference))


def _refused(reference: str, form: DeclarationForm, problem: DomainError, found: tuple[Gap, ...] = ()) -> Response:
    """The page again with what to mend; a proposal that was sent meanwhile leads to where it stands."""
    db.session.rollback()
    undeclared = [gap for gap in found if gap.key == form.declares.name]
    form.declares.errors = tuple(sentence_of(gap) for gap in undeclared)
    if not found:
        form.form_errors.append(told(problem.message))
    try:
        written = draft(db.session, current_actor(), reference, now())
    except WrongState:
        return answered(case_address(reference), told(problem.message))
    return _check_page(written, form, problem.status, has_failed=True)


def _check_page(written: Draft, form: DeclarationForm, status: int = 200, *, has_failed: bool = False) -> Response:
    content = content_of(db.session, written.proposal)
    form.shown.data = hash_of(content)
    way = way_if_sent(db.session, written.proposal, 0, now())
    return page(
        "proposals/writing/check.html",
        status,
        draft=written,
        form=form,
        sheets=sheets(content),
        goes=route_words(way.route, way.version or None),
        moves=moving(written.proposal, way),
        declaration=BANK.declaration,
        shown=hash_of(content),
        sentence_of=sentence_of,
        is_of_the_member=written.organization.id in current_actor().organization_ids,
        has_failed=has_failed,
        may_send=bool(written.acts & {Action.SEND_PROPOSAL, Action.RESEND_PROPOSAL}),
        asked=wishes(written),
        is_again=Action.RESEND_PROPOSAL in written.acts,
        card_asked=open_card(db.session, written.organization.id, written.proposal.lead_id),
        at_stake=decisions_at_stake(db.session, written.proposal),
        not_accepted=[each for each in not_accepted(db.session, written.proposal) if not each.is_lead],
    )


def _datasets_page(reference: str, problem: str = "", status: int = 200) -> Response:
    written = draft(db.session, current_actor(), reference, now())
    words = request.values.get("q", "")
    wanted = SearchRequest(words, page_size=_FOUND_AT_ONCE)
    found = search(db.session, current_actor(), wanted)
    chosen = {dataset.id for dataset in written.datasets}
    return page(
        "proposals/writing/datasets.html",
        status,
        draft=written,
        found=found,
        words=words,
        chosen=chosen,
        problem=problem,
    )
