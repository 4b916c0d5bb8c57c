"""A search as pages say it: in words, and as an address."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from flask import current_app, url_for
from flask_babel import get_translations
from flask_babel import gettext as _

from app.catalog.routes import words
from app.rules.regions import REGION_NAMES
from app.search.commands import LONGEST_NAME
from app.search.queries import Count, Names, SearchPage, Understood
from app.web.words import country_namer


def names() -> Names:
    """What countries and languages are called in the reader's language."""
    country = country_namer()
    return Names(
        lambda code: _(REGION_NAMES[code]) if code in REGION_NAMES else country(code),
        lambda code: words.language_names([code]),
    )


def address(endpoint: str, values: Mapping[str, object]) -> str:
    """An address with its question; a facet may be named several times."""
    question = urlencode(values, doseq=True)
    return f"{url_for(endpoint)}?{question}" if question else url_for(endpoint)


def whole(path: str) -> str:
    """The address under which everybody reaches a path of this installation."""
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") + path


def said(found: SearchPage) -> str:
    """The search as one line, at most as long as the name of a saved one."""
    chosen = [named(one) for counts in found.facets.values() for one in counts if one.is_chosen]
    parts = [part for part in (found.request.text, *chosen) if part]
    line = " · ".join(parts) or _("All datasets")
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1].rstrip() + "…"


def named(one: Count | Understood) -> str:
    """What a value of a facet is called, in the reader's language."""
    return namer()(one)


def namer() -> Callable[[Count | Understood], str]:
    """`named` for many values: the reader's language is asked for once."""
    catalog = get_translations()

    def name(one: Count | Understood) -> str:
        if not one.name:
            return ""
        words = str(catalog.ugettext(one.name))
        return words % one.facts if one.facts else words

    return name
