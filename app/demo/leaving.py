"""Loading a notice of leaving: a small member of the demo gave it in writing, and the secretariat recorded the letter."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.agreements.commands.countersigning import Scan
from app.agreements.commands.leaving import Letter, record_notice
from app.agreements.models import Accession
from app.agreements.notice import period_of
from app.demo.stage import Stage
from app.letters.manuscript import Manuscript
from app.letters.render import render
from app.organizations.queries import organization_by_slug
from app.reactions.notices import follow_notices
from app.rules.calendar import UNDO_MINUTES

LEAVES, SIGNED_BY, OFFICER = "lake-towns", "Tamara Phiri, Chair", "Mei Castellanos"
RECORDED = 4  # working days ago
REASON = "Our statistics office becomes part of a larger member's in spring. The towns go on under its agreement."
_WRITTEN = (
    "<html lang='en'><head><title>Notice of leaving</title></head><body><h1>Notice of leaving</h1>"
    "<p>To the secretariat of the consortium.</p><p>{organization} gives notice under clause 19.6.</p>"
    "<p>{reason}</p><p>{signed_by}</p><p>Invented for the demo.</p></body></html>"
)


def plan_leaving(stage: Stage) -> None:
    """The letter came the day it is recorded; nobody takes the notice back."""
    recorded = stage.at(RECORDED, 9)
    stage.plan(recorded, lambda now: _record(stage, now))
    stage.plan(recorded + timedelta(minutes=UNDO_MINUTES), lambda now: follow_notices(stage.session, now))


def _record(stage: Stage, now: datetime) -> None:
    session, organization = stage.session, organization_by_slug(stage.session, LEAVES)
    row = session.scalars(select(Accession).where(Accession.organization_id == organization.id)).one()
    period = period_of(session, row, now)
    letter = Letter(period.received, Scan(_scanned(organization.name, now), "notice-of-leaving.pdf"))
    officer, store = stage.acting(OFFICER, now), stage.app.extensions["onepact_files"]
    record_notice(session, officer, row.reference, period.earliest, REASON, letter, store, now)


def _scanned(organization: str, now: datetime) -> bytes:
    html = _WRITTEN.format(organization=organization, reason=REASON, signed_by=SIGNED_BY)
    return render(Manuscript(html, "demo-notice", "Notice of leaving", "", organization, now)).pdf
