"""Whether a document is one page of its catalog alone: portals say how many datasets there are, or what comes next."""

from collections import Counter

from app.readers.entries import Names

# What an entry says of its catalog where the file is a part of it: how many of how many came.
PART = "a part of the catalog"
_TOTALS = frozenset({"numberMatched", "totalItems", "total_count", "totalCount"})
# They count something else as often, unless they stand beside CKAN's list or with what tells one page from the next.
_PERHAPS_TOTALS = frozenset({"count", "total", "matched"})
_OF_RESULTS = frozenset({"results", "packages"})
_OF_PAGES = frozenset({"offset", "limit", "start", "page", "page_size", "pageSize", "per_page", "numberReturned"})
_HYDRA_TOTAL = "totalItems"
_NEXT = frozenset({"nextPage", "next"})
# Deeper down they are words about something else.
_DEEPEST = 4
_MOST_PLACES = 200


def whole_or_part(came: int, total: int, goes_on: bool) -> dict[str, object]:
    """What entries say of a catalog of which so many came; nothing where that is all of it."""
    if total > came:
        return {PART: f"{came:,} of {total:,}"}
    return {PART: f"{came:,}, and there is a next page"} if goes_on and not total else {}


class Parts:
    """Counts what stands in each list of a document while it is parsed, and remembers what it says of the whole."""

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()
        self._totals: dict[str, int] = {}
        self._perhaps: dict[str, int] = {}
        self._paged: set[str] = set()
        self._goes_on: set[str] = set()

    def see(self, prefix: str, event: str, value: object, names: Names) -> None:
        """Take in one event of the parser."""
        if event == "start_map":
            self._count(prefix)
        elif event in ("number", "string") and value != "" and len(prefix) < 100 and prefix.count(".") <= _DEEPEST:
            self._note(prefix, value, names)

    def of(self, path: str, *others: str) -> dict[str, object]:
        """The same of the list at this place, with those of the catalogs inside its catalog."""
        around, _dot, name = path.rpartition(".")
        came = sum(self._held[place] or 1 for place in dict.fromkeys((path, *others)))
        total = self._totals.get(around, self._totals.get(_HYDRA_TOTAL, 0))
        if not total and (name in _OF_RESULTS or around in self._paged | self._goes_on):
            total = self._perhaps.get(around, 0)
        return whole_or_part(came, total, bool(self._goes_on & {around, _HYDRA_TOTAL}))

    def _count(self, prefix: str) -> None:
        place = prefix.removesuffix(".item") if prefix.endswith(".item") else ""
        if place and (place in self._held or len(self._held) < _MOST_PLACES):
            self._held[place] += 1

    def _note(self, prefix: str, value: object, names: Names) -> None:
        around, _dot, key = prefix.removesuffix(".@id").rpartition(".")
        if isinstance(value, str):
            if key == "rel" and value == "next" and around.endswith("links.item"):
                self._goes_on.add(around.removesuffix("links.item").removesuffix("."))
            elif "hydra" in prefix and names.of(key) in _NEXT:
                self._goes_on.add(_HYDRA_TOTAL)
            elif key in _NEXT and "." not in around:
                self._goes_on.add(around)
        elif isinstance(value, int) and len(self._totals) + len(self._perhaps) + len(self._paged) < _MOST_PLACES:
            self._note_number(around, key, value, names.of(key))

    def _note_number(self, around: str, key: str, value: int, name: str) -> None:
        if name in _TOTALS:
            self._totals[_HYDRA_TOTAL if name == _HYDRA_TOTAL else around] = value
        elif name in _PERHAPS_TOTALS:
            self._perhaps[around] = value
        elif key in _OF_PAGES:
            self._paged.add(around)
