"""Which properties each field of a listing is read from, by format: one table, by plain names. The first that is there counts."""

from app.readers import Format

FIELDS = (
    "identifier", "title", "description", "publisher", "keywords", "themes", "countries", "coverage", "frequency", "languages",
    "contact", "license", "landing_page", "release", "spatial_resolution", "dictionary",
)  # fmt: skip

_DCAT: dict[str, tuple[str, ...]] = {
    "identifier": ("identifier",),
    "title": ("title", "name", "label"),
    "description": ("description", "notes", "abstract", "comment"),
    "publisher": ("publisher", "creator", "provider", "organization"),
    "keywords": ("keyword", "keywords", "tags", "subject"),
    "themes": ("theme", "themes", "superTheme", "groups", "category"),
    # The longer names are what the context of DCAT-AP 3 calls the same terms.
    "countries": ("spatial", "spatialCoverage", "geographicalCoverage", "countries", "coverage"),
    "coverage": ("temporal", "temporalCoverage"),
    "frequency": ("accrualPeriodicity", "frequency"),
    "languages": ("language", "inLanguage"),
    "contact": ("contactPoint", "contact", "maintainer"),
    "license": (
        "license",
        "licence",
        "rights",
        "conditionsOfAccess",
    ),  # accessRights say who may come, not on which terms
    "landing_page": ("landingPage", "url", "page", "homepage", "documentation"),
    "release": ("version", "hasVersion", "versionInfo"),
    "spatial_resolution": ("spatialResolutionInMeters", "spatialResolution"),
}
_SCHEMA_ORG: dict[str, tuple[str, ...]] = {
    **_DCAT,
    "title": ("name", "headline", "title"),
    "description": ("description", "abstract"),
    "publisher": ("publisher", "creator", "provider", "sourceOrganization", "author"),
    "keywords": ("keywords", "keyword"),
    "themes": ("about", "genre", "theme"),
    "contact": ("contactPoint", "contact"),
    # In our own exports the release in its partner's words stands beside the number that Croissant asks for.
    "release": ("release", *_DCAT["release"]),
    "license": ("license", "usageInfo", "conditionsOfAccess"),
    "landing_page": ("url", "mainEntityOfPage", "sameAs"),
    "dictionary": ("recordSet", "variableMeasured"),
}

TERMS: dict[Format, dict[str, tuple[str, ...]]] = {
    Format.DCAT: _DCAT,
    Format.DCAT_US: {**_DCAT, "license": ("license", "rights", "accessLevelComment")},
    Format.SCHEMA_ORG: _SCHEMA_ORG,
    Format.CROISSANT: _SCHEMA_ORG,
    Format.TABLE: {**_DCAT, "title": ("title",), "description": ("description",), "keywords": ("keyword",)},
    Format.CKAN: {
        "identifier": ("id", "name"),
        "title": ("title", "title_translated", "name"),
        "description": ("notes", "notes_translated", "description", "notes_snippet"),
        "publisher": ("organization", "author", "dataset_source"),
        "keywords": ("tags", "keywords"),
        "themes": ("groups",),
        "countries": ("spatial", "groups", "countries"),
        "coverage": ("temporal", "dataset_date"),
        "frequency": ("frequency", "update_frequency", "accrual_periodicity", "data_update_frequency"),
        "languages": ("language",),
        "landing_page": ("url",),
        "release": ("version",),
    },
    Format.STAC: {
        "identifier": ("id",),
        "title": ("title", "id"),
        "description": ("description",),
        "keywords": ("keywords",),
        "license": ("license",),
        "languages": ("language",),
        "release": ("version",),
    },
    Format.DATA_PACKAGE: {
        "identifier": ("id", "name"),
        "title": ("title", "name"),
        "description": ("description", "readme"),
        "keywords": ("keywords",),
        "themes": ("themes", "theme"),
        "countries": ("spatial", "countries"),
        "coverage": ("temporal",),
        "frequency": ("frequency", "accrualPeriodicity"),
        "languages": ("language", "languages"),
        "license": ("licenses", "license"),
        "landing_page": ("homepage",),
        "release": ("version",),
    },
}
