"""What a format says in a shape of its own: STAC's extent, CKAN's extras, a package's resources. One function per format."""

from collections.abc import Callable, Iterator, Mapping

from app.exchange.foreign.ckan import listed, more_of_ckan
from app.exchange.foreign.dictionaries import fields_of
from app.exchange.foreign.properties import Found, Properties, objects
from app.exchange.foreign.texts import address, one_text
from app.readers import Format
from app.rules.licenses import license_id

_Shape = Callable[[Properties], Iterator[tuple[str, Found]]]

_EVERYWHERE = "World"


def shaped(format: Format, properties: Properties) -> dict[str, Found]:
    """The fields that this format says in a shape of its own."""
    shape = _SHAPES.get(format)
    return {field: found for field, found in shape(properties) if found.value} if shape else {}


def _dcat(properties: Properties) -> Iterator[tuple[str, Found]]:
    distributions = properties.get("distribution", "datasetDistribution")
    yield "dictionary", Found("", fields_of(distributions))
    if properties.find(("license", "licence")) is None:  # before what is said of rights in general
        licenses = [held for item in objects(distributions) if (held := item.get("license") or item.get("licence"))]
        if licenses and all(held == licenses[0] for held in licenses):
            yield "license", Found("", licenses[0])


def _table(properties: Properties) -> Iterator[tuple[str, Found]]:
    start, end = properties.get("startDate"), properties.get("endDate")
    if start or end:
        yield "coverage", Found("", {"startDate": start, "endDate": end})


def _stac(properties: Properties) -> Iterator[tuple[str, Found]]:
    extent = properties.get("extent")
    if isinstance(extent, Mapping):
        yield "coverage", Found("", _interval(extent.get("temporal")))
        yield "countries", Found("", _EVERYWHERE if _is_everywhere(extent.get("spatial")) else None)
    providers = objects(properties.get("providers"))
    if providers:
        yield "publisher", Found("", max(providers, key=_closeness).get("name"))
    yield "landing_page", Found("", _page(properties, providers))
    summaries = properties.get("summaries")
    held = summaries if isinstance(summaries, Mapping) else {}
    bands = next((held[name] for name in ("gee:schema", "bands", "eo:bands") if held.get(name)), None)
    columns = properties.get("gee:schema", "table:columns", "columns", "schema") or bands
    variables = properties.get("variables", "cube:variables")
    named = [{"name": name, **one} for name, one in variables.items()] if isinstance(variables, Mapping) else None
    yield "dictionary", Found("", columns or named)
    gsd = held.get("gsd")
    yield "spatial_resolution", Found("", gsd[0] if isinstance(gsd, list) and len(gsd) == 1 else None)
    if properties.get("license") in ("proprietary", "various", "other"):
        # The format has no more to say then; what the provider adds in words, or the address of its terms, does.
        links = [link.get("href") for link in objects(properties.get("links")) if link.get("rel") == "license"]
        words = one_text(properties.get("terms_of_use"))
        yield "license", Found("", words or next(iter(links), None) or properties.get("license"))


def _closeness(provider: Mapping[str, object]) -> int:
    """How near a provider is to the data: who made it, who licenses it, who prepared it, who keeps it."""
    roles = provider.get("roles")
    order = ("producer", "licensor", "processor")
    return max(
        (len(order) - place for place, role in enumerate(order) if isinstance(roles, list) and role in roles), default=0
    )


def _interval(temporal: object) -> object:
    intervals = temporal.get("interval") if isinstance(temporal, Mapping) else None
    first = intervals[0] if isinstance(intervals, list) and intervals else None
    return {"startDate": first[0], "endDate": first[1]} if isinstance(first, list) and len(first) == 2 else None


