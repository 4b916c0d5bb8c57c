"""The shapes that the question bank is written in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class StepKey(StrEnum):
    """The five steps, in the order of the guide."""

    NEED = "need"
    SUPPLY = "supply"
    VALUE = "value"
    MATCH = "match"
    MEASURE = "measure"


class Shape(StrEnum):
    """What kind of thing is typed or chosen."""

    LINE = "line"
    WORDS = "words"
    CHOICE = "choice"
    CHOICES = "choices"
    COUNTRY = "country"
    COUNTRIES = "countries"
    DATE = "date"
    YEAR = "year"
    INDICATORS = "indicators"
    # Kept in tables of their own, not among the answers.
    DATASETS = "datasets"
    TEAM = "team"


class Source(StrEnum):
    """Where an answer may be filled in from before anybody types."""

    PROFILE = "profile"
    DATASET = "dataset"
    SIGN_IN = "sign_in"
    CALENDAR = "calendar"
    COPY = "copy"


# Text as typed, codes that were chosen, or rows of indicators. A date is 2027-03-14, or what was typed instead of one.
Answer = str | list[str] | list[dict[str, str]]


@dataclass(frozen=True)
class Part:
    """One field. Most answers have one part; pairs such as start and end have two, and count once.

    `limit` is in characters for a line, in words for words, and in rows or ticks for lists. `missing` is the sentence
    that says what to write when nothing is there. `term` names the parameter of the agreement that the answer asks for.
    """

    key: str
    shape: Shape
    missing: str = ""
    label: str = ""
    hint: str = ""
    limit: int = 0
    optional: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    # Needed only where another part has one of these answers.
    needed_if: tuple[str, frozenset[str]] | None = None
    term: str | None = None


@dataclass(frozen=True)
class Question:
    """One answer of the 23: what is asked, why, and an answer that worked."""

    key: str
    label: str
    parts: tuple[Part, ...]
    why: str = ""
    hint: str = ""
    example: str = ""
    sources: frozenset[Source] = frozenset()

    @property
    def is_group(self) -> bool:
        """Whether several fields make up the answer."""
        return len(self.parts) > 1


@dataclass(frozen=True)
class Step:
    """One page of the form. `minutes` is what it takes somebody who knows the project."""

    key: StepKey
    title: str
    lead: str
    asks: str
    minutes: int
    questions: tuple[Question, ...]

    def parts(self) -> Iterator[Part]:
        """Every field of the step, in reading order."""
        for question in self.questions:
            yield from question.parts


@dataclass(frozen=True)
class Bank:
    """A version of the form. Its id never changes once a proposal was sent under it."""

    id: str
    steps: tuple[Step, ...]
    declaration: tuple[str, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in order."""
        return tuple(question for step in self.steps for question in step.questions)

    def step(self, key: str) -> Step | None:
        """The step with this key."""
        return next((step for step in self.steps if step.key == key), None)

    def step_of(self, part_key: str) -> StepKey:
        """The step in which a field stands; questions of data partners stand with the datasets."""
        return next((s.key for s in self.steps if any(p.key == part_key for p in s.parts())), StepKey.SUPPLY)

    def part(self, key: str) -> Part | None:
        """The field with this key."""
        return next((part for step in self.steps for part in step.parts() if part.key == key), None)

    def question_of(self, part_key: str) -> Question | None:
        """The question that a field belongs to."""
        return next((q for q in self.questions if any(p.key == part_key for p in q.parts)), None)


@dataclass(frozen=True)
class ExtraQuestion:
    """A question of a data partner's own, shown as theirs. `key` stands for partner and wording together."""

    key: str
    partner: str
    text: str


@dataclass(frozen=True)
class Gap:
    """Something to mend before sending: the field, its step, and a sentence with its numbers."""

    key: str
    step: StepKey
    sentence: str
    values: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence with its numbers, untranslated."""
        return self.sentence % self.values if self.values else self.sentence
