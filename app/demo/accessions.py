"""Loading the accessions of the demo: opened, signed with a one-time code, countersigned, as far as each has come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.agreements.commands.codes import enter_code, one_time_code, send_code
from app.agreements.commands.countersigning import countersign
from app.agreements.commands.opening import open_accession
from app.agreements.commands.signing import confirm_authority, sign
from app.agreements.evidence import Details, Trace, Typed
from app.agreements.models import Accession
from app.agreements.statements import CHECKS, REQUIRED_STATEMENTS, Power
from app.demo.stage import Stage
from app.organizations.queries import organization_by_slug, signatories_of
from app.rules.roles import CAPACITIES, Capacity, Kind

OFFICER = "Mei Castellanos"
NOTE = "Invented for the demo: no register was looked at."
TRACE = Trace("127.0.0.1", "demo")
DETAILS = Details(
    "Authorized signatory",
    Power.STATUTE.value,
    "Articles of association, article 12",
    "Invented for the demo",
    "DEMO-0001",
    "1 Example Street, Nowhere",
)


def plan_accessions(stage: Stage, slug: str, kind: Kind, how_far: str, moment: datetime) -> None:
    """Bring the organization's accession, in each of its capacities, as far as its story says."""
    for capacity in sorted(CAPACITIES[kind]):
        case = _Case(stage, slug, capacity)
        opened, signed, countersigned = MOMENTS[how_far](stage, moment)
        for at, act in ((opened, case.open), (signed, case.sign), (countersigned, case.countersign)):
            if at is not None:
                stage.plan(at, act)


_Moments = tuple[datetime | None, datetime | None, datetime | None]
MOMENTS: dict[str, Callable[[Stage, datetime], _Moments]] = {
    "in_force": lambda _, moment: (moment, moment + timedelta(days=1), moment + timedelta(days=3)),
    "signed": lambda stage, _: (stage.at(6), stage.at(3), None),
    "open": lambda stage, _: (stage.at(1), None, None),
}


@dataclass(frozen=True)
class _Case:
    """The accession of one organization in one capacity."""

    stage: Stage
    slug: str
    capacity: Capacity

    def open(self, now: datetime) -> None:
        """The secretariat opens it."""
        organization = organization_by_slug(self.stage.session, self.slug)
        open_accession(self.stage.session, self.stage.acting(OFFICER, now), organization.id, self.capacity, now)

    def sign(self, now: datetime) -> None:
        """The signatory confirms authority, gets a code and signs."""
        session, secret = self.stage.session, str(self.stage.app.config["SECRET_KEY"])
        row = self._row()
        person = signatories_of(session, row.organization_id)[0]
        signatory = self.stage.acting(person.name, now)
        confirm_authority(session, signatory, row.reference, DETAILS, TRACE, now)
        typed = Typed(person.name, tuple(sorted(REQUIRED_STATEMENTS)))
        code = send_code(session, signatory, row.reference, typed, secret, TRACE, now)
        entered = now + timedelta(minutes=2)
        enter_code(session, signatory, row.reference, one_time_code(secret, code), secret, TRACE, entered)
        sign(session, signatory, row.reference, typed, (row.agreement_version, row.agreement_hash), TRACE, entered)

    def countersign(self, now: datetime) -> None:
        """The secretariat countersigns."""
        officer, checks = self.stage.acting(OFFICER, now), [check.code for check in CHECKS]
        countersign(self.stage.session, officer, self._row().reference, checks, NOTE, TRACE, now)

    def _row(self) -> Accession:
        organization = organization_by_slug(self.stage.session, self.slug)
        found = select(Accession).where(
            Accession.organization_id == organization.id, Accession.capacity == self.capacity
        )
        return self.stage.session.scalars(found).one()
