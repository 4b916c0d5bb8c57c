"""Values of foreign catalogs that become one line of a listing: licenses, addresses, contacts, versions, languages, meters."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import unquote

from babel import Locale
from babel.core import get_global

from app.exchange.foreign.texts import address, one_text
from app.foundation.text import clean_line, fold
from app.rules.licenses import license_id

SHORTENED = 120
_LONGEST_ADDRESS = 2000
# A text that is one link of Markdown: its words, its address.
_ONE_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)\.?")

_MAILS = ("hasEmail", "mbox", "email", "hasValue", "@value", "@id")


def license_text(value: object) -> str:
    """The SPDX id where the license is one that is known, else its text or address; of several all, one after the other."""
    if isinstance(value, list) and not any(isinstance(item, Mapping) and "@value" in item for item in value):
        each = dict.fromkeys(text for item in value if (text := license_text(item)))
        return "; ".join(each)
    held = value[0] if isinstance(value, list) and value else value
    text = one_text(held) or ""
    link = _ONE_LINK.fullmatch(text.strip())
    said = [address(held), text, one_text(value) or "", *(link.groups() if link else ())]
    known = next((spdx for words in said if words and (spdx := license_id(words))), None)
    return known or clean_line(one_text(value) or address(value))


def web_address(value: object) -> str:
    """The address on the web that a value is or names; empty for any other."""
    found = address(value)
    is_web = found.startswith(("http://", "https://")) and len(found) <= _LONGEST_ADDRESS
    return found if is_web else ""


def contact(value: object) -> str:
    """Whom to write to: a name, an address, or both; of several the first that says one."""
    if isinstance(value, list) and any(isinstance(item, Mapping) and "@value" not in item for item in value):
        return next((found for item in value if (found := contact(item))), "")
    mail = mail_of(value)
    name = (one_text(value) or "").removeprefix("mailto:")
    both = f"{name} <{mail}>" if name and mail and name != mail else mail or name or address(value)
    return clean_line(both.removeprefix("mailto:"))[:300]


def mail_of(value: object) -> str:
    """The mail address that a contact has or is, as a text, as an address mailto:, or inside an object; empty without one."""
    if isinstance(value, list):
        return next((found for item in value if (found := mail_of(item))), "")
    if isinstance(value, Mapping):
        return next((found for key in _MAILS if (found := mail_of(value.get(key)))), "")
    said = clean_line(value) if isinstance(value, str) else ""
    is_web = said.startswith(("http://", "https://"))
    return unquote(said.removeprefix("mailto:").partition("?")[0]) if "@" in said and not is_web else ""


def release(value: object) -> str:
    """The version, also where it is a number."""
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else one_text(value)
    return clean_line(text or "")[:100]


def languages(value: object) -> tuple[str, ...]:
    """Codes of languages, of two letters where there are such; what is none is left out."""
    return tuple(dict.fromkeys(code for word in _words(value) if (code := _language(word))))


def no_languages(value: object) -> list[str]:
    """The words in a value that are no language."""
    return [word for word in _words(value) if not _language(word)]


def _words(value: object) -> list[str]:
    items = (
        value if isinstance(value, list) else value.replace(";", ",").split(",") if isinstance(value, str) else [value]
    )
    words = [address(item) or one_text(item) or "" for item in items]
    return [tail for word in words if (tail := word.strip().rstrip("/").rsplit("/", 1)[-1].strip())]


def _language(word: str) -> str:
    """The code that a word is or names; empty for any other. Of three letters nobody can say that they are none."""
    code = word.lower()[:20]
    base = re.split(r"[-_]", code)[0]
    if base in Locale("en").languages or re.fullmatch(r"[a-z]{3}", code):
        alias = get_global("language_aliases").get(code, "")
        return alias if len(alias) == 2 else code
    return _named_languages().get(fold(word), "")


@lru_cache(maxsize=1)
def _named_languages() -> dict[str, str]:
    """Codes by name, in the languages of the product."""
    return {
        fold(str(name)): code
        for language in ("fr", "pt", "es", "en")
        for code, name in Locale(language).languages.items()
        if code.isalpha()
    }


def meters(value: object) -> str:
    """A resolution in meters, in words."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g} m"
    text = clean_line(one_text(value) or "")[:30]
    return f"{text.removesuffix('.0')} m" if text else ""


def shortened(text: str) -> str:
    """The text on one line, cut for a message."""
    line = clean_line(text)
    return line if len(line) <= SHORTENED else f"{line[: SHORTENED - 1]}…"
