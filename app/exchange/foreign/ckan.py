"""What CKAN's extensions write: extras of DCAT, texts and keywords by language, and rhythms as a number of days."""

import json
from collections.abc import Iterator, Mapping

from app.exchange.foreign.properties import Found, Properties, objects

# The numbers of days that portals write for a rhythm, in words that are known; 14 days are no rhythm of a listing.
_DAYS = {
    "-2": "as needed", "-1": "never", "0": "live", "1": "daily", "7": "weekly", "30": "monthly", "90": "quarterly",
    "180": "R/P6M", "365": "annual",
}  # fmt: skip


def listed(value: object) -> object:
    """The list that a text holds as JSON; any other value as it is."""
    if not isinstance(value, str) or not value.startswith("["):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found if isinstance(found, list) and all(isinstance(one, str) for one in found) else value


def more_of_ckan(properties: Properties, extras: Mapping[str, object]) -> Iterator[tuple[str, Found]]:
    """The fields that extensions say in ways of their own."""
    start, end = extras.get("temporal_start"), extras.get("temporal_end")
    if start or end:
        yield "coverage", Found("", {"startDate": start, "endDate": end})
    if extras.get("publisher_name"):
        yield "publisher", Found("", extras["publisher_name"])
    spoken = properties.get("language")
    if listed(spoken) != spoken:
        yield "languages", Found("", listed(spoken))
    days = str(properties.get("data_update_frequency"))
    if days in _DAYS:
        yield "frequency", Found("", _DAYS[days])
    yield "keywords", Found("", _keywords(properties))
    yield "contact", Found("", _contact(properties, extras))


def _keywords(properties: Properties) -> list[object]:
    tags = [tag.get("display_name") or tag.get("name") for tag in objects(properties.get("tags"))]
    by_language = properties.get("keywords")
    if tags or not isinstance(by_language, Mapping):
        return list(tags)
    return [word for words in by_language.values() for word in (words if isinstance(words, list) else [words])]


def _contact(properties: Properties, extras: Mapping[str, object]) -> object:
    people = [(extras.get("contact_name"), extras.get("contact_email"))]
    people += [(properties.get(role), properties.get(f"{role}_email")) for role in ("maintainer", "author")]
    return next(({"fn": name, "hasEmail": email} for name, email in people if name or email), None)
