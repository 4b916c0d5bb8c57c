"""From effective terms to the member's promises with dates: report, state, clear outputs, attribute, delete."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.foundation.words import N_
from app.rules.calendar import Calendar, add_working_days
from app.rules.terms import EffectiveRule, EffectiveTerms, Unit
from app.rules.terms.values import Duty, as_duties, as_number


@dataclass(frozen=True)
class DatedDuty:
    """One promise of a grant. `due_on` is None where it holds at every output or always; `when` says so in words."""

    kind: str
    clause: str
    point: str
    sentence: str
    when: str
    due_on: date | None = None


# Kinds of duty that the agreement's schedule knows, as a member does them.
_SENTENCES = {
    "report": N_("Report what the data changed"),
    "statement": N_("State that the terms are kept"),
}
_EVERY = {
    7: N_("then weekly"),
    30: N_("then monthly"),
    90: N_("then quarterly"),
    180: N_("then half-yearly"),
    365: N_("then yearly"),
}


def dated_duties(
    terms: Sequence[EffectiveTerms], partner: str, starts_on: date, ends_on: date, seat: str | None
) -> tuple[DatedDuty, ...]:
    """The duties of a grant on several datasets, the strictest of each kind, in the order in which they fall due.

    Days are calendar days, as the agreement counts its reports, statements and deletions (clauses 18.6 and 20.1). Where a layer
    counts a duty in working days, they are no Saturday, Sunday or public holiday at the seat of who must act (clause 1). An
    organization's own days off move no day that stands in a signed letter.

    Args:
        partner: the name of the data partner, as the letter shows it.
        seat: the country of the member, or of who was handed data; None where it is not known.
    """
    found: dict[str, DatedDuty] = {}
    for each in terms:
        for duty in _duties(each, partner, starts_on, ends_on, Calendar(seat)):
            known = found.get(duty.kind)
            if known is None or (duty.due_on or date.max) < (known.due_on or date.max):
                found[duty.kind] = duty
    return tuple(sorted(found.values(), key=lambda duty: (duty.due_on is None, duty.due_on or date.max, duty.point)))


def _duties(
    terms: EffectiveTerms, partner: str, starts_on: date, ends_on: date, calendar: Calendar
) -> Iterator[DatedDuty]:
    scheduled = terms.get("duties")
    if scheduled is not None:
        for duty in as_duties(scheduled.value):
            yield _scheduled(duty, scheduled, starts_on, ends_on, calendar)
    yield from _clearance(terms, partner)
    credit = terms.get("attribution_required")
    if credit is not None and credit.value is True:
        yield _always(credit, "attribute", f"Name {partner} as the source", N_("in every output"))
    deletion = terms.get("deletion_days")
    if deletion is not None:
        due = ends_on + timedelta(days=as_number(deletion.value))
        certified = terms.value("deletion_certificate") is True
        sentence = N_("Delete the data and certify it") if certified else N_("Delete the data")
        yield DatedDuty("delete", deletion.clause, deletion.point, sentence, f"by {day_words(due)}", due)


def _scheduled(duty: Duty, rule: EffectiveRule, starts_on: date, ends_on: date, calendar: Calendar) -> DatedDuty:
    after = duty.first or duty.every
    days = after * 30 if duty.unit is Unit.MONTH else after
    in_working_days = duty.unit is Unit.WORKING_DAY
    due = add_working_days(starts_on, days, calendar) if in_working_days else starts_on + timedelta(days=days)
    due = min(due, ends_on)
    again = due + timedelta(days=duty.every) <= ends_on if duty.every else False
    rhythm = _EVERY.get(duty.every, f"then every {duty.every} days") if again else ""
    sentence = _SENTENCES.get(duty.kind, duty.id.replace("_", " ").capitalize())
    when = ", ".join(filter(None, (day_words(due), rhythm)))
    return DatedDuty(duty.kind, rule.clause, rule.point, sentence, when, due)


def _clearance(terms: EffectiveTerms, partner: str) -> Iterator[DatedDuty]:
    rule, days = terms.get("clearance_required"), terms.get("review_wd")
    if rule is not None and rule.value is True:
        ahead = f"{as_number(days.value)} working days ahead" if days else N_("before publication")
        yield _always(rule, "clear_output", f"Show each output to {partner} before publication", ahead)


def _always(rule: EffectiveRule, kind: str, sentence: str, when: str) -> DatedDuty:
    return DatedDuty(kind, rule.clause, rule.point, sentence, when)


def deletes(title: str) -> str:
    """The sentence of the duty to delete one dataset that was left out of a grant."""
    return f"Delete {title}"


def deletes_handed_over(number: str, organization: str) -> str:
    """The sentence of the duty to have a recipient delete what was handed over to it."""
    return f"Have {organization} delete what {number} handed over, and certify it"


def day_words(day: date) -> str:
    """A day as letters write it: 1 March 2027."""
    return f"{day.day} {day:%B} {day.year}"
