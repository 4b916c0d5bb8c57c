"""The closed lists that listings and proposals choose from, with the words people see."""

from enum import StrEnum

from app.foundation.words import N_

# The whole world where a country stands otherwise: its code in UN M49 and in CLDR, which knows its name in each language.
WORLD = "001"


class AccessMode(StrEnum):
    """How data, or what comes of it, reaches the member."""

    OPEN_API = "open_api"
    DASHBOARD = "dashboard"
    BROKERED_COPY = "brokered_copy"
    QUERY_SERVICE = "query_service"
    POOLED_STORE = "pooled_store"
    SECURE_TRANSFER = "secure_transfer"
    ENCLAVE = "enclave"
    FELLOWSHIP = "fellowship"
    CHALLENGE_EXTRACT = "challenge_extract"
    REPORT = "report"
    INDICATOR_OR_MODEL = "indicator_or_model"
    SYNTHETIC_DATA = "synthetic_data"


class CollaborativeType(StrEnum):
    """The six types of data collaborative that GovLab names."""

    PUBLIC_INTEREST = "public_interest"
    TRUSTED_INTERMEDIARY = "trusted_intermediary"
    DATA_POOLING = "data_pooling"
    RESEARCH_PARTNERSHIP = "research_partnership"
    PRIZES_AND_CHALLENGES = "prizes_and_challenges"
    INTELLIGENCE_GENERATION = "intelligence_generation"


class Sensitivity(StrEnum):
    """The sensitivity class: 1 is harmless, 4 would hurt people if it leaked."""

    CLASS_1 = "1"
    CLASS_2 = "2"
    CLASS_3 = "3"
    CLASS_4 = "4"


class Visibility(StrEnum):
    """Who may know of a listing."""

    PUBLIC = "public"
    MEMBERS = "members"
    NAMED = "named"


class Theme(StrEnum):
    """What a dataset or a proposal is about."""

    AGRICULTURE = "agriculture"
    CLIMATE = "climate"
    CONNECTIVITY = "connectivity"
    ECONOMY = "economy"
    EDUCATION = "education"
    ENERGY = "energy"
    ENVIRONMENT = "environment"
    GOVERNANCE = "governance"
    HEALTH = "health"
    HUMANITARIAN = "humanitarian"
    LABOR = "labor"
    MOBILITY = "mobility"
    PAYMENTS = "payments"
    POPULATION = "population"
    SATELLITE = "satellite"
    URBAN = "urban"
    WATER = "water"
    OTHER = "other"


class Frequency(StrEnum):
    """How often a dataset is refreshed; the words of DCAT-AP's frequency table that occur in practice."""

    CONTINUOUS = "continuous"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"
    IRREGULAR = "irregular"
    ONCE = "once"
    UNKNOWN = "unknown"


class Granularity(StrEnum):
    """The finest area that data tells apart, from the finest to the widest."""

    POINT = "point"
    GRID = "grid"
    DISTRICT = "district"
    CITY = "city"
    REGION = "region"
    COUNTRY = "country"


class Reason(StrEnum):
    """Why a dataset was not approved. The register counts them, so the list is closed."""

    NOT_THE_RIGHT_DATA = "not_the_right_data"
    FINER_THAN_NEEDED = "finer_than_needed"
    PURPOSE_OUTSIDE_AGREEMENT = "purpose_outside_agreement"
    PEOPLE_NOT_COVERED = "people_not_covered"
    PLACE_OF_STORAGE = "place_of_storage"
    TOO_LONG = "too_long"
    TOO_EARLY = "too_early"
    OTHER = "other"


ACCESS_MODES: dict[AccessMode, str] = {
    AccessMode.OPEN_API: N_("Open API"),
    AccessMode.DASHBOARD: N_("Dashboard"),
    AccessMode.BROKERED_COPY: N_("Brokered copy"),
    AccessMode.QUERY_SERVICE: N_("Query service"),
    AccessMode.POOLED_STORE: N_("Pooled store"),
    AccessMode.SECURE_TRANSFER: N_("Secure transfer"),
    AccessMode.ENCLAVE: N_("Enclave"),
    AccessMode.FELLOWSHIP: N_("Fellowship"),
    AccessMode.CHALLENGE_EXTRACT: N_("Challenge extract"),
    AccessMode.REPORT: N_("Report"),
    AccessMode.INDICATOR_OR_MODEL: N_("Indicator or model"),
    AccessMode.SYNTHETIC_DATA: N_("Synthetic data"),
}

COLLABORATIVE_TYPES: dict[CollaborativeType, str] = {
    CollaborativeType.PUBLIC_INTEREST: N_("Public interest"),
    CollaborativeType.TRUSTED_INTERMEDIARY: N_("Trusted intermediary"),
    CollaborativeType.DATA_POOLING: N_("Data pooling"),
    CollaborativeType.RESEARCH_PARTNERSHIP: N_("Research and analysis partnership"),
    CollaborativeType.PRIZES_AND_CHALLENGES: N_("Prizes and challenges"),
    CollaborativeType.INTELLIGENCE_GENERATION: N_("Intelligence generation: no data moves"),
}

