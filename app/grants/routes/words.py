"""What the page of a grant says: the status sentence, what was granted, where to go on."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from app.foundation.words import N_
from app.grants.letter import country
from app.grants.models import Grant
from app.grants.queries.grants import Term
from app.grants.queries.verification import status_of
from app.grants.record import Record
from app.grants.ways import way_words
from app.rules.actions import Action
from app.rules.duties import DutyKind
from app.rules.grant_days import NOT_YET
from app.rules.stopping import GROUNDS, Ground
from app.rules.workflow import OWED, GrantState
from app.web.answers import told
from app.web.words import day, short_day

# The word for a state, and the tone of its tag.
STATES: dict[GrantState, tuple[str, str]] = {
    GrantState.AWAITING_SIGNATURE: (N_("Being sealed"), "yellow"),
    GrantState.ACTIVE: (N_("In force"), "green"),
    GrantState.SUSPENDED: (N_("Suspended"), "red"),
    GrantState.EXPIRED: (N_("Expired"), "grey"),
    GrantState.REVOKED: (N_("Revoked"), "red"),
    GrantState.CLOSED: (N_("Closed"), "grey"),
    GrantState.CLOSING: (N_("Being closed"), "yellow"),
    GrantState.REPLACED: (N_("Replaced"), "grey"),
}


@dataclass(frozen=True)
class StatusWords:
    """The sentence at the top, what follows, and its kind of card."""

    say: Markup
    sub: str
    kind: str
    shows_time: bool
    left: str


@dataclass(frozen=True)
class _Says:
    """How the status card speaks of a state."""

    sentence: str
    sub: str
    kind: str
    shows_time: bool = False


_SAYS: dict[GrantState, _Says] = {
    GrantState.AWAITING_SIGNATURE: _Says(
        N_("<b>The letter is being sealed.</b> Access begins with the sealed letter, within a minute."),
        N_("You get a mail when it is there. If it takes longer than an hour, write to the secretariat."),
        "time",
    ),
    GrantState.ACTIVE: _Says(
        N_("<b>Access active.</b> Until <b>%(end)s</b>."),
        N_("Access ends by itself on the last day."),
        "ok",
        shows_time=True,
    ),
    GrantState.SUSPENDED: _Says(
        N_("<b>Suspended since %(since)s.</b> Stop using the data until the suspension is lifted."), "", "bad"
    ),
    GrantState.EXPIRED: _Says(
        N_("<b>Expired.</b> The last day was <b>%(end)s</b>."),
        N_("The data is to be deleted and the deletion certified, as promised."),
        "quiet",
    ),
    GrantState.REVOKED: _Says(N_("<b>Revoked on %(since)s.</b> The data may no longer be used."), "", "bad"),
    GrantState.CLOSED: _Says(N_("<b>Closed on %(since)s.</b> The use has ended in good order."), "", "quiet"),
    GrantState.CLOSING: _Says(
        N_("<b>Use ended on %(since)s.</b> What was promised for the end is still open."),
        N_("The data is to be deleted and the deletion certified, as promised. Then the grant is closed."),
        "time",
    ),
    GrantState.REPLACED: _Says(
        N_("<b>Replaced on %(since)s.</b> A newer grant stands in its place."), N_("Use the newer letter."), "quiet"
    ),
}

_ENDING = frozenset({GrantState.EXPIRED, GrantState.CLOSING})


def status_words(grant: Grant, term: Term, now: datetime) -> StatusWords:
    """Where the grant stands, in a sentence or two."""
    says = _SAYS[grant.state]
    say = _filled(says.sentence, end=day(grant.ends_on), since=day(grant.state_since))
    sub = told(says.sub)
    if says.shows_time:
        say, sub = _while_active(grant, term, say, sub, now)
    elif grant.state in _ENDING and _is_deleted(grant):
        sub = _("The deletion of the data is certified.")
    if grant.successor_number:
        sub = _("The newer grant is %(number)s.", number=grant.successor_number)
    elif grant.state_ground:
        ground = told(GROUNDS[Ground(grant.state_ground)].words)
        sub = _("Reason: %(ground)s. %(reason)s", ground=ground, reason=grant.state_reason)
    elif grant.state_reason:
        sub = _("Reason: %(reason)s", reason=grant.state_reason)
    left = (
        ngettext("day left", "days left", term.left)
        if term.is_short
        else _("of %(months)s months left", months=term.months)
    )
    return StatusWords(say, sub, says.kind, says.shows_time, left)


def _while_active(grant: Grant, term: Term, say: Markup, sub: str, now: datetime) -> tuple[Markup, str]:
    """What is to be done next, or should have been done already, of what nobody has done or waived."""
    if not term.has_begun:
        return _filled(N_("<b>Sealed.</b> Access begins on <b>%(start)s</b>."), start=day(grant.starts_on)), sub
    today = now.astimezone(UTC).date()
    owed = sorted((duty.due_on, duty.sentence) for duty in grant.duties if duty.state in OWED and duty.due_on)
    ahead = [each for each in owed if each[0] >= today]
    if ahead:
        say += " " + _filled(N_("Next: %(duty)s, due %(day)s."), duty=_lower(ahead[0][1]), day=day(ahead[0][0]))
    if owed and owed[0][0] < today:
        sub = told(N_("Overdue: %(duty)s, since %(day)s.")) % {"duty": _lower(owed[0][1]), "day": day(owed[0][0])}
    return say, sub


def _is_deleted(grant: Grant) -> bool:
    return any(duty.kind == DutyKind.DELETE and duty.done_at for duty in grant.duties)


def granted_rows(record: Record) -> list[tuple[str, str | Markup]]:
    """What was granted, as a list of answers."""
    rows: list[tuple[str, str | Markup]] = []
    for dataset in record.datasets:
        link = Markup('<a class="govuk-link" href="{}">{}</a> <span class="op-id">{}</span>').format(
            f"/datasets/{dataset.reference}", dataset.title, dataset.reference
        )
        rows.append((_("Dataset"), link))
    rows.append((_("Purpose"), record.purpose_words))
    units = ", ".join(dict.fromkeys(dataset.unit for dataset in record.datasets if dataset.unit))
    if units:
        rows.append((_("Finest unit"), units))
    if record.access_mode:
        rows.append((_("Access"), way_words(record, told)))
    kept = ", ".join(filter(None, (record.kept_where.rstrip(" ."), country(record.kept_in) if record.kept_in else "")))
    if kept:
        rows.append((_("Kept in"), kept))
    if record.co_applicants:
        rows.append((_("Together with"), ", ".join(each.name for each in record.co_applicants)))
    people = ", ".join(person.name for person in record.people)
    if people:
        rows.append((_("People"), people))
    rows += [(_("Condition"), act.words) for act in record.approvals if act.words]
    return rows


def links(grant: Grant, may: frozenset[Action]) -> list[tuple[str, str]]:
    """What else leads on from the page: verifying, the public entry, and the acts that this person may do now."""
    found = []
    if grant.sealed_at is not None:
        found.append((_("Verify this letter"), url_for("grants.verify")))
        found.append((_("What the public sees"), url_for("grants.register_entry", number=grant.number)))
    return found + [
        (told(words), url_for("grants.ask", number=grant.number, act=act))
        for act, action, words in _ACTS
        if action in may
    ]


_ACTS = (
    ("suspend", Action.SUSPEND_GRANT, N_("Suspend")),
    ("lift", Action.LIFT_SUSPENSION, N_("Lift the suspension")),
    ("revoke", Action.REVOKE_GRANT, N_("Revoke")),
)


def list_words(grant: Grant, now: datetime) -> tuple[str, str]:
    """Where the grant stands at this moment, as a list says it, and the tone of its tag."""
    status = status_of(grant, now).status
    if status == NOT_YET:
        return _("Begins %(day)s", day=short_day(grant.starts_on)), "blue"
    words, tone = STATES[GrantState(status)]
    return told(words), tone


def is_running(grant: Grant, now: datetime) -> bool:
    """Whether the grant's time is passing, so that a list shows how far it is."""
    return status_of(grant, now).gives_right


def _filled(sentence: str, **facts: str) -> Markup:
    """A sentence of ours that holds <b>, filled with facts that are escaped."""
    return Markup(told(sentence)) % {name: escape(fact) for name, fact in facts.items()}  # noqa: S704


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
