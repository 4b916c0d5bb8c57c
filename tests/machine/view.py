"""The consortium as its rows say at this moment, for choosing what somebody might do next."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from app.rules.roles import Role
from app.rules.workflow import Machine
from tests.machine.act import Thing
from tests.machine.rows import AnyRow, Rows
from tests.machine.things import KINDS, refs

NOBODY, SYSTEM, OPERATOR = "nobody", "system", "operator"


class View:
    """What the rows say now; made anew for each step."""

    def __init__(self, rows: Rows, now: datetime) -> None:
        self.rows, self.now = rows, now
        self._things: dict[Machine, list[Thing]] = {}

    def things(self, machine: Machine) -> list[Thing]:
        """Every thing of a kind. Organizations are called by their slug, and have no state."""
        if machine not in self._things:
            self._things[machine] = list(self._read(machine))
        return self._things[machine]

    def _read(self, machine: Machine) -> Iterable[Thing]:
        if machine in KINDS:
            return (Thing(machine, ref, row.state, row) for ref, row in refs(self.rows, machine))
        return (Thing(machine, row.slug, None, row) for row in self.rows.all("organization"))

    @cached_property
    def people(self) -> dict[str, AnyRow]:
        """Everybody by short name: what stands before the @ of the address."""
        return {row.email.partition("@")[0]: row for row in self.rows.all("person")}

    @cached_property
    def names(self) -> dict[int, str]:
        """The short name of each person."""
        return {row.id: name for name, row in self.people.items()}

    @cached_property
    def held(self) -> list[AnyRow]:
        """The memberships that have not ended."""
        return [row for row in self.rows.all("membership") if row.ended_at is None]

    def holding(self, organization_id: int | None, *roles: Role) -> list[str]:
        """Who holds one of these roles in an organization, or in any."""
        found = (
            self.names[row.person_id]
            for row in self.held
            if row.role in roles and organization_id in (None, row.organization_id)
        )
        return list(dict.fromkeys(found))

    def organizations_of(self, name: str) -> set[int]:
        """Where somebody holds anything now."""
        if name not in self.people:
            return set()
        person = self.people[name].id
        return {row.organization_id for row in self.held if row.person_id == person}

    def items(self, proposal_id: int) -> list[AnyRow]:
        """The items of a proposal."""
        return self.rows.of("proposal_item", "proposal_id", proposal_id)

    def partners(self, proposal_id: int) -> set[int]:
        """The data partners that a proposal asks."""
        return {self.rows.one("dataset", item.dataset_id).organization_id for item in self.items(proposal_id)}

    def team(self, proposal_id: int) -> list[str]:
        """Who is on the team of a proposal and has an account, the lead included."""
        members = self.rows.of("team_member", "proposal_id", proposal_id)
        return [self.names[row.person_id] for row in members if row.person_id is not None]
