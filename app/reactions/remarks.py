"""What is to be mended in a large catalog that came in is written once, by the worker."""

from itertools import islice

from sqlalchemy.orm import Session

from app.exchange.commands.remarking import MOST_WRITTEN, REMARKS_MESSAGE, about_import, as_lines, keep_remarks
from app.exchange.models import CatalogImport
from app.exchange.remarked import of_import
from app.foundation.base import JSONObject
from app.foundation.errors import NotFound
from app.organizations.models import Organization
from app.reactions.work import Apply, Handler, Work


def write(work: Work, payload: JSONObject) -> Apply | None:
    """All remarks of an import, or of a look, from its file and the choices that held for it."""
    import_id = int(str(payload["import"]))
    with work.reading() as session:
        row = session.get_one(CatalogImport, import_id)
        organization = session.get_one(Organization, row.organization_id)
        try:
            found = of_import(session, work.files, row, organization, work.now)
        except NotFound:
            return None
        lines = as_lines(islice(found, MOST_WRITTEN))

    def apply(session: Session) -> None:
        keep_remarks(session, work.files, lines, about_import(import_id), work.now)

    return apply


HANDLERS: dict[str, Handler] = {REMARKS_MESSAGE: write}
