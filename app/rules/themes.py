"""What themes are called in the product's languages, whole or in part: "Mobility and transport", "transport", "movilidad"."""

from collections.abc import Iterator

from app.foundation.text import fold
from app.rules.vocabulary import THEMES, Theme

# Beside the English names of `THEMES`: the same in Spanish, Portuguese and French, and as it is spelled elsewhere.
_ELSEWHERE: dict[Theme, tuple[str, ...]] = {
    Theme.AGRICULTURE: ("Agricultura y alimentación", "Agricultura e alimentação", "Agriculture et alimentation"),
    Theme.CLIMATE: ("Clima y meteorología", "Clima e meteorologia", "Climat et météo"),
    Theme.CONNECTIVITY: ("Conectividad", "Conectividade", "Connectivité"),
    Theme.ECONOMY: ("Economía y comercio", "Economia e comércio", "Économie et commerce"),
    Theme.EDUCATION: ("Educación", "Educação", "Éducation"),
    Theme.ENERGY: ("Energía", "Energia", "Énergie"),
    Theme.ENVIRONMENT: (
        "Medio ambiente y océanos", "Medioambiente", "Meio ambiente e oceanos", "Environnement et océans",
    ),
    Theme.GOVERNANCE: ("Gobernanza", "Governança", "Gouvernance"),
    Theme.HEALTH: ("Salud", "Saúde", "Santé"),
    Theme.HUMANITARIAN: (
        "Humanitarian", "Humanitarian aid", "Respuesta humanitaria", "Ayuda humanitaria", "Resposta humanitária",
        "Ajuda humanitária", "Réponse humanitaire", "Aide humanitaire",
    ),
    Theme.LABOR: (
        "Labour and skills", "Employment", "Trabajo y competencias", "Empleo", "Trabalho e competências", "Emprego",
        "Travail et compétences", "Emploi",
    ),
    Theme.MOBILITY: ("Transportation", "Movilidad y transporte", "Mobilidade e transporte", "Mobilité et transport"),
    Theme.PAYMENTS: ("Pagos y finanzas", "Pagamentos e finanças", "Paiements et finance"),
    Theme.POPULATION: ("Población", "População"),
    Theme.SATELLITE: (
        "Satellites", "Satélites", "Satélite e imágenes", "Satélite e imagens", "Satellite et images",
    ),
    Theme.URBAN: ("Urban", "Ciudades", "Cidades", "Villes"),
    Theme.WATER: ("Agua", "Água", "Eau"),
}  # fmt: skip
_AND = frozenset({"and", "y", "e", "et"})


def _names(theme: Theme) -> Iterator[str]:
    """Each name, and both parts of one that names two things."""
    for name in (THEMES[theme], *_ELSEWHERE[theme]):
        words = fold(name).split()
        yield " ".join(word for word in words if word not in _AND)
        at = next((at for at, word in enumerate(words) if word in _AND), None)
        yield from (" ".join(words[:at]), " ".join(words[at + 1 :])) if at is not None else ()


_BY_NAME = {name: theme for theme in _ELSEWHERE for name in _names(theme)}


def theme_called(text: str) -> Theme | None:
    """The theme whose name, or a part of it, the whole text is in one of the languages; "and" may be missing."""
    return _BY_NAME.get(" ".join(word for word in fold(text).split() if word not in _AND))
