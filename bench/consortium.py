"""A consortium with many proposals, written in bulk into an empty, migrated PostgreSQL database, for measuring."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

import psycopg
from sqlalchemy import Column, Connection, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from app.agreements.library import current_version
from app.catalog.models import Dataset, DatasetCountry
from app.foundation.base import Base
from app.foundation.database import make_engine
from app.organizations.models import Membership, Organization, Person
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion, TeamMember
from app.proposals.queries.named import rebuild
from app.proposals.step_models import VersionDataset
from app.rules.pipelines import CURRENT_PIPELINE, Step
from app.rules.roles import Kind, Role
from app.rules.vocabulary import AccessMode, CollaborativeType, Frequency, Sensitivity
from app.rules.workflow import ItemState, ListingState, ProposalState
from tests.factories.review import ANSWERS

PARTNERS, MEMBERS = 200, 300
# One data partner is asked by every fiftieth proposal, another one by three in all.
BUSY, QUIET = 1, PARTNERS
QUIET_PROPOSALS = frozenset({11, 211, 411})
BATCH = 5_000
NOW = datetime.now(UTC)
# Of a hundred proposals: how many are in which state, and the step that belongs to it.
SHARES: tuple[tuple[ProposalState, int, Step | None], ...] = (
    (ProposalState.IN_REVIEW, 15, Step.DATA_PARTNERS),
    (ProposalState.IN_INTAKE, 4, Step.INTAKE),
    (ProposalState.CHANGES_REQUESTED, 4, Step.DATA_PARTNERS),
    (ProposalState.DECIDED, 3, Step.ISSUE),
    (ProposalState.DRAFT, 2, None),
    (ProposalState.WITHDRAWN, 10, None),
    (ProposalState.NOT_TAKEN_UP, 4, None),
    (ProposalState.ISSUED, 58, None),
)
_BOUNDS = tuple(accumulate(share for _state, share, _step in SHARES))
_WAITS = frozenset(
    {ProposalState.IN_REVIEW, ProposalState.IN_INTAKE, ProposalState.CHANGES_REQUESTED, ProposalState.DECIDED}
)
_DECIDED = frozenset({ProposalState.DECIDED, ProposalState.ISSUED})
_UNSEEN = frozenset({ProposalState.DRAFT, ProposalState.IN_INTAKE, ProposalState.NOT_TAKEN_UP})
SECRETARIAT = PARTNERS + MEMBERS + 1


def fill(url: str, count: int) -> None:
    """Everything in bulk; the table of open waits is worked out as the product does it."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))  # no foreign key is looked up row by row
        _consortium(connection)
        for start in range(1, count + 1, BATCH):
            _proposals(connection, range(start, min(start + BATCH, count + 1)))
        connection.execute(text("SET session_replication_role = origin"))
    with Session(engine) as session:
        rebuild(session)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _consortium(connection: Connection) -> None:
    """Data partners with a steward and a deputy each, members with a lead each, a secretariat of four."""
    people: list[dict[str, object]] = []
    held: list[dict[str, object]] = []

    def hire(name: str, organization_id: int, *roles: Role) -> int:
        key = len(people) + 1
        people.append({"id": key, "email": f"{name}@example.org", "name": name.title(), "created_at": NOW})
        held.extend(
            {"person_id": key, "organization_id": organization_id, "role": role, "since": NOW} for role in roles
        )
        return key

    organizations: list[dict[str, object]] = []
    for key in range(1, PARTNERS + 1):
        organizations.append(_organization(key, Kind.PARTNER))
        hire(f"steward{key}", key, Role.STEWARD)
        hire(f"deputy{key}", key, Role.DEPUTY)
    for key in range(PARTNERS + 1, PARTNERS + MEMBERS + 1):
        organizations.append(_organization(key, Kind.MEMBER))
        hire(f"lead{key}", key, Role.PROJECT_STAFF, Role.FOCAL_POINT)
    organizations.append(_organization(SECRETARIAT, Kind.SECRETARIAT))
    for name in ("officer1", "officer2", "officer3"):
        hire(name, SECRETARIAT, Role.OFFICER)
    hire("director1", SECRETARIAT, Role.DIRECTOR)
    _write(connection, Organization, organizations)
    _write(connection, Person, people)
    _write(connection, Membership, held)
    _write(connection, Dataset, [_dataset(key) for key in range(1, PARTNERS + 1)])
    countries = [{"dataset_id": key, "country": "CO"} for key in range(1, PARTNERS + 1)]
    _write(connection, DatasetCountry, countries)


def _organization(key: int, kind: Kind) -> dict[str, object]:
    return {"id": key, "slug": f"org-{key}", "name": f"Organization {key}", "kind": kind, "created_at": NOW}


def _dataset(key: int) -> dict[str, object]:
    return {
        "id": key,
        "organization_id": key,
        "reference": f"DS-{key:04d}",
        "identifier": f"bench-{key}",
        "state": ListingState.LISTED,
        "state_since": NOW,
        "title": f"Trips by hour {key}",
        "summary": "Trips by hour and block.",
        "description": "Every trip by hour and block, counted by the hour.",
        "publisher": f"Organization {key}",
        "unit": "block and hour",
        "coverage_start": date(2022, 1, 1),
        "frequency": Frequency.MONTHLY,
        "collaborative_type": CollaborativeType.RESEARCH_PARTNERSHIP,
        "access_mode": AccessMode.SECURE_TRANSFER,
        "sensitivity": Sensitivity.CLASS_2,
        "created_at": NOW,
        "updated_at": NOW,
        "listed_at": NOW,
    }


