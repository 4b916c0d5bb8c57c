"""The formats that are known: what each is called, and by what one of its datasets is recognized. One row per format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.foundation.words import N_
from app.readers.entries import Format, Names, types_of

_Data = Mapping[str, object]


@dataclass(frozen=True)
class FormatRow:
    """A format: its name for people, and whether a node with these properties is a dataset of it."""

    name: str
    is_like: Callable[[_Data, Names], bool]


def _is_stac(data: _Data, _names: Names) -> bool:
    return "extent" in data and ("stac_version" in data or data.get("type") == "Collection")


def _is_croissant(data: _Data, names: Names) -> bool:
    says_so = "mlcommons.org/croissant" in str(data.get("conformsTo") or data.get("dct:conformsTo") or "").lower()
    return says_so or any(names.of(name) == "recordSet" for name in data)


def _is_schema_org(data: _Data, names: Names) -> bool:
    has_name = any(names.of(name) == "name" for name in data)
    has_title = any(names.of(name) == "title" for name in data)
    is_linked = "@type" in data or "schema.org" in str(names.context)
    return is_linked and has_name and not has_title


def _is_dcat_us(data: _Data, _names: Names) -> bool:
    return not data.keys().isdisjoint(
        {"accessLevel", "bureauCode", "programCode", "dataQuality", "primaryITInvestmentUII"}
    )


def _is_ckan(data: _Data, _names: Names) -> bool:
    marks = {"license_id", "owner_org", "metadata_created", "num_resources", "package_id", "license_title", "notes"}
    shapes = _holds_objects(data.get("tags")) or _holds_objects(data.get("resources"))
    return not data.keys().isdisjoint(marks) and (shapes or isinstance(data.get("organization"), Mapping))


def _is_data_package(data: _Data, _names: Names) -> bool:
    says_so = "data-package" in str(data.get("profile") or data.get("$schema") or "").replace(
        "datapackage", "data-package"
    )
    resources = data.get("resources")
    first = resources[0] if isinstance(resources, list) and resources else None
    return says_so or (isinstance(first, Mapping) and not first.keys().isdisjoint({"path", "schema", "data"}))


def _is_dcat(data: _Data, names: Names) -> bool:
    if "@type" in data or "@id" in data or any(":" in name for name in data):
        return True
    known = {"keyword", "distribution", "contactPoint", "accrualPeriodicity", "landingPage", "superTheme", "issued"}
    return names.context is not None or not data.keys().isdisjoint(known) or _is_bare(data)


def _is_bare(data: _Data) -> bool:
    """Whether the names are DCAT's and no one's own, as a list of titles has them."""
    return data.keys() <= {
        "title",
        "description",
        "identifier",
        "publisher",
        "theme",
        "spatial",
        "temporal",
        "language",
    }


# Asked in this order; what none of them knows is a row with names of its owner's own.
FORMATS: dict[Format, FormatRow] = {
    Format.STAC: FormatRow(N_("STAC Collections"), _is_stac),
    Format.CROISSANT: FormatRow(N_("Croissant"), _is_croissant),
    Format.SCHEMA_ORG: FormatRow(N_("schema.org Dataset"), _is_schema_org),
    Format.DCAT_US: FormatRow(N_("DCAT-US (data.json)"), _is_dcat_us),
    Format.CKAN: FormatRow(N_("CKAN packages"), _is_ckan),
    Format.DATA_PACKAGE: FormatRow(N_("Frictionless Data Package"), _is_data_package),
    Format.DCAT: FormatRow(N_("DCAT"), _is_dcat),
    Format.TABLE: FormatRow(N_("Rows of a table"), lambda _data, _names: True),
}


def format_of(data: _Data, names: Names) -> Format:
    """What a node is written in."""
    return next(known for known, row in FORMATS.items() if row.is_like(data, names))


def is_single(top: _Data, names: Names) -> bool:
    """Whether a document is one dataset, by what stands at its top."""
    types = {names.of(word) for word in types_of(top)}
    is_dataset = bool(types & {"Dataset", "DatasetSeries"})
    return is_dataset or _is_stac(top, names) or _is_croissant(top, names) or isinstance(top.get("resources"), list)


def _holds_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
