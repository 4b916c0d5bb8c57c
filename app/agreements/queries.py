"""Reading accessions: which are in force, what is missing where none is, and what waits for whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.agreements.binding import has_left
from app.agreements.clocks import SECRETARIAT_ACTS, Waiting, clock_of, waiting_with_clocks
from app.agreements.library import VersionKind, current_version, versions
from app.agreements.models import Accession, SigningCode
from app.agreements.status import HAS_LEFT, MISSING
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.organizations.models import Organization
from app.organizations.queries import directors, focal_points_of, officers, signatories_of
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import Progress
from app.rules.permissions import may
from app.rules.roles import CAPACITIES, Capacity, Kind, Role
from app.rules.visibility import sees, visible_states
from app.rules.workflow import BEGINS, BINDS, AccessionState, Machine

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
_LIVE = (AccessionState.OPEN, AccessionState.SIGNED, *BINDS)


# Who can mend it while nobody holds a role for it: an installation begins without anybody.
HOUSE = N_("The secretariat")


@dataclass(frozen=True)
class Missing:
    """Why an organization cannot list or propose yet, who can mend it, and by when it should happen.

    `sentence` has the gaps organization, people and version, filled by `facts`.
    """

    sentence: str
    organization: str
    people: tuple[str, ...]
    version: str
    accession: Accession | None = None
    clock: Progress | None = None

    @property
    def facts(self) -> dict[str, str]:
        """What fills the sentence's gaps."""
        return {
            "organization": self.organization,
            "people": _listed(self.people) if self.people else HOUSE,
            "version": self.version,
        }

    def __str__(self) -> str:
        """The sentence in English."""
        return self.sentence % self.facts


@dataclass(frozen=True)
class Party:
    """An organization that has acceded, as anyone may know: in which capacity, since when and until when, under which version."""

    name: str
    slug: str
    country: str | None
    capacity: Capacity
    since: datetime
    version: str
    leaves_on: date | None = None


def accession_seen_by(session: Session, viewer: Actor, reference: str) -> Accession:
    """One accession with its organization and people; raises NotFound for those who have no business with it."""
    row = session.scalar(_whole().where(Accession.reference == reference))
    if row is None or not sees(standing(viewer, row.organization), Machine.ACCESSION, row.state):
        raise NotFound(NOT_THERE)
    return row


def accessions_seen_by(viewer: Actor) -> ColumnElement[bool]:
    """The same rule as a condition on the database."""
    ways = [Accession.state.in_(visible_states(Machine.ACCESSION, role)) for role in viewer.consortium_roles]
    own = visible_states(Machine.ACCESSION, Role.COLLEAGUE)
    return or_(*ways, and_(Accession.organization_id.in_(viewer.organization_ids), Accession.state.in_(own)))


def accession(session: Session, reference: str) -> Accession:
    """One accession for the worker and the command line, which have no viewer; raises NotFound."""
    row = session.scalar(_whole().where(Accession.reference == reference))
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def accession_in_force(
    session: Session,
    organization_id: int,
    capacity: Capacity,
    now: datetime,
    states: Collection[AccessionState] | None = None,
) -> Accession | None:
    """The accession under which an organization may list or propose at this moment; None when there is none.

    A data partner that has given notice lists nothing more, a member takes part until its day (clauses 19.7, 19.8).
    One to an older version counts until the cut-over to its successor (clause 22.3).

    Args:
        states: in which it counts, where those under which something new can begin are not meant.
    """
    found = session.scalars(
        select(Accession)
        .where(
            Accession.organization_id == organization_id,
            Accession.capacity == capacity,
            Accession.state.in_(states or BEGINS[capacity]),
            Accession.countersigned_at <= now,
            Accession.agreement_version.in_(versions_that_count(now.date())),
        )
        .order_by(Accession.countersigned_at.desc(), Accession.id.desc())
    )
    return found.first()


def versions_that_count(today: date) -> list[str]:
    """The versions under which new things can begin: the current one, and older ones until cut-over (22.3, 22.7)."""
    counting: list[str] = []
    for found in versions():
        counting.append(found.id)
        if found.in_force_on <= today and found.kind is not VersionKind.EDITORIAL:
            break
    return counting


def what_is_missing(session: Session, organization: Organization, capacity: Capacity, now: datetime) -> Missing | None:
    """What stands between an organization and listing or proposing; None when nothing does."""
    if accession_in_force(session, organization.id, capacity, now) is not None:
        return None
    version = current_version().id
    latest = _latest(session, organization.id, capacity)
    signatories = tuple(person.name for person in signatories_of(session, organization.id))
    if capacity not in CAPACITIES[organization.kind]:
        text = N_("%(organization)s is not registered in this capacity. The secretariat (%(people)s) can change that.")
        return Missing(text, organization.name, _secretariat(session), version)
    if latest is not None and latest.state in _OVER and has_left(session, organization.id, capacity):
        return Missing(HAS_LEFT, organization.name, signatories or _secretariat(session), version)
    if latest is None or latest.state not in MISSING:
        return _to_be_signed(session, organization, signatories, version, latest, now)
    people = _secretariat(session) if latest.state in SECRETARIAT_ACTS else signatories
    return Missing(
        MISSING[latest.state],
        organization.name,
        people,
        latest.agreement_version,
        latest,
        clock_of(session, latest, now),
    )


_OVER = frozenset({AccessionState.ENDED})


