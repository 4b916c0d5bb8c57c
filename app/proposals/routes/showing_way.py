"""Which way a proposal goes, in words: why this one, and what can come next."""

from flask_babel import gettext as _

from app.proposals.queries.cases import Case
from app.proposals.routes.showing_case import Shown
from app.rules.calendar import Wait, length_of
from app.rules.pipelines import pipeline_of
from app.rules.routing import Route
from app.rules.turns import what_follows
from app.web.answers import told
from app.web.clocks import within_words


def route_words(found: Route) -> str:
    """Where it goes, and because of what, in one sentence."""
    stops = [told(step.name) for step in pipeline_of(found.pipeline).steps]
    names = ", ".join([stops[0], *(name[:1].lower() + name[1:] for name in stops[1:])])
    if not found.because:
        return _("It goes this way: %(way)s.", way=names)
    because = _(found.because, **dict(found.facts)) if found.facts else told(found.because)
    return _("It goes this way: %(way)s; because %(because)s.", way=names, because=because)


def goes_words(shown: Shown) -> str:
    """The same for a proposal that was sent; empty for a draft."""
    proposal = shown.of.proposal
    if proposal.pipeline is None:
        return ""
    kept = proposal.routed_because or {}
    gaps = kept.get("facts")
    facts = tuple((str(key), str(value)) for key, value in gaps.items()) if isinstance(gaps, dict) else ()
    return route_words(Route(proposal.pipeline, str(kept.get("rule", "")), str(kept.get("because", "")), facts))


def next_lines(of: Case) -> list[tuple[str, str]]:
    """What can come next: the head and the sentence of each line."""
    return [
        (told(head), told(sentence) % {"days": _days(wait)} if wait else told(sentence))
        for head, sentence, wait in what_follows(of.turn.turn, of.proposal.pipeline)
    ]


def _days(wait: Wait) -> str:
    return within_words(length_of(wait))