# Which way of access belongs to which type (domain.md, after GovLab's canvas).
MODES_OF_TYPE: dict[CollaborativeType, tuple[AccessMode, ...]] = {
    CollaborativeType.PUBLIC_INTEREST: (AccessMode.OPEN_API, AccessMode.DASHBOARD),
    CollaborativeType.TRUSTED_INTERMEDIARY: (AccessMode.BROKERED_COPY, AccessMode.QUERY_SERVICE),
    CollaborativeType.DATA_POOLING: (AccessMode.POOLED_STORE,),
    CollaborativeType.RESEARCH_PARTNERSHIP: (AccessMode.SECURE_TRANSFER, AccessMode.ENCLAVE, AccessMode.FELLOWSHIP),
    CollaborativeType.PRIZES_AND_CHALLENGES: (AccessMode.CHALLENGE_EXTRACT,),
    CollaborativeType.INTELLIGENCE_GENERATION: (
        AccessMode.REPORT,
        AccessMode.INDICATOR_OR_MODEL,
        AccessMode.SYNTHETIC_DATA,
    ),
}

SENSITIVITIES: dict[Sensitivity, str] = {
    Sensitivity.CLASS_1: N_("Class 1: could be public"),
    Sensitivity.CLASS_2: N_("Class 2: commercially sensitive"),
    Sensitivity.CLASS_3: N_("Class 3: could single out small groups"),
    Sensitivity.CLASS_4: N_("Class 4: would hurt people if it leaked"),
}

VISIBILITIES: dict[Visibility, str] = {
    Visibility.PUBLIC: N_("Everyone"),
    Visibility.MEMBERS: N_("Members of the consortium"),
    Visibility.NAMED: N_("Only the organizations you name"),
}

THEMES: dict[Theme, str] = {
    Theme.AGRICULTURE: N_("Agriculture and food"),
    Theme.CLIMATE: N_("Climate and weather"),
    Theme.CONNECTIVITY: N_("Connectivity"),
    Theme.ECONOMY: N_("Economy and trade"),
    Theme.EDUCATION: N_("Education"),
    Theme.ENERGY: N_("Energy"),
    Theme.ENVIRONMENT: N_("Environment and oceans"),
    Theme.GOVERNANCE: N_("Governance"),
    Theme.HEALTH: N_("Health"),
    Theme.HUMANITARIAN: N_("Humanitarian response"),
    Theme.LABOR: N_("Labor and skills"),
    Theme.MOBILITY: N_("Mobility and transport"),
    Theme.PAYMENTS: N_("Payments and finance"),
    Theme.POPULATION: N_("Population"),
    Theme.SATELLITE: N_("Satellite and imagery"),
    Theme.URBAN: N_("Cities"),
    Theme.WATER: N_("Water"),
    Theme.OTHER: N_("Other"),
}

FREQUENCIES: dict[Frequency, str] = {
    Frequency.CONTINUOUS: N_("Continuously"),
    Frequency.HOURLY: N_("Hourly"),
    Frequency.DAILY: N_("Daily"),
    Frequency.WEEKLY: N_("Weekly"),
    Frequency.MONTHLY: N_("Monthly"),
    Frequency.QUARTERLY: N_("Quarterly"),
    Frequency.ANNUAL: N_("Yearly"),
    Frequency.IRREGULAR: N_("Irregularly"),
    Frequency.ONCE: N_("Once"),
    Frequency.UNKNOWN: N_("Not known"),
}


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The name of each, and the words by which partners write it in their own languages, as `fold` gives them.
GRANULARITIES: dict[Granularity, tuple[str, frozenset[str]]] = {
    Granularity.POINT: (
        N_("Points and addresses"),
        _listed(
            "point points stop stops station stations address addresses building buildings household households store stores "
            "shop shops merchant merchants device devices tower towers antenna antennas sensor sensors gps person trip trips "
            "parada paradas estacion estaciones direccion edificio hogar tienda antena sensor persona viaje "
            "ponto pontos estacao endereco edificio domicilio loja pessoa viagem "
            "arret arrets adresse batiment menage magasin antenne capteur personne"
        ),
    ),
    Granularity.GRID: (
        N_("Blocks and grid cells"),
        _listed(
            "block blocks tile tiles grid cell cells hexagon hexagons h3 pixel pixels raster parcel parcels tract tracts street "
            "streets segment segments manzana manzanas celda celdas calle calles parcela cuadricula "
            "quadra quadras celula celulas rua ruas ilot carreau maille rue rues"
        ),
    ),
    Granularity.DISTRICT: (
        N_("Districts and municipalities"),
        _listed(
            "district districts neighborhood neighborhoods neighbourhood municipality municipalities commune communes ward wards "
            "county counties postcode postcodes zip admin2 zone zones distrito distritos barrio barrios municipio municipios "
            "comuna comunas bairro bairros quartier quartiers arrondissement canton"
        ),
    ),
    Granularity.CITY: (
        N_("Cities"),
        _listed(
            "city cities metro metropolitan town towns airport airports port ports ciudad ciudades cidade cidades ville villes "
            "puerto porto aeropuerto aeroporto"
        ),
    ),
    Granularity.REGION: (
        N_("Regions and states"),
        _listed(
            "region regions state states province provinces department departments admin1 governorate regiones estado estados "
            "provincia provincias departamento departamentos regiao regioes departement departements etat etats"
        ),
    ),
    Granularity.COUNTRY: (
        N_("Whole countries"),
        _listed("country countries national nation global world pais paises nacional pays mondial mundial"),
    ),
}

REASONS: dict[Reason, str] = {
    Reason.NOT_THE_RIGHT_DATA: N_("Not the right data for this question"),
    Reason.FINER_THAN_NEEDED: N_("Finer than needed"),
    Reason.PURPOSE_OUTSIDE_AGREEMENT: N_("Purpose outside the agreement"),
    Reason.PEOPLE_NOT_COVERED: N_("People not covered"),
    Reason.PLACE_OF_STORAGE: N_("Place of storage"),
    Reason.TOO_LONG: N_("Too long"),
    Reason.TOO_EARLY: N_("Too early"),
    Reason.OTHER: N_("Other"),
}
