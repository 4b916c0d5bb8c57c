"""What somebody typed, read as text: words to look for and to do without, places, years, goals, themes. Nothing is an error."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from app.foundation.words import N_
from app.rules.goals import GOALS, goal_called, goals_numbered
from app.rules.themes import theme_called
from app.rules.vocabulary import THEMES
from app.search.engine.analysis import words_of
from app.search.engine.values import EARLIEST, LATEST, Facet
from app.search.language.places import MOST_WORDS as LONGEST_PLACE
from app.search.language.places import city_named, is_place_here, joined_regions, places
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
_ELIDED = re.compile(r"\w['’ʼ]\w")
# What names the thing that is looked for, and nothing else.
_LISTING = frozenset({"dataset", "datasets"})


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
    literal = frozenset(word for must in musts for word in must)
    goals, rest = _goals(plain, literal, as_text)
    words = [Word(word, typed) for typed in rest.split() for word in words_of("and" if typed == "&" else typed)]
    named = _named(words)
    kept = _kept(words, {at for one in named for at in one}, is_question)
    kept = kept or [one for one in words if rest == plain and one.typed != "&"]
    placed = {words[at].word for one in named for at in one}
    about = [] if is_question else [one for one in kept if one.word not in placed and not one.word.isdecimal()]
    understood = [*goals, *_places(words, named, names), *_years(rest), *_theme(about, literal)]
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


def _theme(words: Sequence[Word], literal: frozenset[str]) -> list[Understood]:
    """The theme that these words name, all of them together but for those that stand for any data."""
    said = [one for one in words if one.weight == 1]
    theme = theme_called(" ".join(one.word for one in said))
    if theme is None or not literal.isdisjoint(one.word for one in said):
        return []
    return [Understood(Facet.THEME, theme.value, THEMES[theme], " ".join(_bare(one.typed) for one in said))]


def _is_question(text: str) -> bool:
    """Whether it is asked in a sentence: then most of its words are about asking."""
    words = words_of(text)
    if len(words) < 2:
        return False
    is_long = len(text.split()) >= _SHORTEST_QUESTION
    return text.rstrip().endswith("?") or (words[0] in OPENERS and (is_long or not DATA.isdisjoint(words)))


def _kept(words: Sequence[Word], placed: Collection[int], is_question: bool) -> list[Word]:
    """The words that say something.

    Args:
        placed: which of them name a place.
    """
    small = ASKING if is_question else SMALL
    telling = [at for at in range(len(words)) if not _is_small(words, at, small, placed)]
    if is_question:
        return [_light(words[at]) if words[at].word in AROUND else words[at] for at in telling]
    means = {at for at in telling if words[at].word in DATA and not _is_all_there_is(words, at, placed)}
    is_of_data = any(words[at].word in DATA for at in telling if at not in means)
    left = [at for at in telling if at in means or not is_of_data or words[at].word not in ABOUT_DATA]
    return [_light(words[at]) if at in means else words[at] for at in left or telling]


def _light(one: Word) -> Word:
    return replace(one, weight=_AROUND_WEIGHT)


def _is_small(words: Sequence[Word], at: int, small: Collection[str], placed: Collection[int]) -> bool:
    """Whether a word says nothing. A letter alone does: "hepatitis B"; but not what an apostrophe or a place's initials leave."""
    one = words[at]
    if len(one.word) > 1 or not one.word.isalpha():
        return one.word in small
    if _ELIDED.search(one.typed) or at in placed:
        return True
    return one.word in small and not _is_designation(words, at)


def _is_designation(words: Sequence[Word], at: int) -> bool:
    """Whether a letter that is also a small word ends the text, "vitamin a", or alone has its capital, "vitamin A deficiency"."""
    is_told_apart = not words[at].typed.islower() and any(one.typed.islower() for one in words)
    return at > 0 and words[at].word != "i" and (at == len(words) - 1 or is_told_apart)


def _is_all_there_is(words: Sequence[Word], at: int, placed: Collection[int]) -> bool:
    """Whether this word for data stands for any: "mobility data", "data on floods", "flood data 2020"; not in "data centers"."""
    if words[at].word in _LISTING:
        return True
    after = next((n for n in range(at + 1, len(words)) if words[n].word not in ABOUT_DATA), len(words))
    return after == len(words) or after in placed or words[after].word in SMALL or words[after].word.isdecimal()


def _named(words: Sequence[Word]) -> list[tuple[int, ...]]:
    """Which words name a country, a region or a city, by their numbers; the longest name counts."""
    known, found, start = places(), list[tuple[int, ...]](), 0
    said, typed = [one.word for one in words], [one.typed for one in words]
    while start < len(words):
        most = min(LONGEST_PLACE, len(words) - start)
        length = next((n for n in range(most, 0, -1) if " ".join(said[start : start + n]) in known), 0)
        if length and is_place_here(said, typed, start, start + length):
            found.append(tuple(range(start, start + length)))
        start += max(length, 1)
    taken = {at for one in found for at in one}
    return sorted(found + [more for one in found for more in joined_regions(said, typed, one, taken)])


def _places(words: Sequence[Word], named: Sequence[tuple[int, ...]], names: Names) -> list[Understood]:
    """The countries and regions that the words name, by their own name or by a city."""
    found = []
    for numbers in named:
        name = " ".join(words[at].word for at in numbers)
        typed = " ".join(dict.fromkeys(_bare(words[at].typed) for at in numbers))
        code = places()[name]
        found.append(Understood(Facet.COUNTRY, code, names.country(code), typed, city=city_named(name)))
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
