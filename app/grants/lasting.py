"""A record whose last day moves before its letter is sealed: its terms and promises say the new day."""

from dataclasses import replace
from datetime import date

from app.grants.duties import dated_duties, day_words
from app.grants.moved import MovedDay
from app.grants.record import GrantedDataset, Record
from app.grants.succession import UNTIL, Succession


def lasting(record: Record, partner: str, ends_on: date, seat: str | None) -> Record:
    """The record with this last day: in its terms as well, and with its promises counted from that day.

    Args:
        partner: the data partner's name, as the letter shows it.
        seat: the country of the member, or of who was handed data; None where it is not known.
    """
    began = record.term_began_on
    datasets = tuple(_in_days(each, began, ends_on) for each in record.datasets)
    duties = dated_duties([each.terms for each in datasets], partner, began, ends_on, seat)
    succession = _following(record.succession, ends_on) if record.succession else None
    return replace(record, datasets=datasets, ends_on=ends_on, duties=duties, succession=succession)


def shortened(record: Record, partner: str, ends_on: date, seat: str | None, on: date) -> Record:
    """The same, with a note that the day moved after it was issued, which the letter prints; the arguments as `lasting`."""
    moved = MovedDay(on, record.ends_on, ends_on)
    return replace(lasting(record, partner, ends_on, seat), moved=(*record.moved, moved))


def _in_days(dataset: GrantedDataset, starts_on: date, ends_on: date) -> GrantedDataset:
    rules = dict(dataset.terms.rules)
    for name, day in (("start", starts_on), ("end", ends_on)):
        if name in rules:
            rules[name] = replace(rules[name], value=day)
    return replace(dataset, terms=replace(dataset.terms, rules=rules))


def _following(succession: Succession, ends_on: date) -> Succession:
    """What is not as in the letter before names the day that holds."""
    told = tuple(
        replace(each, after=day_words(ends_on)) if each.label == UNTIL else each for each in succession.differences
    )
    return replace(succession, differences=told)
