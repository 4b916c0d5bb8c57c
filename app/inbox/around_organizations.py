"""What the pages of an organization learn from the parts above: where it stands with the agreement, what is open."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.agreements.binding import leaving_under
from app.agreements.models import Accession
from app.agreements.queries import accession_in_force, parties, what_is_missing
from app.catalog.queries import lists_for
from app.foundation.clock import now
from app.inbox.leaving import hand_on, open_work_of
from app.inbox.passing import passing_from
from app.organizations.around import AgreementState, Around
from app.organizations.commands.vouching import Terms
from app.organizations.models import Organization
from app.organizations.queries import organization
from app.rules.actors import Actor
from app.rules.roles import CAPACITIES, CAPACITY_NAMES, Capacity
from app.web.answers import told
from app.web.words import day


def agreements_of(session: Session, viewer: Actor, organization_id: int) -> list[AgreementState]:
    """One sentence for each capacity that the organization takes part in."""
    row, moment = organization(session, organization_id), now()
    found = []
    for capacity in (each for each in Capacity if each in CAPACITIES[row.kind]):
        leaving = leaving_under(session, row.id, capacity)
        if leaving is not None:
            found.append(_leaving(viewer, leaving))
            continue
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


def _leaving(viewer: Actor, accession: Accession) -> AgreementState:
    """It has given notice: it is still bound, and everybody who belongs to it reads until when."""
    sentence = _(
        "%(organization)s leaves the common agreement on %(day)s, as %(capacity)s.",
        organization=accession.organization.name,
        day=day(accession.leaves_on),
        capacity=told(CAPACITY_NAMES[accession.capacity]).lower(),
    )
    page = "agreements.case" if viewer.is_secretariat else "agreements.sign"
    return AgreementState(accession.capacity, sentence, url_for(page, reference=accession.reference), is_in_force=False)


def acceded_as(session: Session, capacity: Capacity) -> frozenset[str]:
    """The addresses of the organizations that take part in a capacity now."""
    return frozenset(party.slug for party in parties(session, now()) if party.capacity is capacity)


def terms_of(session: Session, organization_id: int) -> Terms | None:
    """The version under which the organization takes part as a member now."""
    accession = accession_in_force(session, organization_id, Capacity.MEMBER, now())
    return Terms(accession.agreement_version, accession.agreement_hash) if accession else None


def page_of(session: Session, viewer: Actor, row: Organization) -> str | None:
    """Where the viewer finds what the organization lists."""
    return url_for("front.partner", slug=row.slug) if lists_for(session, viewer, row.id) else None


AROUND = Around(agreements_of, acceded_as, open_work_of, passing_from, hand_on, terms_of, page_of)
