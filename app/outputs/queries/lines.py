"""The lines of a text on its page: what is said at each, and what became in the next version of those that were asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.outputs.models import OutputComment, OutputVersion


@dataclass(frozen=True)
class Said:
    """A remark, or a change asked for, with what was answered to it."""

    comment: OutputComment
    answers: Sequence[OutputComment]


@dataclass(frozen=True)
class Became:
    """What was asked of the version before, and how its line stands in this one: `now` are (number, text).

    `was` is empty where it was not asked at a line of a text, or this version is none.
    """

    said: Said
    was: str
    now: Sequence[tuple[int, str]]
    is_same: bool


def threads(version: OutputVersion) -> Sequence[Said]:
    """Everything that was said of a version, each with its answers, in the order of lines; what has no line comes first."""
    answers: dict[int, list[OutputComment]] = {}
    for each in version.comments:
        if each.answers_id is not None:
            answers.setdefault(each.answers_id, []).append(each)
    firsts = [each for each in version.comments if each.answers_id is None]
    return [Said(each, answers.get(each.id, ())) for each in sorted(firsts, key=lambda each: each.line or 0)]


def by_line(said: Sequence[Said]) -> Mapping[int, Sequence[Said]]:
    """The same by line; what has none is left out."""
    found: dict[int, list[Said]] = {}
    for each in said:
        if each.comment.line:
            found.setdefault(each.comment.line, []).append(each)
    return found


def what_became(asked: Sequence[Said], old: Sequence[str], new: Sequence[str]) -> Sequence[Became]:
    """What was asked for, beside what now stands in its place; `old` and `new` are the lines of the two texts, or none."""
    blocks = SequenceMatcher(None, old, new).get_opcodes() if old and new else []
    found = []
    for each in asked:
        place = (each.comment.line or 0) - 1
        block = next((block for block in blocks if block[1] <= place < block[2]), None)
        if block is None:
            found.append(Became(each, "", (), is_same=False))
            continue
        kind, begin, end, first, last = block
        # In a block of as many lines as before each stands where it stood.
        is_paired = kind == "equal" or end - begin == last - first
        span = range(first + place - begin, first + place - begin + 1) if is_paired else range(first, last)
        now = [(number + 1, new[number]) for number in span]
        found.append(Became(each, old[place], now, is_same=kind == "equal"))
    return found
