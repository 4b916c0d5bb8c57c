"""Regions of the world as sets of countries: the UN's by M49 (https://unstats.un.org/unsd/methodology/m49/), and those that the
World Bank cuts otherwise (https://datahelpdesk.worldbank.org/knowledgebase/articles/906519, Middle East and North Africa as it
stood until June 2025). Taiwan and Kosovo, which M49 does not list, stand where CLDR puts them.
"""

from functools import lru_cache

from babel import Locale

from app.foundation.words import N_
from app.rules.places import LANGUAGES, spellings

# M49's smallest regions.
_SUBREGIONS: dict[str, str] = {
    "005": "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE",
    "011": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG",
    "013": "BZ CR GT HN MX NI PA SV",
    "014": "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW",
    "015": "DZ EG EH LY MA SD TN",
    "017": "AO CD CF CG CM GA GQ ST TD",
    "018": "BW LS NA SZ ZA",
    "021": "BM CA GL PM US",
    "029": "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI",
    "030": "CN HK JP KP KR MN MO TW",
    "034": "AF BD BT IN IR LK MV NP PK",
    "035": "BN ID KH LA MM MY PH SG TH TL VN",
    "039": "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK",
    "053": "AU CC CX HM NF NZ",
    "054": "FJ NC PG SB VU",
    "057": "FM GU KI MH MP NR PW UM",
    "061": "AS CK NU PF PN TK TO TV WF WS",
    "143": "KG KZ TJ TM UZ",
    "145": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
    "151": "BG BY CZ HU MD PL RO RU SK UA",
    "154": "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ",
    "155": "AT BE CH DE FR LI LU MC NL",
}
# Those that are made of them.
_MADE_OF: dict[str, tuple[str, ...]] = {
    "002": ("011", "014", "015", "017", "018"),
    "003": ("013", "021", "029"),
    "009": ("053", "054", "057", "061"),
    "019": ("005", "013", "021", "029"),
    "142": ("030", "034", "035", "143", "145"),
    "150": ("039", "151", "154", "155"),
    "202": ("011", "014", "017", "018"),
    "419": ("005", "013", "029"),
}
_OF_WORLD_BANK: dict[str, tuple[str, str]] = {
    "EAS": (
        N_("East Asia and Pacific"),
        "AS AU BN CN FJ FM GU HK ID JP KH KI KP KR LA MH MM MN MO MP MY NC NR NZ PF PG PH PW SB SG TH TL TO TV TW VN VU WS",
    ),
    "ECS": (
        N_("Europe and Central Asia"),
        ("AD AL AM AT AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GI GL GR HR HU IE IM IS IT KG KZ LI LT LU LV MC MD ME "
        "MK NL NO PL PT RO RS RU SE SI SK SM TJ TM TR UA UZ XK"),
    ),
    "MEA": (N_("Middle East and North Africa"), "AE BH DJ DZ EG IL IQ IR JO KW LB LY MA MT OM PS QA SA SY TN YE"),
}  # fmt: skip
REGION_NAMES = {code: name for code, (name, _) in _OF_WORLD_BANK.items()}

# What people call them beside CLDR's names, folded.
_FURTHER: dict[str, tuple[str, ...]] = {
    "003": ("north america", "america del norte", "amerique du nord", "america do norte"),
    "005": ("south america", "sudamerica", "suramerica", "sur america"),
    "011": ("west africa", "africa occidental", "africa del oeste", "africa ocidental", "afrique de l ouest"),
    "013": ("centroamerica", "america central", "amerique centrale"),
    "014": ("east africa", "africa oriental", "africa del este", "afrique de l est", "afrique orientale"),
    "015": ("north africa", "norte de africa", "africa del norte", "norte da africa", "africa do norte", "afrique du nord"),
    "017": ("central africa", "africa central", "afrique centrale"),
    "018": ("africa austral", "afrique australe"),
    "019": ("ameriques",),
    "029": ("caraibe",),
    "030": ("east asia", "asia oriental", "asie de l est", "asie orientale"),
    "034": ("south asia", "asia del sur", "asia meridional", "sul da asia", "asie du sud"),
    "035": ("south east asia", "sudeste asiatico", "asia sudoriental", "asie du sud est"),
    "143": ("asia central", "asie centrale"),
    "145": ("middle east", "near east", "oriente medio", "oriente proximo", "medio oriente", "moyen orient",
            "proche orient", "west asia"),
    "202": ("subsaharan africa", "africa al sur del sahara", "africa subsahariana", "africa subsaariana",
            "afrique subsaharienne", "afrique sub saharienne"),
    "419": ("latin america and the caribbean", "latin america and caribbean", "latin america caribbean", "latinoamerica",
            "america latina",
            "america latina y el caribe", "america latina y caribe", "america latina e caribe", "america latina e o caribe",
            "amerique latine et caraibes", "amerique latine et les caraibes"),
    "EAS": ("east asia and pacific", "east asia pacific", "east asia and the pacific", "asia oriental y el pacifico",
            "asie de l est et pacifique"),
    "ECS": ("europe and central asia", "europe central asia", "europa y asia central", "europa e asia central",
            "europe et asie centrale"),
    "MEA": ("mena", "middle east and north africa", "middle east north africa",
            "oriente medio y norte de africa", "medio oriente y norte de africa",
            "oriente medio e norte da africa", "moyen orient et afrique du nord"),
}  # fmt: skip


@lru_cache(maxsize=1)
def regions() -> dict[str, frozenset[str]]:
    """The countries of each region, by its code: M49's, or the World Bank's three letters."""
    least = {code: frozenset(countries.split()) for code, countries in _SUBREGIONS.items()}
    made = {code: frozenset[str]().union(*(least[part] for part in parts)) for code, parts in _MADE_OF.items()}
    bank = {code: frozenset(countries.split()) for code, (_, countries) in _OF_WORLD_BANK.items()}
    return {**least, **made, **bank}


def countries_of_place(code: str) -> frozenset[str]:
    """The countries of a region; of a country itself."""
    return regions().get(code) or frozenset({code})


@lru_cache(maxsize=1)
def region_names() -> dict[str, str]:
    """Every region's names, folded, with their codes."""
    named: dict[str, str] = {}
    for language in LANGUAGES:
        for code in sorted(regions()):
            for name in spellings(Locale(language).territories.get(code, "")):
                named.setdefault(name, code)
    named.update({name: code for code, further in _FURTHER.items() for name in further})
    return named
