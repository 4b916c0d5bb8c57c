"""Places that somebody types: countries and regions by their names in each language, and larger cities by their country."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from app.foundation.text import fold
from app.rules.places import country_names
from app.rules.regions import region_names

# Capitals, cities of some size and parts that have a name of their own, by the country that one means by them.
_CITIES: dict[str, str] = {
    "AE": "dubai abu_dhabi", "AF": "kabul", "AL": "tirana", "AM": "yerevan", "AO": "luanda", "AR": "buenos_aires rosario mendoza",
    "AT": "vienna wien viena vienne graz", "AU": "sydney melbourne brisbane perth canberra adelaide new_south_wales",
    "AZ": "baku",
    "BD": "dhaka chittagong", "BE": "brussels bruselas bruxelas bruxelles antwerp ghent", "BF": "ouagadougou", "BG": "sofia",
    "BI": "bujumbura", "BJ": "cotonou porto_novo", "BO": "la_paz santa_cruz_de_la_sierra cochabamba",
    "BR": "sao_paulo rio_de_janeiro brasilia salvador fortaleza belo_horizonte manaus curitiba recife porto_alegre belem",
    "BW": "gaborone", "BY": "minsk", "CA": "toronto montreal vancouver ottawa calgary quebec",
    "CD": "kinshasa lubumbashi", "CF": "bangui", "CG": "brazzaville", "CH": "zurich geneva ginebra genebra geneve basel bern",
    "CI": "abidjan yamoussoukro", "CL": "santiago_de_chile valparaiso concepcion", "CM": "yaounde douala",
    "CN": "beijing pekin pequim shanghai shenzhen guangzhou wuhan chengdu", "CO": "bogota medellin cali barranquilla cartagena",
    "CR": "san_jose_de_costa_rica", "CU": "havana la_habana", "CV": "praia", "CY": "nicosia", "CZ": "prague praga brno",
    "DE": "berlin hamburg munich munchen cologne frankfurt stuttgart", "DJ": "djibouti_city", "DK": "copenhagen copenhague",
    "DO": "santo_domingo", "DZ": "algiers argel alger oran", "EC": "quito guayaquil cuenca", "EE": "tallinn",
    "EG": "cairo el_cairo le_caire alexandria", "ER": "asmara", "ES": "madrid barcelona sevilla seville bilbao zaragoza",
    "ET": "addis_ababa", "FI": "helsinki", "FJ": "suva", "FR": "paris lyon marseille toulouse bordeaux lille",
    "GA": "libreville", "GB": "london londres manchester birmingham glasgow edinburgh cardiff scotland wales northern_ireland "
          "inglaterra escocia pais_de_gales irlanda_del_norte irlanda_do_norte angleterre ecosse irlande_du_nord",
    "GE": "tbilisi",
    "GH": "accra kumasi", "GM": "banjul", "GN": "conakry", "GR": "athens atenas athenes thessaloniki", "GT": "guatemala_city",
    "HN": "tegucigalpa san_pedro_sula", "HR": "zagreb", "HT": "port_au_prince", "HU": "budapest",
    "ID": "jakarta yakarta surabaya bandung", "IE": "dublin", "IL": "tel_aviv haifa",
    "IN": "new_delhi delhi mumbai bombay bangalore bengaluru chennai kolkata calcutta hyderabad pune ahmedabad",
    "IQ": "baghdad bagdad basra mosul", "IR": "tehran teheran", "IS": "reykjavik", "IT": "rome roma milan milano naples turin",
    "JM": "kingston_jamaica", "JO": "amman", "JP": "tokyo tokio osaka kyoto yokohama", "KE": "nairobi mombasa kisumu",
    "KG": "bishkek", "KH": "phnom_penh", "KR": "seoul seul busan", "KW": "kuwait_city", "KZ": "astana almaty",
    "LA": "vientiane", "LB": "beirut beyrouth", "LK": "colombo", "LR": "monrovia", "LS": "maseru", "LT": "vilnius",
    "LV": "riga", "LY": "tripoli_libya benghazi", "MA": "casablanca rabat marrakesh marrakech fez", "MD": "chisinau",
    "MG": "antananarivo", "MK": "skopje", "ML": "bamako", "MM": "yangon rangoon naypyidaw", "MN": "ulaanbaatar",
    "MR": "nouakchott", "MW": "lilongwe blantyre", "MX": "mexico_city ciudad_de_mexico cdmx guadalajara monterrey puebla tijuana",
    "MY": "kuala_lumpur penang", "MZ": "maputo beira", "NA": "windhoek", "NE": "niamey",
    "NG": "lagos abuja kano ibadan", "NI": "managua", "NL": "amsterdam rotterdam the_hague utrecht", "NO": "oslo bergen",
    "NP": "kathmandu katmandu", "NZ": "auckland wellington christchurch", "OM": "muscat", "PA": "panama_city",
    "PE": "lima arequipa cusco trujillo", "PG": "port_moresby", "PH": "manila cebu davao quezon_city",
    "PK": "karachi lahore islamabad peshawar", "PL": "warsaw varsovia varsovie krakow gdansk",
    "PT": "lisbon lisboa lisbonne porto",
    "PY": "asuncion", "QA": "doha", "RO": "bucharest bucarest cluj", "RS": "belgrade belgrado",
    "RU": "moscow moscu moscou saint_petersburg", "RW": "kigali", "SA": "riyadh jeddah mecca", "SD": "khartoum",
    "SE": "stockholm gothenburg",
    "SI": "ljubljana", "SK": "bratislava", "SL": "freetown", "SN": "dakar", "SO": "mogadishu", "SS": "juba",
    "SV": "san_salvador", "SY": "damascus aleppo", "TD": "ndjamena", "TG": "lome", "TH": "bangkok", "TJ": "dushanbe",
    "TL": "dili", "TM": "ashgabat", "TN": "tunis", "TR": "istanbul estambul ankara izmir", "TT": "port_of_spain",
    "TW": "taipei", "TZ": "dar_es_salaam dodoma zanzibar", "UA": "kyiv kiev lviv odesa odessa kharkiv", "UG": "kampala",
    "US": "new_york nyc los_angeles chicago houston philadelphia san_francisco boston seattle miami atlanta dallas "
          "washington_dc washington_d_c san_diego denver phoenix austin baltimore detroit new_mexico new_jersey new_england",
    "UY": "montevideo", "UZ": "tashkent", "VE": "caracas maracaibo", "VN": "hanoi ho_chi_minh_city saigon", "YE": "sanaa aden",
    "ZA": "johannesburg cape_town durban pretoria soweto", "ZM": "lusaka", "ZW": "harare bulawayo",
}  # fmt: skip
# Cities that are written otherwise than each word with a capital.
_WRITTEN = (
    "Asunción", "Belém", "Bogotá", "Brasília", "Ciudad de México", "CDMX", "Chișinău",
    "Dar es Salaam", "Écosse", "Genève", "Irlanda del Norte", "Irlanda do Norte", "Irlande du Nord",
    "Kraków", "Le Caire", "Lomé", "Medellín", "München", "NYC", "País de Gales",
    "Port-au-Prince", "Port of Spain", "Porto-Novo", "Reykjavík", "Rio de Janeiro", "San José de Costa Rica",
    "Santa Cruz de la Sierra", "Santiago de Chile", "São Paulo", "Valparaíso", "Washington DC",
    "Washington D.C.", "Yaoundé", "Zürich",
)  # fmt: skip
# Cities that are words too, and are not meant by them behind these: "construcción de la paz".
_WORDS_TOO = {"la paz": "de"}
_AND = frozenset({"and", "y", "e", "et"})
_CONTINENTS = frozenset({"africa", "afrique", "asia", "asie", "america", "amerique", "europe", "europa"})
# A place has at most so many words.
MOST_WORDS = 9


@lru_cache(maxsize=1)
def places() -> dict[str, str]:
    """Every name of a place, folded, with the code of its country or region."""
    cities = {city.replace("_", " "): code for code, names in _CITIES.items() for city in names.split()}
    return {**cities, **region_names(), **country_names()}


@lru_cache(maxsize=512)
def names_of(country: str) -> tuple[str, ...]:
    """What the country is called, folded; its cities have names of their own."""
    return tuple(sorted(name for name, code in country_names().items() if code == country))


def city_named(name: str) -> str:
    """How the city of this folded name is written; empty where the name is a country's, a region's, or nobody's."""
    if name in country_names() or name in region_names() or name not in places():
        return ""
    return _written().get(name) or name.title()


