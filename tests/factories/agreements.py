"""Brings accessions as far as a test needs them, through the same commands as the pages."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.agreements import commands, library
from app.agreements.commands.codes import one_time_code
from app.agreements.evidence import Details, Trace, Typed
from app.agreements.models import Accession
from app.agreements.statements import CHECKS, REQUIRED_STATEMENTS
from app.organizations.models import Organization, Person
from app.rules.actors import Actor
from app.rules.roles import Capacity, Kind, Role
from tests.factories.organizations import NOW, acting, make_organization, make_person, make_secretariat

SECRET = "s" * 40
TRACE = Trace("192.0.2.7", "Test browser")
DETAILS = Details(
    title="General counsel",
    power="statute",
    legal_form="Foundation",
    register_number="CH-550.1",
    notice_address="1 Harbor Road\nGeneva",
    affiliates=("Harbor Labs",),
)
ALL_CHECKS = tuple(check.code for check in CHECKS)


@dataclass
class Signing:
    """An organization that joins, its signatory, and the secretariat."""

    session: Session
    kind: Kind = Kind.MEMBER
    capacity: Capacity = Capacity.MEMBER
    now: datetime = NOW
    organization: Organization = field(init=False)
    signatory: Person = field(init=False)
    officer: Person = field(init=False)
    accession: Accession = field(init=False)

    def __post_init__(self) -> None:
        self.organization = make_organization(self.session, self.kind)
        self.signatory = make_person(self.session, self.organization, Role.SIGNATORY)
        self.officer = make_person(self.session, make_secretariat(self.session), Role.OFFICER)

    @property
    def actor(self) -> Actor:
        return acting(self.session, self.signatory)

    @property
    def secretariat(self) -> Actor:
        return acting(self.session, self.officer)

    @property
    def shown(self) -> tuple[str, str]:
        """The version and hash that the signatory is shown."""
        version = library.version(self.accession.agreement_version)
        return version.id, version.text_hash

    def opened(self) -> "Signing":
        self.accession = commands.open_accession(
            self.session, self.actor, self.organization.id, self.capacity, self.now
        )
        return self

    def confirmed(self, details: Details = DETAILS) -> "Signing":
        """Opened, and authority confirmed."""
        self.opened()
        reference = self.accession.reference
        commands.confirm_authority(self.session, self.actor, reference, details, TRACE, self.now)
        return self

    def code(self, now: datetime | None = None) -> str:
        """Send a code and look into the mail."""
        moment, reference = now or self.now, self.accession.reference
        sent = commands.send_code(self.session, self.actor, reference, Typed(), SECRET, TRACE, moment)
        return one_time_code(SECRET, sent)

    def enter(self, code: str, now: datetime | None = None) -> commands.CodeAnswer:
        """Enter a code."""
        moment, reference = now or self.now, self.accession.reference
        return commands.enter_code(self.session, self.actor, reference, code, SECRET, TRACE, moment)

    def sign(self, **changed: object) -> Accession:
        """Sign; `typed` and `shown` may be changed."""
        typed = changed.get("typed", Typed(self.signatory.name, tuple(sorted(REQUIRED_STATEMENTS))))
        shown = changed.get("shown", self.shown)
        assert isinstance(typed, Typed)
        assert isinstance(shown, tuple)
        return commands.sign(self.session, self.actor, self.accession.reference, typed, shown, TRACE, self.now)

    def signed(self) -> "Signing":
        """Confirmed, and signed with a code."""
        self.confirmed()
        self.enter(self.code())
        self.accession = self.sign()
        return self

    def in_force(self) -> "Signing":
        """Signed, and countersigned a day later."""
        self.signed()
        moment, reference = self.now + timedelta(days=1), self.accession.reference
        commands.countersign(self.session, self.secretariat, reference, ALL_CHECKS, "Register extract", TRACE, moment)
        return self
