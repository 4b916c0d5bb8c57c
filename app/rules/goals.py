"""The UN's Sustainable Development Goals: what they are called, whose subject they are, and how texts name them.

Names are the short ones of the UN (https://sdgs.un.org/goals), each behind its number.
"""

import re
from collections.abc import Iterable

from app.foundation.text import fold
from app.foundation.words import N_
from app.rules.vocabulary import Theme

GOALS: dict[str, str] = {
    "1": N_("1 No poverty"),
    "2": N_("2 Zero hunger"),
    "3": N_("3 Good health and well-being"),
    "4": N_("4 Quality education"),
    "5": N_("5 Gender equality"),
    "6": N_("6 Clean water and sanitation"),
    "7": N_("7 Affordable and clean energy"),
    "8": N_("8 Decent work and economic growth"),
    "9": N_("9 Industry, innovation and infrastructure"),
    "10": N_("10 Reduced inequalities"),
    "11": N_("11 Sustainable cities and communities"),
    "12": N_("12 Responsible consumption and production"),
    "13": N_("13 Climate action"),
    "14": N_("14 Life below water"),
    "15": N_("15 Life on land"),
    "16": N_("16 Peace, justice and strong institutions"),
    "17": N_("17 Partnerships for the goals"),
}

# The same in other languages: https://www.un.org/sustainabledevelopment/es/ and …/fr/, https://brasil.un.org/pt-br/sdgs and
# https://unric.org/pt/objetivos-de-desenvolvimento-sustentavel/ (the UN's names for Brazil and for Portugal).
_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "1": ("Fin de la pobreza", "Erradicação da pobreza", "Erradicar a pobreza", "Pas de pauvreté"),
    "2": ("Hambre cero", "Fome zero e agricultura sustentável", "Fome zero", "Erradicar a fome", "Faim zéro"),
    "3": ("Salud y bienestar", "Saúde e bem-estar", "Saúde de qualidade", "Bonne santé et bien-être"),
    "4": ("Educación de calidad", "Educação de qualidade", "Éducation de qualité"),
    "5": ("Igualdad de género", "Igualdade de gênero", "Igualdade de género", "Égalité entre les sexes"),
    "6": ("Agua limpia y saneamiento", "Água potável e saneamento", "Eau propre et assainissement"),
    "7": (
        "Energía asequible y no contaminante", "Energia limpa e acessível", "Energia acessível e limpa",
        "Energias renováveis e acessíveis", "Énergie propre et d'un coût abordable",
    ),
    "8": (
        "Trabajo decente y crecimiento económico", "Trabalho decente e crescimento econômico",
        "Trabalho digno e crescimento económico", "Travail décent et croissance économique",
    ),
    "9": (
        "Industria, innovación e infraestructura", "Industria, innovación e infraestructuras",
        "Indústria, inovação e infraestrutura", "Indústria, inovação e infraestruturas",
        "Industrie, innovation et infrastructure",
    ),
    "10": ("Reducción de las desigualdades", "Redução das desigualdades", "Reduzir as desigualdades", "Inégalités réduites"),
    "11": (
        "Ciudades y comunidades sostenibles", "Cidades e comunidades sustentáveis", "Villes et communautés durables",
    ),
    "12": (
        "Producción y consumo responsables", "Consumo e produção responsáveis", "Produção e consumo sustentáveis",
        "Consommation et production responsables",
    ),
    "13": (
        "Acción por el clima", "Ação contra a mudança global do clima", "Ação climática",
        "Mesures relatives à la lutte contre les changements climatiques",
    ),
    "14": ("Vida submarina", "Vida na água", "Proteger a vida marinha", "Vie aquatique"),
    "15": ("Vida de ecosistemas terrestres", "Vida terrestre", "Proteger a vida terrestre", "Vie terrestre"),
    "16": (
        "Paz, justicia e instituciones sólidas", "Paz, justiça e instituições eficazes",
        "Paix, justice et institutions efficaces",
    ),
    "17": (
        "Alianzas para lograr los objetivos", "Parcerias e meios de implementação",
        "Parcerias para a implementação dos objetivos", "Partenariats pour la réalisation des objectifs",
    ),
}  # fmt: skip

