"""What pages say of a rule: its criteria in words, its state, an outcome."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from app.consents.queries.consents import SeenConsent
from app.foundation.words import N_
from app.rules.consents import CRITERIA, Criteria
from app.rules.questions import BANK
from app.rules.vocabulary import ACCESS_MODES, SENSITIVITIES, AccessMode, Sensitivity
from app.rules.workflow import ConsentState
from app.web.answers import told

STATES: dict[ConsentState, tuple[str, str]] = {
    ConsentState.DRAFT: (N_("Draft"), "grey"),
    ConsentState.ON: (N_("On"), "green"),
    ConsentState.OFF: (N_("Off"), "yellow"),
    ConsentState.GIVEN_UP: (N_("Given up"), "grey"),
}
RESTING = (N_("Resting"), "yellow")


def state_tag(seen: SeenConsent) -> tuple[str, str]:
    """The words and tone of its mark. A rule that nobody answers for any more rests."""
    is_resting = seen.consent.state is ConsentState.ON and not seen.is_answered_for
    words, tone = RESTING if is_resting else STATES[seen.consent.state]
    return told(words), tone


def criteria_rows(rule: Criteria, datasets: dict[str, str], members: dict[str, str]) -> list[tuple[str, str]]:
    """Each line of the rule in words.

    Args:
        datasets: titles of the data partner's listings by reference.
        members: names of organizations by slug.
    """
    shown = {
        "datasets": _listed((datasets.get(one, one) for one in rule.datasets), _("All of our datasets, also new ones")),
        "members": _listed((members.get(one, one) for one in rule.members), _("Every member, also new ones")),
        "purposes": _purposes(rule),
        "access_modes": _listed((told(ACCESS_MODES[AccessMode(one)]) for one in rule.access_modes), ""),
        "most_sensitive": _sensitivity(rule),
        "personal_data": _listed(_words("personal_data", rule.personal_data), ""),
        "longest_months": _months(rule.longest_months),
    }
    return [(told(line.label), shown[line.key] or _("Nothing chosen yet")) for line in CRITERIA]


def _words(part: str, chosen: Iterable[str]) -> list[str]:
    found = BANK.part(part)
    return [told(found.choices[code]) for code in chosen if code in found.choices] if found else []


def _purposes(rule: Criteria) -> str:
    found = BANK.part("purposes")
    if found and rule.purposes >= set(found.choices):
        return _("Every purpose that the form offers")
    return _listed(_words("purposes", rule.purposes), "")


def _listed(words: Iterable[str], none: str) -> str:
    return "; ".join(sorted(words)) or none


def _sensitivity(rule: Criteria) -> str:
    if rule.most_sensitive not in set(Sensitivity):
        return ""
    return _("Up to %(class_)s", class_=told(SENSITIVITIES[Sensitivity(rule.most_sensitive)]))


def _months(months: int) -> str:
    return ngettext("Up to %(num)s month", "Up to %(num)s months", months) if months else ""
