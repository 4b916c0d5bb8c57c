"""Which way a proposal goes, in words: why this one, and what can come next."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.proposals.models import Proposal
from app.proposals.queries.ahead import ahead_of
from app.proposals.queries.cases import Case
from app.proposals.queries.routing import Way, from_kept, way_of
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.showing_case import Shown
from app.rules.calendar import Wait, length_of
from app.rules.pipelines import pipeline_of
from app.rules.routing import Route, further_reviews
from app.rules.turns import what_follows
from app.web.answers import told
from app.web.clocks import within_words
from app.web.words import short_deadline


@dataclass(frozen=True)
class Moving:
    """What sending a changed version would bring: the way that it goes then, the one until now, and what is new in it."""

    now: str
    before: str
    further: tuple[str, ...]


def way_words(way: Way, current: int | None = None) -> str:
    """Where a proposal goes, and because of what, in a sentence; and another one where it went another way before.

    Args:
        current: the number of the version that is read now: what held of an earlier one is said so.
    """
    is_earlier = None not in (current, way.version) and way.version != current
    said = route_words(way.route, way.version if is_earlier else None)
    if way.before is None:
        return said
    before = because_words(way.before)
    words = names_of(way.before.pipeline)
    was = (
        _("Before that it went this way: %(way)s; because %(because)s.", way=words, because=before)
        if before
        else _("Before that it went this way: %(way)s.", way=words)
    )
    return f"{said} {was}"


def route_words(found: Route, version: int | None = None) -> str:
    """Where it goes, and because of what, in one sentence; `version` is the one of which it held, if not of the last."""
    names, because = names_of(found.pipeline), because_words(found)
    if not because:
        return _("It goes this way: %(way)s.", way=names)
    if version is not None:
        held = _("in version %(number)s %(because)s", number=version, because=because)
        return _("It goes this way: %(way)s; because %(because)s.", way=names, because=held)
    return _("It goes this way: %(way)s; because %(because)s.", way=names, because=because)


def because_words(found: Route) -> str:
    """Why a proposal goes this way, as the end of a sentence; empty where it was not kept."""
    return str(_(found.because, **dict(found.facts))) if found.facts else told(found.because)


def names_of(pipeline: str) -> str:
    """The steps of a pipeline in their order."""
    stops = [told(step.name) for step in pipeline_of(pipeline).steps]
    return ", ".join([stops[0], *(name[:1].lower() + name[1:] for name in stops[1:])])


def moving(proposal: Proposal, way: Way) -> Moving | None:
    """What its team is told before it sends a version that takes another way; None where it goes on as it did."""
    kept = way_of(proposal)
    if kept is None or kept.route.pipeline == way.route.pipeline:
        return None
    further = further_reviews(way.route.pipeline, kept.route.pipeline)
    lines = tuple(_("%(step)s, %(within)s", step=told(each.name), within=_days(each.wait)) for each in further)
    return Moving(route_words(way.route), because_words(kept.route), lines)


@blueprint.app_template_filter("rerouted")
def rerouted_words(facts: Mapping[str, object]) -> str:
    """What changed and why, of the event that says that a proposal goes another way; empty of any other."""
    kept = facts.get("way")
    return way_words(from_kept(str(facts["pipeline"]), kept)) if isinstance(kept, Mapping) else ""


def goes_words(shown: Shown) -> str:
    """The way of a proposal that was sent; empty for a draft."""
    way = way_of(shown.of.proposal)
    return way_words(way, shown.of.current.number if shown.of.current else None) if way else ""


def next_lines(of: Case) -> list[tuple[str, str]]:
    """What can come next: the head and the sentence of each line."""
    return [
        (told(head), told(sentence) % {"days": _days(wait)} if wait else told(sentence))
        for head, sentence, wait in what_follows(of.turn.turn, of.proposal.pipeline)
    ]


def ahead_lines(shown: Shown) -> list[tuple[str, str]]:
    """What comes by date while it waits, and who is asked where it stays open."""
    found = ahead_of(shown.of.turn, shown.at)
    if found is None:
        return []
    lines = []
    if found.reminders:
        lines.append((_("Reminders:"), ", ".join(short_deadline(each) for each in found.reminders)))
    if found.joins:
        asked = {"name": found.joins.name.name, "day": short_deadline(found.joins.when)}
        lines.append((_("Still open then:"), _("%(name)s is asked too, from %(day)s on.", **asked)))
    if found.takes_over:
        asked = {"name": found.takes_over.name.name, "day": short_deadline(found.takes_over.when)}
        lines.append((_("Still open later:"), _("%(name)s of the secretariat sees to it, from %(day)s on.", **asked)))
    return lines


def _days(wait: Wait) -> str:
    return within_words(length_of(wait))