@lru_cache(maxsize=1)
def _written() -> dict[str, str]:
    return {fold(city): city for city in _WRITTEN}


def is_place_here(words: Sequence[str], typed: Sequence[str], start: int, stop: int) -> bool:
    """Whether a name means the place where it stands: one that has a meaning of its own shows it by its capitals."""
    before = start - 1
    if before < 0 or _WORDS_TOO.get(" ".join(words[start:stop])) != words[before]:
        return True
    return typed[before].islower() and not typed[stop - 1].islower()


def joined_regions(
    words: Sequence[str], typed: Sequence[str], region: Sequence[int], taken: Collection[int]
) -> Iterator[tuple[int, ...]]:
    """What a region shares its continent with: "Eastern and Southern Africa", "África oriental y meridional".

    Args:
        region: the numbers of the words of one that was recognized.
        taken: those of all that were.
    """
    first, last = region[0], region[-1]
    if words[last] in _CONTINENTS:
        end = first
        while (at := _before(words, typed, end)) is not None and at not in taken and _is_region(words, (at, last)):
            yield at, last
            end = at
    elif words[first] in _CONTINENTS and last + 1 < len(words) and words[last + 1] in _AND:
        rest = range(last + 2, len(words))
        joined = (rest[:length] for length in range(min(MOST_WORDS, len(rest)), 0, -1))
        yield from [(first, *more) for more in joined if _is_region(words, (first, *more))][:1]


def _before(words: Sequence[str], typed: Sequence[str], end: int) -> int | None:
    """The word that stands before, behind which stands "and" or a comma."""
    if end > 1 and words[end - 1] in _AND:
        return end - 2
    return end - 1 if end > 0 and typed[end - 1].endswith(",") else None


def _is_region(words: Sequence[str], numbers: Sequence[int]) -> bool:
    return " ".join(words[at] for at in numbers) in region_names()
