"""What somebody wrote in a reply: without the mail that it answers, and without the signature.

Every mail that can be replied to begins with a line of ours. Whatever stands below that line was not written by the one who
replies, whichever program quotes it and in whichever language, so the cut does not rest on guessing. What is left above it
is the program's own line ("On Tuesday … wrote:"), quoted lines and the signature. When in doubt, words are kept.
"""

import re
from html.parser import HTMLParser

import nh3

# The first words of the line that base.html and base.txt begin with. The rest of the line is translated; this is not.
MARK = "— — — Onepact"
LONGEST = 200_000
_SIGNATURE = ("-- ", "--", "__")
# How the programs of our four languages end the line above what they quote. It may be folded over two or three lines.
_WROTE = re.compile(r"(?:wrote|writes|escribió|escreveu|a écrit)\s*:\s*>?$", re.IGNORECASE)
_BEGINS = re.compile(r"^(?:On|El|Em|Le|A)\b.{0,400}", re.IGNORECASE | re.DOTALL)
_DIVIDER = re.compile(
    r"^\s*(?:_{10,}|-{2,}\s*(?:Original Message|Forwarded message|Mensaje original|Mensagem original|Message d'origine"
    r"|Message original)\s*-{2,})\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^\s*\*?(?:From|Sent|De|Enviado|Enviada|Envoyé|Date|Fecha|Data)\s?:\*?\s", re.IGNORECASE)
_PHONE = re.compile(
    r"^(?:Sent from my|Enviado desde mi|Enviado do meu|Envoyé de mon|Get Outlook for)\b.{0,60}$", re.IGNORECASE
)
_FOLDED = 3


def stripped(text: str) -> str:
    """The words of the reply itself; empty where it has none of its own."""
    lines = [line.replace("\xa0", " ").rstrip() for line in text[:LONGEST].splitlines()]
    lines = _above_mark(lines)
    lines = lines[: _end_of_words(lines)]
    kept = [line for line in lines if not line.startswith(">")]
    while kept and (not kept[-1].strip() or _PHONE.match(kept[-1])):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _above_mark(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if MARK in line:
            return _without_attribution(lines[:number])
    return lines


def _without_attribution(lines: list[str]) -> list[str]:
    """Without the line or two in which a program says whose mail follows."""
    end = len(lines)
    while end and not lines[end - 1].strip(" >"):
        end -= 1
    return lines[: _wrote_line(lines, end - 1)] if end and _wrote_line(lines, end - 1) is not None else lines[:end]


def _end_of_words(lines: list[str]) -> int:
    """Where the reply's own words end: at a divider, the head of a quoted mail, or the signature."""
    for number, line in enumerate(lines):
        if line.rstrip() in ("--", "__") or line in _SIGNATURE or _DIVIDER.match(line):
            return number
        start = _wrote_line(lines, number)
        if start is not None and _is_quoted_below(lines, number):
            return start
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _FIELD.match(line) and _FIELD.match(following):
            return number
    return len(lines)


def _wrote_line(lines: list[str], number: int) -> int | None:
    """Where the line begins that ends here with "wrote:"; None where it does not."""
    if not _WROTE.search(lines[number].strip(" >")):
        return None
    for start in range(number, max(number - _FOLDED, -1), -1):
        if _BEGINS.match(lines[start].lstrip("> ")):
            return start
    return None


def _is_quoted_below(lines: list[str], number: int) -> bool:
    below = [line for line in lines[number + 1 :] if line.strip()]
    return not below or below[0].startswith(">")


def plain(html: str) -> str:
    """The text of an HTML mail, without what it quotes, hides or runs."""
    reader = _Reader()
    # First made well formed in linear time, so that nothing can be built to keep the reader busy.
    reader.feed(nh3.clean(html[:LONGEST], tags=_TAGS, attributes=_NAMES, clean_content_tags=_SILENT))
    reader.close()
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(reader.found))
    return re.sub(r"[ \t]{2,}", " ", text)


_SILENT = {"style", "script", "title", "template", "blockquote"}
_LINES = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "ul", "ol", "table", "hr", "pre"}
_TAGS = _LINES | {"span", "a"}
_NAMES = {tag: {"class", "id"} for tag in ("div", "span", "a", "p")}
_QUOTES = ("gmail_quote", "gmail_attr", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote")
_QUOTE_IDS = {"appendonsend", "divRplyFwdMsg"}


class _Reader(HTMLParser):
    """Collects text; leaves out elements that show nothing, and those in which mail programs put the mail they answer."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _LINES and not self._silent:
            self.found.append("\n")
        if tag in ("br", "hr"):
            return
        is_quote = any(name in (values.get("class") or "") for name in _QUOTES) or values.get("id") in _QUOTE_IDS
        if self._silent or is_quote:
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent.pop()
        elif tag in _LINES:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(re.sub(r"\s+", " ", data.replace("\xa0", " ")))
