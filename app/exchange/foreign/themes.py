"""Guesses a dataset's themes from its own theme codes, its keywords and its title, by a small table."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from app.foundation.text import fold
from app.rules.vocabulary import Theme as T

MOST = 3

# The European data themes and ISO topic categories, by the last part of their address or code.
_CODES: dict[str, T] = {
    "AGRI": T.AGRICULTURE, "ECON": T.ECONOMY, "EDUC": T.EDUCATION, "ENER": T.ENERGY, "ENVI": T.ENVIRONMENT,
    "GOVE": T.GOVERNANCE, "HEAL": T.HEALTH, "INTR": T.GOVERNANCE, "JUST": T.GOVERNANCE, "REGI": T.URBAN,
    "SOCI": T.POPULATION, "TECH": T.CONNECTIVITY, "TRAN": T.MOBILITY,
    "FARMING": T.AGRICULTURE, "BIOTA": T.ENVIRONMENT, "CLIMATOLOGYMETEOROLOGYATMOSPHERE": T.CLIMATE,
    "IMAGERYBASEMAPSEARTHCOVER": T.SATELLITE, "INLANDWATERS": T.WATER, "OCEANS": T.ENVIRONMENT,
    "TRANSPORTATION": T.MOBILITY, "SOCIETY": T.POPULATION, "UTILITIESCOMMUNICATION": T.CONNECTIVITY,
}  # fmt: skip

# Beginnings of words. A word counts for the theme of the longest beginning that it has.
_STEMS: dict[T, str] = {
    T.AGRICULTURE: "agri crop farm food livestock fisher soil harvest irrigation cultivo ganader aliment",
    T.CLIMATE: (
        "climat weather meteorolog atmospher precipitation rainfall temperature carbon emission forecast drought cmip ice "
        "humidity clima sequia lluvia storm hurricane cyclone"
    ),
    T.CONNECTIVITY: "internet broadband connectiv telecom mobile network 4g 5g cell speedtest wifi antenna telefon",
    T.ECONOMY: "econom trade price gdp inflation market enterprise invest export import tariff business comercio precio",
    T.EDUCATION: "educat school universit student teacher literacy escuela escola ensino alumn",
    T.ENERGY: "energ electric solar wind power grid nightlight oil gas battery renewable",
    T.ENVIRONMENT: (
        "environment ocean marine biodivers ecosystem forest conservation coast wildlife species land reef pollution "
        "air bosque medio"
    ),
    T.GOVERNANCE: "govern election law legal court budget procurement justice tax contratacion parliament archive",
    T.HEALTH: (
        "health medic disease epidemi covid coronavirus cancer genom genetic hospital clinic patient vaccin life biolog "
        "bioinformatic neuro mortality salud saude nutrition brain protein cell imaging"
    ),
    T.HUMANITARIAN: "humanitarian refugee displace conflict crisis disaster emergency relief idp earthquake hxl",
    T.LABOR: "labor labour job employ skill wage worker occupation vacanc empleo trabajo",
    T.MOBILITY: (
        "mobil transport transit traffic road vehicle bus metro rail trip commut bicycl taxi airport movilidad vial "
        "autonomous driving"
    ),
    T.PAYMENTS: "payment financ bank credit card transaction remittance money insurance pago fintech",
    T.POPULATION: "population census demograph household migrat gender poverty age sex inequal poblacion survey",
    T.SATELLITE: "satellite imagery sentinel landsat lidar radar sar aerial earth geospatial remote elevation stac cog",
    T.URBAN: "urban city cities building housing infrastructure neighborhood ciudad settlement cadast",
    T.WATER: "water hydrolog river lake sanitation groundwater flood agua wash aquifer",
}  # fmt: skip
_BY_STEM = {stem: theme for theme, stems in _STEMS.items() for stem in stems.split()}
_SHORT = 4  # stems of up to this many letters are whole words


def guessed_themes(codes: Iterable[str], keywords: Iterable[str], title: str) -> tuple[str, ...]:
    """Up to three themes, the best first. A theme code says it outright; a keyword counts more than a word of the title."""
    named = [theme for code in codes if (theme := _of_code(code))]
    votes: Counter[T] = Counter(dict.fromkeys(named, 100))
    for keyword in keywords:
        votes.update(dict.fromkeys({theme for word in fold(keyword).split() if (theme := _of_word(word))}, 2))
    votes.update(theme for word in fold(title).split() if (theme := _of_word(word)))
    ranked = sorted(votes, key=lambda theme: (-votes[theme], list(T).index(theme)))
    return tuple(theme.value for theme in ranked[:MOST])


def _of_code(code: str) -> T | None:
    tail = re.split(r"[/#]", code.strip().rstrip("/"))[-1]
    if tail.lower() in set(T):
        return T(tail.lower())
    return _CODES.get(re.sub(r"[^A-Z]", "", tail.upper()))


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> T | None:
    if word in _BY_STEM:
        return _BY_STEM[word]
    for length in range(len(word), _SHORT, -1):
        if word[:length] in _BY_STEM:
            return _BY_STEM[word[:length]]
    plural = word.removesuffix("s")
    return _BY_STEM.get(plural)
