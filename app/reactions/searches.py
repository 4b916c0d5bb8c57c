"""Saved searches: by date each is looked into with the rights of its person at that moment, and what is new is told once."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.catalog.queries import Brief
from app.correspondence.queries import preferences
from app.foundation.base import JSONObject
from app.organizations.models import Person
from app.outbox.commands import enqueue
from app.reactions.mail import Recipient, write_mail
from app.reactions.readers import reader_of
from app.reactions.work import Apply, Handler, Job, Work
from app.rules.mail import Cadence
from app.search.addresses import read
from app.search.commands import looked, next_look
from app.search.models import SavedSearch
from app.search.queries.saved import last_listed, new_listings, to_look_into

LOOK = "search.look"


def look_by_date(session: Session, now: datetime) -> None:
    """One message for each saved search whose time has come, if anything was listed since; the others wait on."""
    due = to_look_into(session, now)
    last = last_listed(session) if due else None
    for row in due:
        row.look_at = next_look(row.cadence, preferences(session, row.person_id).hours, now)
        if last is not None and last > row.since:
            enqueue(session, LOOK, {"search": row.id}, now, about=f"search {row.id}")


def _look(work: Work, payload: JSONObject) -> Apply | None:
    """What is new for one person; one mail for each dataset, which leave as one."""
    with work.reading() as session:
        saved = session.get(SavedSearch, int(str(payload["search"])))
        person = session.get(Person, saved.person_id) if saved else None
        if saved is None or person is None or not person.active or saved.cadence is Cadence.OFF:
            return None
        rows = new_listings(session, reader_of(session, person), saved, read(saved.question))

    def apply(session: Session) -> None:
        row = session.get(SavedSearch, saved.id, with_for_update=True)
        if row is None:
            return  # thrown away in the meantime
        to = Recipient(person.name, person.email)
        for dataset in rows:
            context = _context(work, row, dataset)
            write_mail(session, work, "search_found", to, context, f"search {row.id}", f"/datasets/{dataset.reference}")
        looked(session, row, [dataset.id for dataset in rows], work.now)

    return apply


def _context(work: Work, saved: SavedSearch, dataset: Brief) -> dict[str, object]:
    return {
        "title": saved.name,
        "dataset": dataset.title,
        "partner": dataset.partner,
        "words": dataset.summary,
        "searches": f"{work.public_url}/me/searches",
        # Looked at again when the mail leaves: what the person may no longer know of is left out.
        "concerns": dataset.reference,
    }


HANDLERS: dict[str, Handler] = {LOOK: _look}
SCHEDULE: tuple[Job, ...] = (look_by_date,)
