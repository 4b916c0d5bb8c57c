"""How long what stands in a mail may be: subjects, and the words that people wrote."""

from collections.abc import Mapping

LONGEST_SUBJECT = 60
MOST_WORDS = 45
MOST_WORDS_OF_SEVERAL = 30
MOST_LETTERS = 500
# What people typed, by the names under which templates get it.
_TYPED = frozenset({"words", "reason", "message", "question", "new_text", "why"})


def one_line(text: str) -> str:
    """A subject of at most 60 characters, ending in an ellipsis where it was longer."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip(" :,(") + "…"


def shortened(text: str, most: int = MOST_WORDS) -> str:
    """The first words, with their line breaks; the page behind the button has the rest."""
    if len(text) > MOST_LETTERS:
        text = text[:MOST_LETTERS].rstrip() + " …"
    kept: list[str] = []
    left = most
    for line in text.splitlines():
        words = line.split()
        if len(words) > left:
            return "\n".join([*kept, " ".join(words[:left])]).rstrip() + " …"
        kept.append(line.strip())
        left -= len(words)
    return "\n".join(kept)


def brief(context: Mapping[str, object]) -> dict[str, object]:
    """The context of a mail, with what people typed cut to what a mail has room for."""
    typed = {name: text for name in _TYPED if isinstance(text := context.get(name), str)}
    long = [text for text in typed.values() if len(text.split()) > MOST_WORDS_OF_SEVERAL]
    most = MOST_WORDS if len(long) <= 1 else MOST_WORDS_OF_SEVERAL
    return {**context, **{name: shortened(text, most) for name, text in typed.items()}}
