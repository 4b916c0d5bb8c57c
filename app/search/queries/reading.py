"""What somebody typed, read as text: words to look for, words to do without, places, years and goals. Nothing is an error."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.foundation.words import N_
from app.rules.goals import GOALS, goal_called, goals_numbered
from app.search.engine.analysis import words_of
from app.search.engine.values import EARLIEST, LATEST, Facet
from app.search.language.places import MOST_WORDS as LONGEST_PLACE
from app.search.language.places import city_named, places
from app.search.language.stopwords import ABOUT_DATA, AROUND, ASKING, DATA, OPENERS, SMALL
from app.search.queries.asking import Names, Understood

MOST_WORDS = 32
# A question has at least so many words; what is only asked about counts so much less than what is asked for.
_SHORTEST_QUESTION = 5
_AROUND_WEIGHT = 0.3
# A sign belongs to a word where it stands directly before it and behind a space: "covid-19" takes nothing out.
_PIECE = re.compile(r'(?<!\S)([+-]?)"([^"]+)"|(?<!\S)([+-])(?=[^\s"+-])(\S+)|(\S+)')
_RANGE = re.compile(
    r"(?<!\d)(?:(?P<first>\d{4})\s*(?:-|–|\.{2,3}|to|a|à|au|até|hasta|until|bis)\s*(?P<last>\d{4})"
    r"|(?:between|entre)\s+(?P<low>\d{4})\s+(?:and|y|e|et)\s+(?P<high>\d{4}))(?!\d)",
    re.IGNORECASE,
)
# "2020-22". What may as well be a month, "2009-10", is none.
_SHORT_RANGE = re.compile(r"(?<![\d.,-])(\d{2})(\d{2})[-–/](1[3-9]|[2-9]\d)(?![\d-])")
_SINCE = re.compile(r"\b(?:since|desde|depuis)\s+(\d{4})(?![\d.,]?\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d.,-])(\d{4})(?![\d.,]?\d)")


@dataclass(frozen=True)
class Word:
    """A word to look for, as it is indexed; `typed` is how it stands in the text."""

    word: str
    typed: str
    weight: float = 1.0


@dataclass(frozen=True)
class Reading:
    """A text, read. `phrases`, `musts` and `nots` hold words that stand together; `years` is a period of the facet."""

    words: tuple[Word, ...] = ()
    musts: tuple[tuple[str, ...], ...] = ()
    nots: tuple[tuple[str, ...], ...] = ()
    is_question: bool = False
    understood: tuple[Understood, ...] = ()

    def without(self, facet: Facet) -> "Reading":
        """The same with nothing understood of one facet."""
        return replace(self, understood=tuple(one for one in self.understood if one.facet is not facet))

    def of(self, facet: Facet) -> tuple[Understood, ...]:
        """What was understood of one facet."""
        return tuple(one for one in self.understood if one.facet is facet)


def read(text: str, names: Names, as_text: frozenset[str] = frozenset()) -> Reading:
    """The text, read.

    Args:
        as_text: keys of what is read as plain words.
    """
    plain, musts, nots = _parted(text)
    is_question = _is_question(plain)
    goals, rest = _goals(plain, frozenset(word for must in musts for word in must), as_text)
    words = [Word(word, typed) for typed in rest.split() for word in words_of(typed)]
    kept = _kept(words, is_question) or ([] if rest != plain else words)
    understood = [*goals, *_places(words, names), *_years(rest)]
    return Reading(
        tuple(kept[:MOST_WORDS]),
        tuple(musts),
        tuple(nots),
        is_question,
        tuple(one for one in dict.fromkeys(understood) if one.key not in as_text),
    )


def _parted(text: str) -> tuple[str, list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The text without its signs and without what it excludes; what must be there; what must not."""
    plain: list[str] = []
    musts: list[tuple[str, ...]] = []
    nots: list[tuple[str, ...]] = []
    for piece in _PIECE.finditer(text):
        quoted_sign, quoted, sign, signed, other = piece.groups()
        said = quoted or signed or other
        words = tuple(words_of(said))
        if (quoted_sign or sign) == "-" and words:
            nots.append(words)
            continue
        if (quoted or sign == "+") and words:
            musts.append(words)
        plain.append(said.replace('"', " "))
    return " ".join(plain), musts, nots


