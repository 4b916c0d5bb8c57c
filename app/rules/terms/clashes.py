"""Contradictions between layers: found here, named with the two layers and, where there is one, a way out."""

from collections.abc import Sequence
from itertools import combinations

from app.foundation.words import N_
from app.rules.terms.effective import Conflict, ConflictKind, Source
from app.rules.terms.layers import LEVEL_NAMES
from app.rules.terms.operators import fold, join
from app.rules.terms.sentences import say
from app.rules.terms.specs import Operator, Spec
from app.rules.terms.values import as_codes, as_date, as_duties


def clash(spec: Spec, entries: Sequence[Source]) -> Conflict | None:
    """The contradiction among the values of one parameter, if there is any."""
    finder = {Operator.INTERSECT: _empty, Operator.EQUAL: _unequal, Operator.DUTY_MERGE: _duties}.get(spec.operator)
    return finder(spec, entries) if finder else None


def _empty(spec: Spec, entries: Sequence[Source]) -> Conflict | None:
    if spec.may_be_empty or as_codes(fold(spec, [source.value for source in entries])):
        return None
    for one, other in combinations(entries, 2):
        if not as_codes(join(spec, one.value, other.value)):
            return _nothing_left(spec, entries, (one, other))
    # No two layers exclude each other, but all together do: name the layer that takes the last of it, and the one before.
    last = next(n for n in range(1, len(entries) + 1) if not as_codes(fold(spec, [s.value for s in entries[:n]])))
    return _nothing_left(spec, entries, tuple(entries[max(last - 2, 0) : last]))


def _nothing_left(spec: Spec, entries: Sequence[Source], between: tuple[Source, ...]) -> Conflict:
    rest = [source.value for source in entries if source is not between[-1]]
    possible = as_codes(fold(spec, rest)) if rest else frozenset()
    hint = tuple(spec.vocabulary.shown(possible))
    if hint:
        text = N_(
            "%(label)s: %(one)s and %(other)s leave nothing that both allow. Without the latter, %(hint)s would be allowed."
        )
    else:
        text = N_("%(label)s: %(one)s and %(other)s leave nothing that both allow. Change one of the two.")
    if len(between) == 1:
        text = N_("%(label)s: %(one)s allows nothing at all. Choose at least one there, or leave it open.")
    names = [named(source) for source in between]
    facts = {"label": spec.label, "one": names[0], "other": names[-1], "hint": ", ".join(hint)}
    return Conflict(ConflictKind.EMPTY, between, say(text, **facts), hint)


def _unequal(spec: Spec, entries: Sequence[Source]) -> Conflict | None:
    pairs = ((one, other) for one, other in combinations(entries, 2) if one.value != other.value)
    return next((unequal(spec, one, other) for one, other in pairs), None)


def unequal(spec: Spec, one: Source, other: Source) -> Conflict:
    """Two layers that say different things where only one thing can hold."""
    text = N_("%(label)s: %(one)s and %(other)s say different things. Counsel decides which one changes.")
    return Conflict(ConflictKind.EQUAL, (one, other), say(text, label=spec.label, one=named(one), other=named(other)))


def _duties(spec: Spec, entries: Sequence[Source]) -> Conflict | None:
    for one, other in combinations(entries, 2):
        known = {duty.id: duty for duty in as_duties(one.value)}
        for duty in as_duties(other.value):
            twin = known.get(duty.id, duty)
            if (twin.kind, twin.unit) != (duty.kind, duty.unit):
                text = N_(
                    "%(label)s: %(one)s and %(other)s mean different things by %(id)s. Give one of them another id."
                )
                facts = {"label": spec.label, "one": named(one), "other": named(other), "id": duty.id}
                return Conflict(ConflictKind.DUTY, (one, other), say(text, **facts))
    return None


def dates(start: Source, end: Source) -> Conflict | None:
    """The contradiction of an end that does not come after its start."""
    if as_date(start.value) < as_date(end.value):
        return None
    text = N_(
        "The end (%(end)s, from %(other)s) does not come after the start (%(start)s, from %(one)s). Move one of them."
    )
    facts = {"start": start.value, "end": end.value, "one": named(start), "other": named(end)}
    return Conflict(ConflictKind.DATES, (start, end), say(text, **facts))


def capped(spec: Spec, cap: Source, wish: Source) -> Conflict:
    """The contradiction of an addendum's cap and a stricter wish: the data partner's steward decides."""
    text = N_("%(label)s: %(other)s asks for more than %(one)s can accept. The data partner's steward decides.")
    return Conflict(ConflictKind.CAP, (cap, wish), say(text, label=spec.label, one=named(cap), other=named(wish)))


def untouchable(spec: Spec, kind: ConflictKind, agreement: Source | None, other: Source) -> Conflict:
    """A layer sets what the agreement locks, or opens more than its ceiling: saved under another version, or around the check."""
    text = {
        ConflictKind.LOCKED: N_(
            "%(label)s: the common agreement fixes this, and %(other)s cannot change it. Take it out there."
        ),
        ConflictKind.CEILING: N_("%(label)s: %(other)s goes beyond what the common agreement allows. Lower it there."),
    }[kind]
    between = (agreement, other) if agreement else (other,)
    return Conflict(kind, between, say(text, label=spec.label, other=named(other)))


def prohibited(spec: Spec, permission: Source, ban: Source) -> Conflict:
    """Prohibitions that took out all that was permitted."""
    text = N_("%(label)s: the prohibitions of %(other)s leave nothing of what %(one)s permits. Change one of the two.")
    return Conflict(
        ConflictKind.EMPTY, (permission, ban), say(text, label=spec.label, one=named(permission), other=named(ban))
    )


def named(source: Source) -> str:
    """A layer in words: its kind and document."""
    return f"{LEVEL_NAMES[source.level].lower()} ({source.document})"
