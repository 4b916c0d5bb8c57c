"""How long what stands in a mail may be: subjects, and the words that people wrote."""

from collections.abc import Mapping

LONGEST_SUBJECT = 60
MOST_WORDS = 45
# What people typed, by the names under which templates get it.
_TYPED = frozenset({"words", "reason", "message", "question"})


def one_line(text: str) -> str:
    """A subject of at most 60 characters, ending in an ellipsis where it was longer."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip(" :,(") + "…"


def shortened(text: str) -> str:
    """The first 45 words, with their line breaks; the page behind the button has the rest."""
    kept: list[str] = []
    left = MOST_WORDS
    for line in text.splitlines():
        words = line.split()
        if len(words) > left:
            return "\n".join([*kept, " ".join(words[:left])]).rstrip() + " …"
        kept.append(line.strip())
        left -= len(words)
    return "\n".join(kept)


def brief(context: Mapping[str, object]) -> dict[str, object]:
    """The context of a mail, with what people typed cut to what a mail has room for."""
    return {
        key: shortened(value) if key in _TYPED and isinstance(value, str) else value for key, value in context.items()
    }
