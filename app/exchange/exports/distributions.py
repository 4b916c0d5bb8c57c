"""The files of a dataset that an import carried along, as distributions in the shape that DCAT-AP asks for.

Each leads somewhere: where it says no address, to the dataset's own page, where access begins. A format is a concept of the EU's
table and a media type one of IANA's register, as the profile demands; what is in neither goes out as a word.
"""

import re
from collections.abc import Iterator, Mapping

from app.catalog.models import Dataset
from app.exchange.exports import concepts
from app.exchange.exports.addresses import web_address
from app.exchange.exports.dcat import status_of
from app.exchange.exports.nodes import Iri, Node, Text, Value
from app.exchange.exports.site import Site
from app.exchange.foreign.keeping import Kept
from app.exchange.foreign.texts import address, one_text
from app.exchange.foreign.values import license_text
from app.readers import Format
from app.readers.entries import local_name
from app.rules.licenses import license_of

_MOST = 200
# Under which name each format lists its files.
_FILES: dict[Format, str] = {
    Format.DCAT: "distribution",
    Format.DCAT_US: "distribution",
    Format.SCHEMA_ORG: "distribution",
    Format.CROISSANT: "distribution",
    Format.STAC: "assets",
    Format.CKAN: "resources",
    Format.DATA_PACKAGE: "resources",
}
# What each property is called in one format or another, the likeliest first.
_TITLE, _DESCRIPTION = ("title", "name"), ("description",)
_ACCESS = ("accessURL", "url")
_DOWNLOAD = ("downloadURL", "contentUrl", "href", "path", "download_url")
_FORMAT = ("format", "encodingFormat", "fileFormat")
_MEDIA = ("mediaType", "mimetype", "mediatype", "encodingFormat", "type", "format")
_SIZE = ("byteSize", "size", "bytes", "contentSize", "file:size")
_LICENSE = ("license", "licence", "licenses")
# Formats as they are written, by the code of the EU's table where that is another word.
_SAME = "CSV TSV TXT JSON XML HTML PDF XLS XLSX ODS ZIP GZIP GEOJSON KML KMZ GML SHP TIFF PNG JPEG JSON_LD RDF_XML RDF_TURTLE"
_CODES = {
    **{word: word for word in _SAME.split()},
    "JSONLD": "JSON_LD", "TTL": "RDF_TURTLE", "TURTLE": "RDF_TURTLE", "TIF": "TIFF", "JPG": "JPEG", "SHAPEFILE": "SHP",
    "EXCEL": "XLSX", "GZ": "GZIP", "TEXT": "TXT",
}  # fmt: skip
_AUTHORITY = re.compile(r"https?://publications\.europa\.eu/resource/authority/file-type/([A-Z0-9_]+)")
_MEDIA_TYPE = re.compile(
    r"(?:https?://www\.iana\.org/assignments/media-types/)?"
    r"((?:application|audio|font|image|message|model|multipart|text|video)/[a-z0-9][a-z0-9.+-]*)(?:;.*)?"
)
_IANA = "https://www.iana.org/assignments/media-types/"
_WORDS_OF_FORMAT = "http://purl.org/dc/elements/1.1/format"


def distributions(kept: Kept, row: Dataset, site: Site) -> Iterator[Node]:
    """A distribution for each file that the catalog named."""
    name = next((name for form, name in _FILES.items() if form == kept.format), None)
    files = next((value for term, value in kept.kept.items() if name and local_name(term) == name), None)
    if kept.format == Format.STAC and isinstance(files, Mapping):
        files = list(files.values())
    for number, item in enumerate((files if isinstance(files, list) else [files])[:_MOST], 1):
        if isinstance(item, Mapping):
            yield _distribution(item, f"{site.dataset(row)}#distribution-{number}", row, site)


