"""The UN's goals of a listing: those of its themes, and those that it names itself or that its catalog named for it."""

from collections.abc import Iterable, Iterator
from itertools import islice

from app.catalog.models import Dataset
from app.rules.goals import goals_in, goals_meant, goals_of_themes

# More than anybody names, and deeper than any catalog nests it.
_MOST_LABELS, _LONGEST_LABEL, _DEEPEST, _MOST_CHARACTERS = 200, 500, 8, 400_000


def goals_of(themes: Iterable[str], keywords: Iterable[str], texts: Iterable[str], came_as: object) -> tuple[str, ...]:
    """The numbers of the goals, in their order.

    Args:
        came_as: the catalog's own themes where they say more than ours do, as an import keeps them
            (`foreign["fuller"]["themes"]`). They count as long as nobody has chosen other themes.
    """
    chosen = tuple(themes)
    found = set(goals_of_themes(chosen))
    found.update(*map(goals_meant, keywords), *(goals_in(text[:_MOST_CHARACTERS]) for text in texts))
    read = came_as.get("read") if isinstance(came_as, dict) else None
    if isinstance(came_as, dict) and isinstance(read, list) and sorted(map(str, read)) == sorted(chosen):
        found.update(*map(goals_meant, _labels(came_as.get("value"))))
    return tuple(sorted(found, key=int))


def goals(dataset: Dataset) -> tuple[str, ...]:
    """The same of a listing whose themes are loaded."""
    fuller = dataset.foreign.get("fuller")
    came_as = fuller.get("themes") if isinstance(fuller, dict) else None
    texts = (dataset.title, dataset.summary, dataset.description)
    return goals_of(dataset.theme_codes, dataset.keywords, texts, came_as)


def _labels(value: object) -> list[str]:
    """The texts of a value of an import, whether it is one, a list of them, or objects that hold them."""
    return list(islice(_texts(value), _MOST_LABELS))


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value[:_LONGEST_LABEL]
    elif isinstance(value, list | dict) and depth < _DEEPEST:
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one, depth + 1)
