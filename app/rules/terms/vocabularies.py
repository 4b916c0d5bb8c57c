"""Lists of codes that parameters choose from: flat, as a tree (`dev.health` lies under `dev`), or of countries in regions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.rules.terms.values import Codes


@dataclass(frozen=True)
class Vocabulary:
    """Codes with their labels. An empty vocabulary is open: any code is taken as it is written."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    members: Codes = frozenset()
    is_tree: bool = False
    regions: Mapping[str, Codes] = field(default_factory=dict)
    list_version: str = ""

    def knows(self, code: str) -> bool:
        """Whether the code is in the list; an open list knows every code."""
        return not self.members or code in self.members or code in self.regions

    def normal(self, codes: Iterable[str]) -> Codes:
        """Regions as their countries, and of parent and child only the parent."""
        wide = {leaf for code in codes for leaf in self.regions.get(code, frozenset({code}))}
        if not self.is_tree:
            return frozenset(wide)
        return frozenset(code for code in wide if not any(covers(other, code) for other in wide - {code}))

    def meet(self, one: Codes, other: Codes) -> Codes:
        """What both allow; where one names a parent and the other its child, the child."""
        if not self.is_tree:
            return one & other
        both = {b for a in one for b in other if covers(a, b)} | {a for a in one for b in other if covers(b, a)}
        return self.normal(both)

    def without(self, codes: Codes, prohibited: Codes) -> Codes:
        """The codes less those that are prohibited, themselves or with their parent."""
        if not self.is_tree:
            return codes - prohibited
        return frozenset(code for code in codes if not any(covers(ban, code) for ban in prohibited))

    def shown(self, codes: Codes) -> list[str]:
        """The codes for a reader: whole regions by their name, the rest one by one, sorted."""
        left, names = set(codes), []
        for region in sorted(self.regions, key=lambda name: (-len(self.regions[name]), name)):
            if self.regions[region] <= left:
                names.append(region)
                left -= self.regions[region]
        return [*names, *sorted(left)]

    def label(self, code: str) -> str:
        """The words for a code; the code itself where it has none."""
        return self.labels.get(code, code)


OPEN = Vocabulary("open")


def covers(parent: str, child: str) -> bool:
    """Whether a code of a tree is another one or stands above it."""
    return child == parent or child.startswith(parent + ".")
