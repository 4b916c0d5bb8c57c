"""What the pages of an organization learn from the parts above: where it stands with the agreement, what is open."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.queries import accession_in_force, parties, what_is_missing
from app.foundation.clock import now
from app.organizations.around import AgreementState, Around, OpenWork
from app.organizations.queries import organization
from app.proposals.models import Proposal
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.roles import CAPACITIES, CAPACITY_NAMES, Capacity, Role
from app.rules.visibility import visible_states
from app.rules.workflow import Machine, transition
from app.web.answers import told
from app.web.words import day

# Whatever may still be withdrawn is still open.
_OPEN = transition(Action.WITHDRAW_PROPOSAL).sources
_KNOWN = visible_states(Machine.PROPOSAL, Role.OWN_FOCAL_POINT)


def agreements_of(session: Session, viewer: Actor, organization_id: int) -> list[AgreementState]:
    """One sentence for each capacity that the organization takes part in."""
    row, moment = organization(session, organization_id), now()
    found = []
    for capacity in (each for each in Capacity if each in CAPACITIES[row.kind]):
        missing = what_is_missing(session, row, capacity, moment)
        accession = accession_in_force(session, row.id, capacity, moment) if missing is None else missing.accession
        if missing is not None:
            sentence = told(missing.sentence) % missing.facts
        else:
            since = day(accession.countersigned_at) if accession else ""
            as_what = told(CAPACITY_NAMES[capacity]).lower()
            sentence = _(
                "The common agreement is in force since %(since)s, as %(capacity)s.", since=since, capacity=as_what
            )
        page = "agreements.case" if viewer.is_secretariat else "agreements.sign"
        href = url_for(page, reference=accession.reference) if accession else url_for("agreements.index")
        found.append(AgreementState(capacity, sentence, href, missing is None))
    return found


def acceded_as(session: Session, capacity: Capacity) -> frozenset[str]:
    """The addresses of the organizations that take part in a capacity now."""
    return frozenset(party.slug for party in parties(session, now()) if party.capacity is capacity)


def open_work_of(session: Session, organization_id: int, person_id: int) -> list[OpenWork]:
    """The proposals that a person leads for an organization and that are not at their end.

    A draft is its team's alone, so it is told without title and address.
    """
    statement = select(Proposal.reference, Proposal.title, Proposal.state).where(
        Proposal.organization_id == organization_id, Proposal.lead_id == person_id, Proposal.state.in_(_OPEN)
    )
    return [
        OpenWork(f"{reference} {title}".strip(), url_for("proposals.people", reference=reference))
        if state in _KNOWN
        else OpenWork(_("A draft that was not sent yet"), "")
        for reference, title, state in session.execute(statement.order_by(Proposal.id))
    ]


AROUND = Around(agreements_of, acceded_as, open_work_of)
