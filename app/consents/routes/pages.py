"""A data partner's rules, and one of them: what it lets pass, what it would have done, what it has done."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.models import Dataset
from app.catalog.queries import listings_of
from app.consents.forms import SwitchOnForm
from app.consents.models import StandingConsent
from app.consents.queries.consents import (
    SeenConsent,
    Used,
    consents_for,
    is_answered_for,
    seen_consent,
    use_counts,
    uses_of,
)
from app.consents.queries.replay import Replay, Replayed, replay
from app.consents.routes import words
from app.consents.routes.blueprint import blueprint
from app.history.queries import happenings
from app.organizations.queries import organizations_as, organizations_of
from app.rules.actions import Action
from app.rules.consents import from_json, gaps
from app.rules.roles import Capacity, Role
from app.rules.vocabulary import REASONS
from app.rules.workflow import ITEM_STATES, ConsentState
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.database import db
from app.web.guards import holding, signed_in
from app.web.sheets import sheet

_SHOWN = 40


@blueprint.get("")
@holding(Role.STEWARD, Role.DEPUTY, Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)
def index() -> Response:
    """The rules that the reader may know of: their own data partner's, or for the secretariat all that were tried."""
    actor = current_actor()
    rows = consents_for(db.session, actor)
    counts = use_counts(db.session, rows)
    shown = [
        (row, words.state_tag(SeenConsent(row, frozenset(), is_answered_for(db.session, row))), counts.get(row.id, 0))
        for row in rows
    ]
    own = [row for row in organizations_of(db.session, actor) if row.id in actor.organizations_with(*STEWARDS)]
    return page(
        "consents/index.html", rows=shown, may_write=bool(own), several=len({row.organization_id for row in rows}) > 1
    )


STEWARDS = (Role.STEWARD, Role.DEPUTY)


@blueprint.get("/<reference>")
@signed_in
def show(reference: str) -> Response:
    """One rule with its trial on the past."""
    seen = seen_consent(db.session, current_actor(), reference)
    rule = from_json(seen.consent.criteria)
    form = SwitchOnForm(formdata=None)
    form.criteria_hash.data = seen.consent.criteria_hash
    trial = _trial(seen)
    return page(
        "consents/show.html",
        seen=seen,
        consent=seen.consent,
        tag_words=words.state_tag(seen),
        reasons=REASONS,
        criteria=words.criteria_rows(rule, titles(seen.consent), members()),
        gaps=[told(sentence) for _field, sentence in gaps(rule)],
        trial=trial,
        shown=trial.items[:_SHOWN] if trial else (),
        outcome=outcome_words,
        is_tried=seen.consent.simulated_hash == seen.consent.criteria_hash,
        uses=_uses(seen),
        titles={row.id: row.title for row in own_listings(seen.consent)},
        history=happenings(db.session, [("consent", reference)]),
        form=form,
        acts=Action,
        states=ConsentState,
    )


@blueprint.get("/<reference>/trial.csv")
@signed_in
def trial(reference: str) -> Response:
    """The trial as a file, for those who decide for the data partner."""
    seen = seen_consent(db.session, current_actor(), reference)
    found = _trial(seen)
    heads = (
        _("Proposal"), _("Title"), _("Member"), _("Dataset"), _("The rule"), _("Why not"), _("People"), _("Reason"),
        _("Working days"),
    )  # fmt: skip
    return sheet(f"{reference}-trial.csv", heads, [_cells(each) for each in (found.items if found else ())])


def _cells(each: Replayed) -> list[str]:
    return [
        each.proposal,
        each.title,
        each.member,
        each.dataset_title,
        _("would approve") if each.is_approved else _("leaves it to people"),
        " ".join(told(line.refuses) for line in each.misfits),
        told(ITEM_STATES[each.outcome][0]),
        told(REASONS[each.reason]) if each.reason else "",
        "" if each.days is None else str(each.days),
    ]


def _trial(seen: SeenConsent) -> Replay | None:
    """What the rule would have done, for those alone who may read the proposals that it looks at."""
    rule = from_json(seen.consent.criteria)
    if seen.consent.organization_id not in current_actor().organizations_with(*STEWARDS) or gaps(rule):
        return None
    return replay(db.session, seen.consent.organization_id, rule)


def _uses(seen: SeenConsent) -> list[Used] | None:
    """What it has approved, for those alone who may read these proposals; None for other colleagues."""
    actor = current_actor()
    decides = seen.consent.organization_id in actor.organizations_with(*STEWARDS)
    return uses_of(db.session, seen.consent) if decides or actor.is_secretariat else None


def outcome_words(each: Replayed) -> tuple[str, str]:
    """What people decided, in words and tone."""
    name, tone = ITEM_STATES[each.outcome]
    return told(name), tone


def own_listings(consent: StandingConsent) -> list[Dataset]:
    """The listings that a rule can name, for those who write them."""
    rows = listings_of(db.session, current_actor())
    return [row for row in rows if row.organization_id == consent.organization_id]


def titles(consent: StandingConsent) -> dict[str, str]:
    """Titles of the data partner's listings by reference."""
    return {row.reference: row.title for row in own_listings(consent)}


def members() -> dict[str, str]:
    """Names of the organizations that may propose, by slug."""
    return {row.slug: row.name for row in organizations_as(db.session, Capacity.MEMBER)}
