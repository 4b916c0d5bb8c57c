"""The consortium that every example begins with, made by the real commands: work in every stage, and people who know each other.

Two members, three data partners (one of them proposes too), a secretariat, and somebody who is of a member and of a data partner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from app.catalog.answers import Access, Terms, What, Where
from app.organizations.models import Membership, Organization, Person
from app.rules.roles import CAPACITIES, Kind, Role
from app.rules.vocabulary import AccessMode, Frequency, Sensitivity, Visibility

BEGINS = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # a Monday

ORGANIZATIONS: dict[str, tuple[str, Kind]] = {
    "secretariat": ("Secretariat", Kind.SECRETARIAT),
    "coastal": ("Institute for Coastal Cities", Kind.MEMBER),
    "harbor": ("Harbor Development Fund", Kind.MEMBER),
    "acme": ("Acme Maps", Kind.PARTNER),
    "paloma": ("Paloma Pay", Kind.PARTNER),
    "tidal": ("Tidal Insights", Kind.BOTH),
}
# Short name, full name, and what is held where. Vera is of a member and of a data partner.
PEOPLE: dict[str, tuple[str, tuple[tuple[str, Role], ...]]] = {
    "jonas": ("Jonas Oyelaran", (("secretariat", Role.OFFICER),)),
    "ines": ("Ines Duarte", (("secretariat", Role.OFFICER),)),
    "helena": ("Helena Voss", (("secretariat", Role.DIRECTOR),)),
    "elio": ("Elio Marchetti", (("secretariat", Role.ETHICS_REVIEWER),)),
    "lena": ("Lena Okafor", (("secretariat", Role.LEGAL_REVIEWER),)),
    "cleo": ("Cleo Haddad", (("secretariat", Role.CHAIR),)),
    "rolf": ("Rolf Aster", (("secretariat", Role.REVIEWER),)),
    "rita": ("Rita Moreau", (("harbor", Role.REVIEWER),)),
    "aude": ("Aude Keller", (("secretariat", Role.AUDITOR),)),
    "fenna": ("Fenna Blok", (("coastal", Role.FOCAL_POINT), ("coastal", Role.SIGNATORY))),
    "rosa": ("Rosa Lindqvist", (("coastal", Role.PROJECT_STAFF),)),
    "marta": ("Marta Ortega", (("coastal", Role.PROJECT_STAFF),)),
    "vera": ("Vera Ruiz", (("coastal", Role.PROJECT_STAFF), ("paloma", Role.STEWARD))),
    "otto": ("Otto Fremd", (("harbor", Role.PROJECT_STAFF), ("harbor", Role.SIGNATORY))),
    "hugo": ("Hugo Mbeki", (("harbor", Role.FOCAL_POINT), ("harbor", Role.SIGNATORY))),
    "lucia": ("Lucia Prado", (("acme", Role.STEWARD),)),
    "tom": ("Tom Ek", (("acme", Role.DEPUTY),)),
    "abel": ("Abel Stone", (("acme", Role.FOCAL_POINT), ("acme", Role.SIGNATORY))),
    "pia": ("Pia Santos", (("paloma", Role.STEWARD),)),
    "paul": ("Paul Reyes", (("paloma", Role.FOCAL_POINT), ("paloma", Role.SIGNATORY), ("paloma", Role.DEPUTY))),
    "tess": ("Tess Marlow", (("tidal", Role.STEWARD), ("tidal", Role.PROJECT_STAFF))),
    "tobi": ("Tobi Adeyemi", (("tidal", Role.FOCAL_POINT), ("tidal", Role.SIGNATORY), ("tidal", Role.DEPUTY))),
}
OUTSIDERS = ("aude", "nobody")


@dataclass(frozen=True)
class Listed:
    """A dataset of the beginning: whose, what it is called, and how sensitive it is."""

    owner: str
    title: str
    sensitivity: Sensitivity
    mode: AccessMode = AccessMode.SECURE_TRANSFER
    is_listed: bool = True
    silence_clears: bool = False
    visibility: Visibility = Visibility.PUBLIC


DATASETS = (
    Listed("acme", "Street-level movement in 14 cities", Sensitivity.CLASS_2),
    Listed("acme", "Trips by bicycle, by block", Sensitivity.CLASS_3),
    Listed("paloma", "Small shops, monthly turnover", Sensitivity.CLASS_2),
    Listed(
        "tidal",
        "Phones near the coast, by hour",
        Sensitivity.CLASS_4,
        visibility=Visibility.MEMBERS,
        silence_clears=True,
    ),
    Listed("acme", "Deliveries by street", Sensitivity.CLASS_2, is_listed=False),
)


PURPOSES = ["dev.mobility", "dev.disaster"]


def make_people(session: Session) -> None:
    """Organizations and people with what they hold."""
    places: dict[str, int] = {}
    for slug, (name, kind) in ORGANIZATIONS.items():
        row = Organization(
            slug=slug, name=name, kind=kind, country="CO", created_at=BEGINS, defaults={}, aliases=[],
            lists_unchecked=bool(CAPACITIES[kind]),
        )  # fmt: skip
        session.add(row)
        session.flush()
        places[slug] = row.id
    for short, (name, held) in PEOPLE.items():
        person = Person(
            email=f"{short}@{held[0][0]}.example",
            name=name,
            job_title="Analyst",
            created_at=BEGINS,
            active=True,
            tf_primary_method="authenticator",
        )
        session.add(person)
        session.flush()
        session.add_all(
            Membership(person_id=person.id, organization_id=places[at], role=role, since=BEGINS) for at, role in held
        )
    session.flush()


def pages(listed: Listed) -> tuple[What, Where, Access, Terms]:
    """A complete listing, page by page."""
    return (
        What(
            title=listed.title,
            summary="Counts by place and hour in three metro areas since 2022.",
            description="Every count by place and hour. " * 6,
            publisher=ORGANIZATIONS[listed.owner][0],
            themes=("mobility",),
            keywords=("counts", "cities"),
            not_good_for=("Rural areas: nothing is counted there",),
        ),
        Where(
            countries=("CO",),
            coverage_start=date(2022, 1, 1),
            unit="place and hour",
            frequency=Frequency.MONTHLY,
            contact="data@example.org",
        ),
        Access(access_mode=listed.mode, sensitivity=listed.sensitivity, visibility=listed.visibility),
        Terms(
            {
                "permitted_purposes": ["dev.mobility", "dev.disaster"],
                "delay_days_max": 10,
                **({"silence": "clear"} if listed.silence_clears else {}),
            }
        ),
    )


# Six of them: with a dataset of class 3 it goes to the committee.
MANY = ("CO", "PE", "EC", "BR", "CL", "AR")


def answers(now: datetime, countries: Sequence[str] = ("CO",), lasts: int = 300) -> Mapping[str, object]:
    """A proposal that is complete on this day, whose use ends so many days from it."""
    day = now.date()
    return {
        "title": "Safer walking routes to schools in Cali",
        "problem": "Half of the children in the southern districts walk to school along roads without sidewalks.",
        "question": "Which crossings do most children use before eight?",
        "countries": list(countries),
        "place": "Cali",
        "theme": "mobility",
        "decision": "Which twelve crossings to rebuild with next year's budget.",
        "decision_owner": "Transport department, city of Cali",
        "decision_by": (day + timedelta(days=250)).isoformat(),
        "variables": "Trips on foot by hour of departure.",
        "granularity": "Block, by hour",
        "period_from": "2024",
        "period_to": "2025",
        "why_not_open": "The travel survey holds 310 children and no walking trips under ten minutes.",
        "benefit": "About 40,000 children get a safer way to school.",
        "benefit_kinds": ["service"],
        "beneficiaries": "40,000 children and the city that plans for them.",
        "beneficiary_types": ["public_body", "community"],
        "outputs": ["brief", "map"],
        "value_back": "A note on gaps that we find in the data.",
        "access_mode": "secure_transfer",
        "ai_use": "none",
        "storage_place": "Our research server, encrypted",
        "storage_country": "CO",
        "starts_on": (day + timedelta(days=10)).isoformat(),
        "ends_on": (day + timedelta(days=lasts)).isoformat(),
        "personal_data": "deidentified",
        "risks": ["bias"],
        "risks_words": "We say in the report which streets the data does not see.",
        "indicators": [
            {
                "name": "Children hurt on the way to school",
                "baseline": "61",
                "target": "40",
                "by": (day + timedelta(days=400)).isoformat(),
            }
        ],
        "how_measured": "Police accident statistics by street.",
        "first_report_on": (day + timedelta(days=90)).isoformat(),
        "publication": "public",
    }