def _goals(text: str, literal: frozenset[str], as_text: frozenset[str]) -> tuple[list[Understood], str]:
    """The goals that the text asks for, and the text without their numbers; words of a name are looked for as well.

    Args:
        literal: words of which a sign says that they themselves are meant.
    """
    called = goal_called(text)
    asked = [((called,), slice(None))] if called else goals_numbered(text)
    found: list[Understood] = []
    rest = text
    for goals, where in reversed(asked):  # from the end, so that what stands before stays where it is
        typed = text[where].strip()
        meant = [Understood(Facet.GOAL, goal, GOALS[goal], typed, narrows=not called) for goal in goals]
        meant = [one for one in meant if one.key not in as_text and literal.isdisjoint(words_of(typed))]
        if meant and not called:
            rest = f"{rest[: where.start]} {rest[where.stop :]}"
        found = meant + found
    return found, rest


def _is_question(text: str) -> bool:
    """Whether it is asked in a sentence: then most of its words are about asking."""
    words = words_of(text)
    if len(words) < 2:
        return False
    is_long = len(text.split()) >= _SHORTEST_QUESTION
    return text.rstrip().endswith("?") or (words[0] in OPENERS and (is_long or not DATA.isdisjoint(words)))


def _kept(words: Sequence[Word], is_question: bool) -> list[Word]:
    """The words that say something. Everything here is data, and a letter alone is what an apostrophe or a period leaves."""
    if not is_question:
        telling = [one for one in words if one.word not in SMALL and not _is_letter(one.word)]
        is_of_data = any(one.word in DATA for one in telling)
        return [one for one in telling if not is_of_data or one.word not in ABOUT_DATA] or telling
    telling = [one for one in words if one.word not in ASKING and not _is_letter(one.word)]
    return [Word(one.word, one.typed, _AROUND_WEIGHT if one.word in AROUND else 1.0) for one in telling]


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _places(words: Sequence[Word], names: Names) -> list[Understood]:
    """The countries and regions that the words name, by their own name or by a city; the longest name counts."""
    known, found, start = places(), [], 0
    while start < len(words):
        most = min(LONGEST_PLACE, len(words) - start)
        length = next(
            (n for n in range(most, 0, -1) if " ".join(one.word for one in words[start : start + n]) in known),
            0,
        )
        if not length:
            start += 1
            continue
        named = words[start : start + length]
        name = " ".join(one.word for one in named)
        typed = " ".join(dict.fromkeys(_bare(one.typed) for one in named))
        found.append(Understood(Facet.COUNTRY, known[name], names.country(known[name]), typed, city=city_named(name)))
        start += length
    return found


def _bare(typed: str) -> str:
    """What was typed without the marks around it; the last period of "R.D." is its own."""
    bare = typed.strip(".,;:!?()")
    return typed.strip(",;:!?()") if "." in bare else bare


def _years(text: str) -> list[Understood]:
    """The years in the text: from the first to the last of a range, from one on, or one alone."""
    found = [
        _period(int(one["first"] or one["low"]), int(one["last"] or one["high"]), one[0])
        for one in _RANGE.finditer(text)
    ]
    text = _RANGE.sub(" ", text)
    found += [_period(int(one[1] + one[2]), int(one[1] + one[3]), one[0]) for one in _SHORT_RANGE.finditer(text)]
    text = _SHORT_RANGE.sub(" ", text)
    found += [_period(int(one[1]), None, one[0]) for one in _SINCE.finditer(text)]
    found += [_period(int(one[1]), int(one[1]), one[0]) for one in _YEAR.finditer(_SINCE.sub(" ", text))]
    return [one for one in found if one is not None]


def _period(first: int, last: int | None, typed: str) -> Understood | None:
    """A period as the facet names it, without an end where it has none; None where it is not one that data covers."""
    if not EARLIEST <= first <= (first if last is None else last) <= LATEST:
        return None
    if last is None:
        return Understood(Facet.PERIOD, f"{first}-", N_("From %(year)s"), typed, {"year": first})
    if first == last:
        return Understood(Facet.PERIOD, str(first), N_("%(year)s"), typed, {"year": first})
    name, facts = N_("%(first)s to %(last)s"), {"first": first, "last": last}
    return Understood(Facet.PERIOD, f"{first}-{last}", name, typed, facts)
