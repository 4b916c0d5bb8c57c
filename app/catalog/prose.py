"""Texts that partners write, in Markdown or plain, as HTML that can do no harm."""

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# A description of this many characters is already a long read; the rest is in the files for programs.
LONGEST_SHOWN = 12_000
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_block", "html_inline"])
# A line end behind a full line of running text comes from an editor, not from a writer, and so does one in the midst of a
# sentence; behind a short line it is meant.
_HARD_WRAPPED = re.compile(r"(?<=[^\n]{79}[^\n|\s])\n(?=[^\s\-*+#>|\d])|(?<=[^\n]{39}[^\n|\s.:;!?])\n(?=[a-zà-öø-ÿ(])")
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "code", "pre", "blockquote", "br"}
_HEADING = re.compile(r"<(/?)h[1-6]>")


def prose(text: str) -> Markup:
    """The text as paragraphs, lists and links. Headings become bold lines: a page has its own. Markup is shown as typed."""
    shown = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN].rsplit(None, 1)[0] + " …"
    shown = _HARD_WRAPPED.sub(" ", shown)
    html = _HEADING.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", _MARKDOWN.render(shown))
    safe = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, link_rel="nofollow noopener noreferrer")
    return Markup(safe)  # noqa: S704 - cleaned in the line above
