"""Sentences about terms, kept apart from their facts so that they can be translated."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """A sentence with named gaps, and what fills them. `str()` gives it in English."""

    text: str
    facts: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """The sentence in English, gaps filled."""
        return self.text % dict(self.facts)


def say(text: str, **facts: object) -> Sentence:
    """A sentence and its facts."""
    return Sentence(text, tuple(sorted((name, str(fact)) for name, fact in facts.items())))