def _is_everywhere(spatial: object) -> bool:
    boxes = spatial.get("bbox") if isinstance(spatial, Mapping) else None
    box = boxes[0] if isinstance(boxes, list) and boxes else None
    if not isinstance(box, list) or len(box) not in (4, 6) or not all(isinstance(edge, int | float) for edge in box):
        return False
    (west, south), (east, north) = box[:2], box[len(box) // 2 :][:2]  # between them heights, where there are six
    return bool(east - west >= 350 and north - south >= 110)


def _page(properties: Properties, providers: list[Mapping[str, object]]) -> object:
    links = [link for link in objects(properties.get("links")) if link.get("rel") in ("about", "describedby", "via")]
    doi = one_text(properties.get("doi"))
    named = next((link.get("href") for link in links), None) or (f"https://doi.org/{doi}" if doi else None)
    return named or next((provider["url"] for provider in providers if provider.get("url")), None)


def _ckan(properties: Properties) -> Iterator[tuple[str, Found]]:
    extras = {str(extra.get("key")): listed(extra.get("value")) for extra in objects(properties.get("extras"))}
    for field, keys in _EXTRAS.items():
        value = next((extras[key] for key in keys if extras.get(key)), None)
        if value:
            yield field, Found("", value)
    yield from more_of_ckan(properties, extras)
    organization = properties.get("organization")
    if isinstance(organization, Mapping) and not extras.get("publisher_name"):
        yield "publisher", Found("", organization.get("title") or organization.get("name"))
    groups = [
        group.get("title") or group.get("display_name") or group.get("name")
        for group in objects(properties.get("groups"))
    ]
    theme = extras.get("theme") or []
    yield "themes", Found("", [*(theme if isinstance(theme, list) else [theme]), *groups])
    if groups and properties.get("spatial") is None and "countries" not in extras:
        yield "countries", Found("", groups)
    said = [
        one for name in ("license_id", "license_title", "license_url") if isinstance(one := properties.get(name), str)
    ]
    named = next((one for one in said if license_id(one)), None)
    yield "license", Found("", named or properties.get("license_title", "license_url", "license_id"))
    yield "dictionary", Found("", fields_of(properties.get("resources")))


# Where CKAN's portals keep what its packages have no property for.
_EXTRAS: dict[str, tuple[str, ...]] = {
    "coverage": ("temporal", "temporal_coverage", "temporal-extent"),
    "frequency": ("frequency", "update_frequency", "accrual_periodicity"),
    "languages": ("language", "metadata_language"),
    "identifier": ("guid",),
    "countries": ("countries", "country", "geographic_coverage"),
}


def _package(properties: Properties) -> Iterator[tuple[str, Found]]:
    people = [*objects(properties.get("contributors")), *objects(properties.get("sources"))]
    named = sorted(people, key=_farness)
    if named:
        yield "publisher", Found("", named[0].get("organization") or named[0].get("title") or named[0].get("name"))
    contact = next((one for one in people if one.get("email")), None)
    yield "contact", Found("", {"fn": contact.get("title"), "hasEmail": contact.get("email")} if contact else None)
    licenses = objects(properties.get("licenses"))
    if licenses:
        yield "license", Found("", [one.get("name") or one.get("path") or one.get("title") for one in licenses])
    yield "dictionary", Found("", fields_of(properties.get("resources")))


def _farness(person: Mapping[str, object]) -> int:
    order = ("publisher", "creator", "author")
    return next((place for place, role in enumerate(order) if role in _roles(person)), len(order))


def _roles(person: Mapping[str, object]) -> set[str]:
    roles = person.get("roles")
    return {str(role) for role in (roles if isinstance(roles, list) else [person.get("role")])}


def _schema_org(properties: Properties) -> Iterator[tuple[str, Found]]:
    identifier = properties.get("identifier")
    held = objects(identifier)
    if held:
        yield "identifier", Found("", held[0].get("value") or address(held[0]))
    elif identifier is None:
        yield "identifier", Found("", address(properties.get("@id", "sameAs", "url")))


_SHAPES: dict[Format, _Shape] = {
    Format.DCAT: _dcat,
    Format.DCAT_US: _dcat,
    Format.TABLE: _table,
    Format.STAC: _stac,
    Format.CKAN: _ckan,
    Format.DATA_PACKAGE: _package,
    Format.SCHEMA_ORG: _schema_org,
    Format.CROISSANT: _schema_org,
}
