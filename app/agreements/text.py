"""From the Markdown of a version to its clauses: groups, stable slugs, points such as 4.1, and safe HTML of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_CLAUSE = re.compile(r"(?P<number>\d+) (?P<title>.+?) \{#(?P<slug>[a-z][a-z0-9-]*)\}")
_POINT = re.compile(r"(?P<number>\d+\.\d+) (?:\*\*(?P<title>.+?)\.?\*\*)?")
_TAGS = {"p", "ul", "li", "strong", "em", "a"}
_ATTRIBUTES = {"p": {"id"}, "ul": {"class"}, "a": {"href", "class"}}


class BadText(Exception):
    """The Markdown is not written as a version is; the message says where and how to mend it."""


@dataclass(frozen=True)
class Point:
    """One numbered sentence or paragraph of a clause. `number` is also its anchor on a page."""

    number: str
    title: str
    html: str
    text: str


@dataclass(frozen=True)
class Clause:
    """One clause: known by its slug in every version, shown by its number in this one."""

    slug: str
    number: int
    group: str
    title: str
    points: tuple[Point, ...]
    plain: str = ""

    @property
    def html(self) -> Markup:
        """The legal text of the clause, safe to print: each point was cleaned when it was read."""
        return Markup("\n".join(point.html for point in self.points))  # noqa: S704


def read_clauses(markdown: str) -> tuple[Clause, ...]:
    """The clauses of a version, in order, still without plain words.

    Raises:
        BadText: a heading has no slug, a paragraph no number, or a number is out of order.
    """
    clauses: list[Clause] = []
    group = ""
    for heading, body in _sections(_MARKDOWN.parse(markdown)):
        if heading.tag == "h2":
            group = heading.content
        if heading.tag == "h3":
            clauses.append(_clause(heading.content, group, body))
    _check_order(clauses)
    return tuple(clauses)


@dataclass(frozen=True)
class _Heading:
    tag: str
    content: str


def _sections(tokens: Sequence[Token]) -> list[tuple[_Heading, list[Token]]]:
    """Each heading with the tokens up to the next one."""
    sections: list[tuple[_Heading, list[Token]]] = [(_Heading("", ""), [])]
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            sections.append((_Heading(token.tag, tokens[place + 1].content), []))
        elif not (token.type == "heading_close" or (place and tokens[place - 1].type == "heading_open")):
            sections[-1][1].append(token)
    return sections


def _clause(heading: str, group: str, body: Sequence[Token]) -> Clause:
    match = _CLAUSE.fullmatch(heading)
    if match is None or not group:
        raise BadText(f"“{heading}”: write a clause's heading as “### 4 Title {{#slug}}”, under a group.")
    return Clause(match["slug"], int(match["number"]), group, match["title"], _points(match["slug"], body))


def _points(slug: str, body: Sequence[Token]) -> tuple[Point, ...]:
    blocks: list[list[Token]] = []
    for token in body:
        if token.type == "paragraph_open" and token.level == 0:
            blocks.append([])
        if not blocks:
            raise BadText(f"{slug}: begin the clause with a numbered paragraph.")
        blocks[-1].append(token)
    return tuple(_point(slug, block) for block in blocks)


def _point(slug: str, block: list[Token]) -> Point:
    content = block[1].content
    match = _POINT.match(content)
    if match is None:
        raise BadText(f"{slug}: “{content[:40]}…” needs a number such as 4.1 in front.")
    number = match["number"]
    block[0].attrSet("id", number)
    for token in block:
        if token.type == "bullet_list_open":
            token.attrSet("class", "op-items")
    html = _MARKDOWN.renderer.render(block, _MARKDOWN.options, {})
    linked = html.replace(
        f'<p id="{number}">{number} ', f'<p id="{number}"><a class="op-pointno" href="#{number}">{number}</a> ', 1
    )
    safe = nh3.clean(linked, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)
    text = "\n".join(token.content for token in block if token.type == "inline").replace("**", "").replace("*", "")
    return Point(number, match["title"] or "", safe, text)


def _check_order(clauses: Sequence[Clause]) -> None:
    if [clause.number for clause in clauses] != list(range(1, len(clauses) + 1)):
        raise BadText("Number the clauses 1, 2, 3 … in the order in which they stand.")
    if len({clause.slug for clause in clauses}) < len(clauses):
        raise BadText("Each clause needs a slug of its own.")
    for clause in clauses:
        wanted = [f"{clause.number}.{n}" for n in range(1, len(clause.points) + 1)]
        if [point.number for point in clause.points] != wanted:
            raise BadText(f"{clause.slug}: number its points {wanted[0]} to {wanted[-1]} in order.")