# The goals whose subject a theme is. The themes left out say nothing of one goal more than of the others.
GOALS_OF_THEME: dict[str, tuple[str, ...]] = {
    Theme.AGRICULTURE: ("2",),
    Theme.CLIMATE: ("13",),
    Theme.CONNECTIVITY: ("9",),
    Theme.ECONOMY: ("8",),
    Theme.EDUCATION: ("4",),
    Theme.ENERGY: ("7",),
    Theme.ENVIRONMENT: ("14", "15"),
    Theme.GOVERNANCE: ("16",),
    Theme.HEALTH: ("3",),
    Theme.LABOR: ("8",),
    Theme.MOBILITY: ("11",),
    Theme.URBAN: ("11",),
    Theme.WATER: ("6",),
}

_PLAIN_NUMBER = r"0?(?:1[0-7]|[1-9])(?!\d)"
_NUMBER = _PLAIN_NUMBER.replace("(?:", "(?P<goal>")
# In running text: "SDG 11", "SDG11", "sdg_11_20" (an indicator of Eurostat), "ODS 11", "ODD 11". "odd 3" is no goal.
_NAMED = re.compile(rf"(?<![^\W_])(?:[Ss][Dd][Gg]s?|ODS|ODD)[\s_-]*#?{_NUMBER}")
_TELLTALE = ("SDG", "sdg", "Sdg", "ODS", "ODD")
# As the address of a concept, the UN's or others'.
_ADDRESS = re.compile(rf"(?i)/(?:sdgs?|goals?)/(?:goal-?|sdg-?)?{_NUMBER}")
# As somebody asks for one or several, who may mean a target, such as "SDG 11.2"; "SDGs 3, 4 and 11", "goals 3 to 5".
_TARGET = r"(?:[._](?:\d+|[a-d]))*(?!\w)"
_AND, _TO = r"\s*[,&/]\s*|\s+(?:and|y|e|et)\s+", r"\s*[-–]\s*|\s+(?:to|a|à)\s+"
_ASKED = re.compile(
    r"(?i)(?<![\w.,-])(?:sdgs?|ods|odd|(?:sustainable development )?goals?|objetivos?(?: de desarrollo sostenible| de "
    r"desenvolvimento sustent[aá]vel)?|objectifs?(?: de d[eé]veloppement durable)?)"
    rf"[\s_-]*(?P<numbers>#?{_PLAIN_NUMBER}{_TARGET}(?:(?:{_AND}|{_TO})#?{_PLAIN_NUMBER}{_TARGET})*)"
)
_EACH = re.compile(rf"(?i)(?P<to>{_TO})?#?{_NUMBER}{_TARGET}")
_NAMES = {goal: (name.partition(" ")[2], *_ELSEWHERE[goal]) for goal, name in GOALS.items()}
_BY_NAME = {fold(said): goal for goal, names in _NAMES.items() for name in names for said in (name, f"{goal} {name}")}


def name_of(goal: str) -> str:
    """What a goal is called in English, without its number."""
    return GOALS[goal].partition(" ")[2]


def goals_of_themes(themes: Iterable[str]) -> frozenset[str]:
    """The goals whose subject these themes are."""
    return frozenset(goal for theme in themes for goal in GOALS_OF_THEME.get(theme, ()))


def goals_in(text: str) -> frozenset[str]:
    """The goals that a text names by their number."""
    if not any(word in text for word in _TELLTALE):  # most texts name none, and are long
        return frozenset()
    return frozenset(one["goal"] for one in _NAMED.finditer(text))


def goals_meant(label: str) -> frozenset[str]:
    """The goals that a keyword or the code of a theme stands for: by number, by name, or as an address."""
    named = goal_called(label)
    addressed = frozenset(one["goal"] for one in _ADDRESS.finditer(label))
    return goals_in(label) | addressed | (frozenset({named}) if named else frozenset())


def goal_called(text: str) -> str | None:
    """The goal whose name the whole text is in one of the languages, with or without its number."""
    return _BY_NAME.get(fold(text))


def goals_numbered(text: str) -> list[tuple[tuple[str, ...], slice]]:
    """The goals that somebody asks for by number, one or several together, each time with where the text says so."""
    return [(_each(one["numbers"]), slice(*one.span())) for one in _ASKED.finditer(text)]


def _each(numbers: str) -> tuple[str, ...]:
    """The goals of "3, 4 and 11", and all of "3 to 5"."""
    found: list[int] = []
    for one in _EACH.finditer(numbers):
        goal = int(one["goal"])
        found += range(found[-1] + 1, goal + 1) if one["to"] and found else [goal]
    return tuple(dict.fromkeys(map(str, found)))