def _to_be_signed(
    session: Session,
    organization: Organization,
    signatories: tuple[str, ...],
    version: str,
    latest: Accession | None,
    now: datetime,
) -> Missing:
    if signatories:
        text = N_(
            "%(organization)s has not signed version %(version)s of the common agreement. %(people)s can sign it."
        )
        begun = latest if latest is not None and latest.state in _LIVE else None
        return Missing(text, organization.name, signatories, version, begun, clock_of(session, begun, now))
    text = N_(
        "%(organization)s has nobody who may sign the common agreement. %(people)s can invite an authorized signatory."
    )
    focal_points = tuple(person.name for person in focal_points_of(session, organization.id))
    return Missing(text, organization.name, focal_points or _secretariat(session), version)


def latest_accessions(session: Session, viewer: Actor) -> list[Accession]:
    """The accessions of the viewer's own organizations, newest first."""
    statement = _whole().where(Accession.organization_id.in_(viewer.organization_ids))
    return list(session.scalars(statement.order_by(Accession.opened_at.desc(), Accession.id.desc())))


def to_sign(session: Session, viewer: Actor, now: datetime) -> list[Waiting]:
    """Open accessions that the viewer may sign, oldest first."""
    own = viewer.organizations_with(Role.SIGNATORY)
    statement = _whole().where(Accession.state == AccessionState.OPEN, Accession.organization_id.in_(own))
    return waiting_with_clocks(session, session.scalars(statement.order_by(Accession.opened_at)).all(), now)


def to_countersign(session: Session, viewer: Actor, now: datetime) -> list[Waiting]:
    """Signed accessions that the viewer may countersign, the longest waiting first."""
    statement = _whole().where(Accession.state == AccessionState.SIGNED).order_by(Accession.signed_at, Accession.id)
    rows = session.scalars(statement)
    mine = [row for row in rows if may(standing(viewer, row.organization), Action.COUNTERSIGN_ACCESSION)]
    return waiting_with_clocks(session, mine, now)


def accessions(session: Session, viewer: Actor) -> list[Accession]:
    """Every accession that the viewer may know of, by name: all for the secretariat, else those of the own organizations."""
    wanted = _whole().join(Accession.organization)
    rows = session.scalars(wanted.order_by(Organization.name, Accession.opened_at.desc(), Accession.id.desc()))
    return [row for row in rows if sees(standing(viewer, row.organization), Machine.ACCESSION, row.state)]


def open_capacities(session: Session, viewer: Actor) -> list[tuple[Organization, Capacity]]:
    """In which capacities the viewer could begin to sign for an organization, because nothing was begun or is in force."""
    own = viewer.organizations_with(Role.SIGNATORY)
    found = session.scalars(select(Organization).where(Organization.id.in_(own)).order_by(Organization.name))
    version = current_version().id
    begun = {
        (row.organization_id, row.capacity)
        for row in session.scalars(select(Accession).where(Accession.organization_id.in_(own)))
        if row.state in _LIVE and row.agreement_version == version
    }
    return [
        (organization, capacity)
        for organization in found
        for capacity in sorted(CAPACITIES[organization.kind])
        if (organization.id, capacity) not in begun
    ]


def parties(session: Session, now: datetime) -> list[Party]:
    """Who has acceded, for anyone to read, by name: one line per organization and capacity."""
    statement = (
        select(Accession)
        .options(joinedload(Accession.organization))
        .where(Accession.state.in_(BINDS), Accession.countersigned_at <= now)
        .where(Accession.agreement_version.in_(versions_that_count(now.date())))
        .order_by(Accession.countersigned_at)
    )
    newest = {(row.organization_id, row.capacity): row for row in session.scalars(statement)}
    rows = sorted(newest.values(), key=lambda row: (row.organization.name.casefold(), row.capacity))
    return [
        Party(
            o.name, o.slug, o.country, row.capacity, row.countersigned_at or row.opened_at, row.agreement_version,
            row.leaves_on if row.notice_followed_at else None,
        )
        for row in rows
        for o in (row.organization,)
    ]  # fmt: skip


def signed_counts(session: Session, now: datetime) -> tuple[int, int]:
    """How many organizations have acceded in at least one capacity, and how many there are."""
    total = session.scalars(select(Organization.id).where(Organization.kind != Kind.SECRETARIAT)).all()
    return len({party.slug for party in parties(session, now)}), len(total)


def newest_code(session: Session, accession_id: int, person_id: int) -> SigningCode | None:
    """The last code that was sent to a person for an accession."""
    return session.scalar(
        select(SigningCode)
        .where(SigningCode.accession_id == accession_id, SigningCode.person_id == person_id)
        .order_by(SigningCode.id.desc())
        .limit(1)
    )


def _latest(session: Session, organization_id: int, capacity: Capacity) -> Accession | None:
    return session.scalar(
        select(Accession)
        .where(Accession.organization_id == organization_id, Accession.capacity == capacity)
        .where(Accession.agreement_version == current_version().id)
        .order_by(Accession.id.desc())
        .limit(1)
    )


def _whole() -> Select[Accession]:
    return select(Accession).options(
        joinedload(Accession.organization),
        joinedload(Accession.signatory),
        joinedload(Accession.countersigned_by),
        joinedload(Accession.document),
        joinedload(Accession.notice_by),
        joinedload(Accession.notice_document),
    )


def _secretariat(session: Session) -> tuple[str, ...]:
    people = [*directors(session), *officers(session)]
    return tuple(dict.fromkeys(person.name for person in people))


def _listed(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0] if names else "-"
