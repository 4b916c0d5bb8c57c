"""Texts of foreign catalogs: in several languages, inside objects, with markup."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from app.foundation.text import clean, clean_line

_PREFERRED = ("en", "", "es", "pt", "fr")
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_MARKUP = re.compile(r"</?(p|br|a|ul|ol|li|b|i|em|strong|div|span|h[1-6]|table|td|tr|img)\b[^>]*>", re.IGNORECASE)
_LABELS = ("@value", "name", "prefLabel", "label", "title", "fn", "hasEmail", "mbox", "value")
_SENTENCE = re.compile(r"^.{20,}?[.!?](?=\s|$)", re.DOTALL)


def one_text(value: object) -> str | None:
    """The text that a value holds; None when it holds none.

    Of several the English one, then the first that names no language, then one in a language that is known here.
    """
    found: dict[str, str] = {}
    for language, text in _texts(value):
        if language or "" not in found:
            found[language] = text
    if not found:
        return None
    best = next((found[code] for code in _PREFERRED if code in found), None)
    return best if best is not None else next(iter(found.values()))


def all_texts(value: object) -> list[str]:
    """Every text of a list, each on one line and once. A single text counts as a list parted by commas or semicolons."""
    if isinstance(value, str):
        parts = re.split(r"[;|]" if re.search(r"[;|]", value) else ",", value)
        return list(dict.fromkeys(line for line in map(clean_line, parts) if line))
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    texts = [one_text(item) or address(item) for item in items]
    return list(dict.fromkeys(clean_line(text) for text in texts if text and clean_line(text)))


def address(value: object) -> str:
    """The address that a value is or names; empty when there is none."""
    if isinstance(value, Mapping):
        value = (
            value.get("@id")
            or value.get("hasEmail")
            or value.get("mbox")
            or value.get("email")
            or value.get("url")
            or ""
        )
    if isinstance(value, list):
        return next((found for item in value if (found := address(item))), "")
    return clean_line(value) if isinstance(value, str) else ""


def without_markup(text: str) -> str:
    """The text without HTML, paragraphs kept; unchanged when it has none."""
    if not _MARKUP.search(text):
        return text
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return clean(re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+", " ", "".join(reader.pieces))))


def first_sentence(text: str, longest: int) -> str:
    """The first sentence on one line, cut between words where it is too long."""
    start = clean_line(_bare(text)[: 8 * longest])
    found = _SENTENCE.match(start)
    sentence = found[0] if found else start
    if len(sentence) <= longest:
        return sentence
    return sentence[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def without_links(text: str) -> str:
    """A line without the addresses of Markdown's links: their words alone."""
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text) if "](" in text else text


def _bare(text: str) -> str:
    """Without the marks of Markdown: links as their words."""
    return re.sub(r"[*_`#>]+", "", re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text))


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """Each text with its language, which is empty where it names none."""
    if isinstance(value, str):
        if value:
            yield "", value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Mapping):
        yield from _texts_of_object(value)


def _texts_of_object(value: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    plain = value.get("@value")
    if isinstance(plain, str):
        yield str(value.get("@language") or "").lower().split("-")[0], plain
    elif value and all(_LANGUAGE.fullmatch(str(key)) and isinstance(text, str) for key, text in value.items()):
        for language, text in value.items():
            yield language.lower().split("-")[0].split("_")[0], str(text)
    else:
        inner = next((value[label] for label in _LABELS if value.get(label)), None)
        yield from _texts(inner)


class _Reader(HTMLParser):
    """Collects the words of HTML; blocks become paragraphs, items become lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        self.pieces.append({"li": "\n- ", "br": "\n", "tr": "\n"}.get(tag, "\n\n" if tag in _BLOCKS else ""))

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0
        self.pieces.append("\n\n" if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


_BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
