"""A small judged collection of our own: how well a search finds may not sink below this."""

import math
from collections.abc import Mapping

import pytest
from sqlalchemy.orm import Session

from app.rules.actors import NOBODY
from app.search.queries import SearchRequest, search
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset

# Title, description, countries, language. Invented.
COLLECTION: Mapping[str, tuple[str, str, str, str]] = {
    "boardings": ("Bus boardings by stop and hour", "Paid boardings of city buses, counted at each validator.", "CO", "en"),
    "trips": ("Origins and destinations of phone trips", "Flows of people between districts, from mobile networks.", "PE", "en"),
    "taxis": ("Taxi pick-ups in the capital", "Where and when rides of a taxi application begin and end.", "KE", "en"),
    "bikes": ("Bicycle counters", "Cyclists who pass fixed counters on bike lanes, each quarter of an hour.", "NL", "en"),
    "heat": ("Street heat", "Temperature of pavements measured by vehicles in summer.", "CO", "en"),
    "floods": ("Flood depth after storms", "Depth of water above the street, from satellite radar, after rain.", "BR", "en"),
    "drought": ("Soil moisture and drought index", "Weekly index of dry soil for farming regions.", "KE", "en"),
    "crops": ("Crop type by field", "Maize, wheat and soy on each field, recognized from satellite images.", "BR", "en"),
    "prices": ("Retail food prices", "Shelf prices of rice, beans and oil in small shops, scanned weekly.", "PE", "en"),
    "wages": ("Wages posted in job advertisements", "Pay and skills named in online vacancies, by occupation.", "MX", "en"),
    "cards": ("Card payments by merchant category", "Volume of card spending by district and kind of shop.", "MX", "en"),
    "wallets": ("Mobile money transfers", "Number and value of transfers between wallets, by region and day.", "KE", "en"),
    "clinics": ("Visits to clinics", "Consultations in primary care, by reason and age group.", "PE", "en"),
    "medicines": ("Medicines sold by pharmacies", "Boxes of antibiotics and painkillers sold each week.", "BR", "en"),
    "schools": ("Asistencia escolar", "Asistencia diaria de los alumnos a las escuelas primarias del distrito.", "CO", "es"),
    "buses": ("Viajes en autobús", "Número de viajes de los autobuses por línea y por hora en la ciudad.", "MX", "es"),
    "consumo": ("Consumo de energia elétrica", "Consumo das residências e das empresas por bairro e por mês.", "BR", "pt"),
    "qualite": ("Qualité de l'air en ville", "Particules fines mesurées par des capteurs dans les rues.", "SN", "fr"),
    "speeds": ("Measured internet speeds", "Download and upload tests of households, by network and district.", "KE", "en"),
    "coverage": ("Mobile coverage map", "Signal strength of mobile networks on a grid of 600 m.", "SN", "en"),
    "lights": ("Night lights", "Brightness at night seen from orbit, a proxy of economic activity.", "001", "en"),
    "ships": ("Ships in ports", "Arrivals and departures of cargo ships, from their transponders.", "SN", "en"),
    "refugees": ("Movements of displaced families", "Phones that moved from areas of conflict to camps.", "KE", "en"),
    "buildings": ("Building footprints", "Outlines and heights of buildings from aerial photographs.", "MX", "en"),
}  # fmt: skip

# What somebody types, and what answers it: 2 is exactly that, 1 is near.
JUDGED: Mapping[str, Mapping[str, int]] = {
    "bus passengers": {"boardings": 2, "buses": 1},
    "buses": {"boardings": 2, "buses": 2},
    "mobile phone mobility": {"trips": 2, "coverage": 1},
    "flooding in brazil": {"floods": 2},
    "inundaciones": {"floods": 2},
    "how hot are streets in summer": {"heat": 2},
    "food prices peru": {"prices": 2},
    "Which datasets show what people earn in job advertisements?": {"wages": 2},
    "payments": {"cards": 2, "wallets": 1},
    "mobile money kenya": {"wallets": 2},
    "clinic visit": {"clinics": 2},
    "antibiotic sales": {"medicines": 2},
    "escuela alumno": {"schools": 2},
    "¿Qué datos hay sobre la asistencia de alumnos?": {"schools": 2},
    "school attendance": {"schools": 2},
    "consumo energia bairro": {"consumo": 2},
    "electricity consumption": {"consumo": 2},
    "qualité air": {"qualite": 2},
    "internet speed tests": {"speeds": 2},
    "broadband": {"speeds": 2},
    "satelite": {"floods": 1, "crops": 1},
    "satellite crops": {"crops": 2, "floods": 1},
    "drougt index": {"drought": 2},
    "cargo ship arrivals": {"ships": 2},
    "refugees kenya": {"refugees": 2},
    "building heights": {"buildings": 2},
    "bicyle counters": {"bikes": 2},
    "taxi nairobi": {"taxis": 2},
    "night lights economic activity": {"lights": 2},
    "signal strength": {"coverage": 2},
}  # fmt: skip
FLOOR, FIRST = 0.86, 0.85


@pytest.fixture
def names(session: Session) -> dict[int, str]:
    """The collection in the catalog: key of a listing → its name here."""
    owner = partner(session, "Acme Maps")
    return {
        make_dataset(
            session, owner, title=title, description=text, countries=[country], languages=[language], summary="", keywords=[],
            themes=[], unit="", coverage_start=None,
        ).id: name
        for name, (title, text, country, language) in COLLECTION.items()
    }  # fmt: skip


def found(session: Session, names: Mapping[int, str], text: str) -> list[str]:
    return [names[hit.dataset.id] for hit in search(session, NOBODY, SearchRequest(text, page_size=10)).hits]


def ndcg(ranked: list[str], judged: Mapping[str, int]) -> float:
    """What is gained by place, as a share of what could be."""

    def gained(grades: list[int]) -> float:
        return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))

    return gained([judged.get(name, 0) for name in ranked]) / gained(sorted(judged.values(), reverse=True))


def test_the_small_collection_is_searched_as_well_as_before(session: Session, names: dict[int, str]) -> None:
    runs = {text: found(session, names, text) for text in JUDGED}
    scores = {text: ndcg(runs[text], judged) for text, judged in JUDGED.items()}
    assert sum(scores.values()) / len(scores) >= FLOOR, {
        text: runs[text] for text, score in scores.items() if score < 0.9
    }
    best_first = [
        bool(runs[text]) and judged.get(runs[text][0], 0) == max(judged.values()) for text, judged in JUDGED.items()
    ]
    assert sum(best_first) / len(best_first) >= FIRST
