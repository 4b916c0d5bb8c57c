"""What countries are called: one table for searches and imports.

Names in English, Spanish, Portuguese and French are CLDR's. Beside them stand, folded, those that statistics and law use: the
World Bank's (https://datahelpdesk.worldbank.org/knowledgebase/articles/906519), the UN's short names (M49,
https://unstats.un.org/unsd/methodology/m49/), those of ISO 3166, and what people say instead.
"""

from functools import lru_cache

from babel import Locale

from app.foundation.text import fold

LANGUAGES = ("en", "es", "pt", "fr")
# What CLDR's list holds that is no country, or no country alone.
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
# CLDR's names that are no country where they stand alone: Salvador is a city as well.
_NOT_ALONE = frozenset({"salvador"})

_FURTHER: dict[str, tuple[str, ...]] = {
    "AE": ("uae",),
    "BA": ("bosnia",),
    "BN": ("brunei darussalam",),
    "BO": ("bolivia plurinational state of", "plurinational state of bolivia", "estado plurinacional de bolivia"),
    "BQ": ("bonaire sint eustatius and saba",),
    "BS": ("bahamas the",),
    "CD": (
        "democratic republic of the congo", "democratic republic of congo", "congo democratic republic of the",
        "congo democratic republic", "congo dem rep", "congo dr", "congo drc", "congo rdc", "dr congo", "d r congo", "drc",
        "rd congo", "r d congo", "rdc", "rd del congo", "rd do congo", "republique democratique du congo",
        "congo republique democratique du", "republica democratica del congo", "republica democratica do congo", "zaire",
    ),
    "CG": (
        "congo", "congo rep", "congo republic", "congo republic of the", "republic of the congo", "republic of congo",
        "republique du congo", "republica del congo", "republica do congo",
    ),
    "CI": ("ivory coast", "cote divoire", "costa de marfil", "costa do marfim"),
    "CV": ("cabo verde", "cape verde"),
    "CZ": ("czech republic", "republica checa", "republica tcheca", "republique tcheque"),
    "EG": ("egypt arab rep", "arab republic of egypt"),
    "FK": ("falkland islands malvinas",),
    "FM": ("micronesia federated states of", "federated states of micronesia", "micronesia fed sts", "micronesia"),
    "GB": (
        "united kingdom of great britain and northern ireland", "great britain", "uk", "u k", "england", "gran bretana",
        "gra bretanha", "grande bretagne",
    ),
    "GF": ("guyane",),
    "GM": ("gambia the",),
    "GS": ("south georgia and the south sandwich islands",),
    "HM": ("heard island and mcdonald islands",),
    "HK": ("china hong kong special administrative region", "hong kong sar", "hong kong"),
    "IR": ("iran islamic republic of", "islamic republic of iran", "iran islamic rep"),
    "KG": ("kyrgyz republic",),
    "KP": (
        "democratic people s republic of korea", "korea democratic people s republic of", "korea dem people s rep",
        "korea dem rep", "dpr korea", "dprk", "republique populaire democratique de coree",
        "republica popular democratica de corea", "republica popular democratica da coreia",
    ),
    "KR": (
        "republic of korea", "korea republic of", "korea rep", "korea", "corea", "coreia", "coree", "republique de coree",
        "republica de corea", "republica da coreia",
    ),
    "LA": ("lao people s democratic republic", "lao pdr"),
    "MD": ("republic of moldova", "moldova republic of"),
    "MF": ("st martin french part", "saint martin french part"),
    "MK": ("macedonia", "former yugoslav republic of macedonia", "north macedonia republic of"),
    "MM": ("myanmar", "mianmar", "burma", "birmania", "birmanie"),
    "MO": ("china macao special administrative region", "macao sar", "macao", "macau"),
    "NL": ("netherlands kingdom of the", "kingdom of the netherlands", "holland", "holanda", "hollande"),
    "PG": ("new guinea",),
    "PN": ("pitcairn",),
    "PR": ("puerto rico us",),
    "PS": ("state of palestine", "palestine", "palestine state of", "palestina", "occupied palestinian territory",
           "west bank and gaza", "west bank", "gaza strip"),
    "RU": ("russian federation", "federacion de rusia", "federacion rusa", "federacao russa", "federation de russie"),
    "SJ": ("svalbard and jan mayen islands",),
    "SK": ("slovak republic",),
    "SO": ("somalia fed rep",),
    "ST": ("sao tome",),
    "SV": ("le salvador", "au salvador", "du salvador"),
    "SX": ("sint maarten dutch part",),
    "SY": ("syrian arab republic",),
    "SZ": ("swaziland", "suazilandia"),
    "TL": ("east timor", "timor oriental"),
    "TR": ("turkey", "turkiye", "turquia", "turquie"),
    "TW": ("taiwan province of china", "taiwan china"),
    "TZ": ("united republic of tanzania", "tanzania united republic of"),
    "US": (
        "united states of america", "usa", "u s a", "u s", "eeuu", "ee uu", "eua", "estados unidos de america",
        "estados unidos da america", "etats unis d amerique",
    ),
    "VA": ("holy see", "santa sede", "saint siege"),
    "VC": ("st vincent and the grenadines", "saint vincent and the grenadines"),
    "VE": ("venezuela bolivarian republic of", "bolivarian republic of venezuela", "venezuela rb",
           "republica bolivariana de venezuela"),
    "VG": ("virgin islands british",),
    "VI": ("united states virgin islands", "virgin islands u s", "virgin islands us"),
    "VN": ("viet nam",),
    "WF": ("wallis and futuna islands",),
    "YE": ("yemen rep", "republic of yemen"),
}  # fmt: skip


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """The codes of ISO 3166 that are one country."""
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES)


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Every country's names, folded, with their codes."""
    named: dict[str, str] = {}
    for language in LANGUAGES:
        for code in sorted(country_codes()):
            for name in spellings(Locale(language).territories.get(code, "")):
                if name not in _NOT_ALONE:
                    named.setdefault(name, code)
    named.update({name: code for code, further in _FURTHER.items() for name in further})
    return named


def spellings(name: str) -> tuple[str, ...]:
    """A name of CLDR folded, as it stands and with its signs in words."""
    joined = name.replace("&", " and ")
    said = (fold(name), fold(joined), fold(joined.replace("St.", "Saint")))
    return tuple(dict.fromkeys(folded for folded in said if folded))