def plain_values(value: object) -> Iterator[Text]:
    """The texts in a value, each with its language."""
    for item in (value if isinstance(value, list) else [value])[:_MOST]:
        if isinstance(item, str) and item:
            yield Text(item)
        elif isinstance(item, Mapping) and isinstance(item.get("@value"), str) and set(item) <= {"@value", "@language"}:
            yield Text(str(item["@value"]), language=_tag(item.get("@language")))


def _distribution(item: Mapping[str, object], iri: str, row: Dataset, site: Site) -> Node:
    download = _address(_held(item, _DOWNLOAD))
    access = _address(_held(item, _ACCESS)) or download or web_address(row.landing_page) or site.dataset(row)
    said: list[tuple[str, Value]] = [("dcat:accessURL", Iri(access))]
    if download:
        said.append(("dcat:downloadURL", Iri(download)))
    said += [("dct:title", text) for text in plain_values(_held(item, _TITLE))]
    said += [("dct:description", text) for text in plain_values(_held(item, _DESCRIPTION))]
    said += [("adms:status", node) for node in status_of(row, "distribution")]
    said += [*_format(item), *_media_type(item), *_size(item), *_license(item, iri)]
    return Node(iri, ("dcat:Distribution",), tuple(said))


def _format(item: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    said = [words for held in _all_held(item, _FORMAT) if (words := _words(held))]
    code = next((code for words in said if (code := _code(words))), None)
    others = (words for words in said if not _MEDIA_TYPE.fullmatch(words.lower()))
    if code:
        yield "dct:format", concepts.file_type(code)
    elif words := next(others, ""):
        yield _WORDS_OF_FORMAT, Text(words)


def _code(words: str) -> str | None:
    listed = _AUTHORITY.fullmatch(words)
    return listed[1] if listed else _CODES.get(re.sub(r"[\s-]+", "_", words.strip(". ").upper()))


def _media_type(item: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    said = (_MEDIA_TYPE.fullmatch(_words(held).lower()) for held in _all_held(item, _MEDIA))
    found = next((match[1] for match in said if match), None)
    if found:
        yield "dcat:mediaType", Node(_IANA + found, ("dct:MediaType",), is_shared=True)


def _size(item: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    held = _held(item, _SIZE)
    if isinstance(held, Mapping):
        held = held.get("@value")
    number = re.fullmatch(r"(\d{1,18})(?:\.0+)?", str(held).strip()) if not isinstance(held, bool) else None
    if number:
        yield "dcat:byteSize", Text(number[1], "xsd:nonNegativeInteger")


def _license(item: Mapping[str, object], iri: str) -> Iterator[tuple[str, Value]]:
    held = _held(item, _LICENSE)
    if isinstance(held, list) and held and isinstance(held[0], Mapping) and "name" in held[0]:
        held = held[0]["name"]  # of a package's resource
    words = license_text(held)
    known = license_of(words)
    where = web_address(words) or (known.address if known else None)
    if where:
        yield "dct:license", Node(where, ("dct:LicenseDocument",))
    elif words:
        yield "dct:rights", Node(f"{iri}-rights", ("dct:RightsStatement",), (("rdfs:label", Text(words)),))


def _all_held(item: Mapping[str, object], names: tuple[str, ...]) -> Iterator[object]:
    """What stands under these names, the first of them first."""
    plain: dict[str, object] = {}
    for key, value in item.items():
        if value not in (None, "", [], {}):
            plain.setdefault(key if key in names else local_name(key), value)
    return (plain[name] for name in names if name in plain)


def _held(item: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next(_all_held(item, names), None)


def _words(value: object) -> str:
    return (one_text(value) or address(value)).strip()


def _address(value: object) -> str | None:
    for item in value if isinstance(value, list) else [value]:
        text = item.get("@id") or item.get("@value") if isinstance(item, Mapping) else item
        if isinstance(text, str) and (found := web_address(text)):
            return found
    return None


def _tag(language: object) -> str:
    text = str(language or "")
    return text.lower() if text.replace("-", "").isalnum() and text.isascii() and text[:1].isalpha() else ""