def _proposals(connection: Connection, keys: Iterable[int]) -> None:
    rows: dict[type[Base], list[dict[str, object]]] = {}

    def add(model: type[Base], **values: object) -> None:
        rows.setdefault(model, []).append(values)

    for key in keys:
        state, step = _state(key)
        sent = NOW - timedelta(hours=3 + key % 400)
        member = PARTNERS + 1 + key % MEMBERS
        lead = 2 * PARTNERS + 1 + key % MEMBERS
        proposal = _proposal(key, state, step, sent, member, lead)
        add(Proposal, **proposal)
        name = f"lead{member}"
        member_row = {"proposal_id": key, "person_id": lead, "name": name, "email": f"{name}@example.org"}
        add(TeamMember, **member_row, is_lead=True, added_at=sent)
        datasets = _datasets(key)
        if state is not ProposalState.DRAFT:
            add(ProposalVersion, **_version(key, sent, lead))
        for place, dataset in enumerate(datasets):
            item = 2 * key + place
            decided = state in _DECIDED
            outcome = ItemState.APPROVED if decided else ItemState.PENDING
            add(
                ProposalItem,
                id=item,
                proposal_id=key,
                dataset_id=dataset,
                state=outcome,
                decision_id=item if decided else None,
            )
            if state is not ProposalState.DRAFT:
                add(VersionDataset, proposal_version_id=key, dataset_id=dataset)
            if decided:
                add(Decision, **_decision(item, key, dataset, sent))
    for model, values in rows.items():
        _write(connection, model, values)


def _state(key: int) -> tuple[ProposalState, Step | None]:
    place = next(place for place, bound in enumerate(_BOUNDS) if key % 100 < bound)
    state, _share, step = SHARES[place]
    return state, step


def _datasets(key: int) -> tuple[int, ...]:
    """One or two, of the busy partner where the number says so; the quiet one's three times."""
    if key in QUIET_PROPOSALS:
        return (QUIET,)
    first = BUSY if (key // 100) % 50 == 0 else 2 + key % (PARTNERS - 3)
    second = 2 + (key * 7) % (PARTNERS - 3)
    return (first, second) if key % 3 == 0 and second != first else (first,)


def _proposal(
    key: int, state: ProposalState, step: Step | None, sent: datetime, member: int, lead: int
) -> dict[str, object]:
    was_sent, passed = state is not ProposalState.DRAFT, state not in _UNSEEN
    return {
        "id": key,
        "reference": f"PR-{2000 + key // 10_000}-{key % 10_000:04d}",
        "organization_id": member,
        "lead_id": lead,
        "title": f"Who cannot reach a clinic on foot, part {key}",
        "answers": ANSWERS,
        "prefilled": {},
        "saves": {},
        "state": state,
        "pipeline": CURRENT_PIPELINE if was_sent else None,
        "step": step,
        "waiting_since": sent if state in _WAITS else None,
        "review_runs": [],
        "passed_at": sent if passed else None,
        "offered_at": sent if passed else None,
        "created_at": sent,
        "updated_at": sent,
        "sent_at": sent if was_sent else None,
        "decided_at": sent if state in _DECIDED else None,
        "ended_at": sent if state in (ProposalState.WITHDRAWN, ProposalState.NOT_TAKEN_UP) else None,
        "returns_to": Step.DATA_PARTNERS if state is ProposalState.CHANGES_REQUESTED else None,
        "current_version_id": key if was_sent else None,
    }


def _version(key: int, sent: datetime, lead: int) -> dict[str, object]:
    agreement = current_version()
    return {
        "id": key,
        "proposal_id": key,
        "number": 1,
        "content": {"form": "2026-1", "answers": ANSWERS, "datasets": [], "team": [], "extra": []},
        "content_hash": f"{key:064x}",
        "agreement_version": agreement.id,
        "agreement_hash": agreement.text_hash,
        "sent_at": sent,
        "sent_by_id": lead,
    }


def _decision(item: int, version: int, dataset: int, sent: datetime) -> dict[str, object]:
    return {
        "id": item,
        "item_id": item,
        "proposal_version_id": version,
        "version_hash": f"{version:064x}",
        "outcome": ItemState.APPROVED,
        "conditions": {},
        "decided_by_id": 2 * dataset - 1,
        "decided_at": sent,
        "authentication": "bench",
    }


def _write(connection: Connection, model: type[Base], rows: list[dict[str, object]]) -> None:
    """By COPY, which takes less than half the time of INSERT; each value as its column's type would bind it."""
    table, dialect = Base.metadata.tables[model.__tablename__], connection.dialect
    given = [table.c[name] for name in rows[0]]
    defaults = [column for column in table.c if column.name not in rows[0] and column.default is not None]
    columns = [*given, *defaults]
    binds = [column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is for column in columns]
    names = ", ".join(f'"{column.name}"' for column in columns)
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)  # noqa: S101 - bench.queue opens PostgreSQL alone
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            values = (*(row[column.name] for column in given), *(_default(column) for column in defaults))
            copy.write_row([bind(value) for bind, value in zip(binds, values, strict=True)])


def _default(column: Column[object]) -> object:
    if isinstance(column.default, CallableColumnDefault):
        return column.default.arg(None)  # type: ignore[arg-type]  # none of ours looks at what is executed
    assert isinstance(column.default, ScalarElementColumnDefault)  # noqa: S101 - none comes from the database
    return column.default.arg


def _as_it_is(value: object) -> object:
    return value
