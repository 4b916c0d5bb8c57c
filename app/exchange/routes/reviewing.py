"""The page on which somebody looks through an import before it happens: what would come of it, and what can be corrected."""

from werkzeug.wrappers import Response

from app.catalog.accession import may_list
from app.catalog.said import FIELDS
from app.catalog.standing import lists_unchecked
from app.exchange.commands.findings import Findings
from app.exchange.commands.results import Preview
from app.exchange.forms.importing import ConfirmForm
from app.exchange.models import CatalogImport
from app.exchange.queries.choices import Choices
from app.exchange.queries.publishers import Placed, Publishers
from app.exchange.routes.uploads import Upload
from app.exchange.routes.values import in_words
from app.foundation.clock import now
from app.readers.columns import TERMS
from app.rules.publishers import ANSWERS, Answer
from app.rules.vocabulary import ACCESS_MODES, AccessMode
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.database import db
from app.web.words import country_name

_SHOWN = 50
_MOST_PUBLISHERS = 300
# Changes are kept with the words of their field.
_FIELDS = {words: field for field, words in FIELDS.items()}


def _publishers(given: Upload, found: Findings) -> list[tuple[Placed, int, Answer]]:
    """Those that the catalog names, those first that somebody has to look at, with what becomes of their datasets."""
    placed = Publishers(db.session, given.organization, now()).placed(found.publishers)
    ordered = sorted(placed, key=lambda one: (not one.is_asked, -found.publishers[one.name]))
    answers = given.said.publishers
    return [(one, found.publishers[one.name], answers.get(one.name, one.usual)) for one in ordered[:_MOST_PUBLISHERS]]


def review_page(given: Upload, seen: CatalogImport, found: Findings) -> Response:
    """What would happen with each row, and how it was read."""
    listing = may_list(db.session, given.organization, now())
    return page(
        "exchange/import_review.html",
        file=given.file,
        organization=given.organization,
        problem=told(seen.problem),
        form_name=", ".join(told(part) for part in found.form.split(", ")),
        seen=seen,
        found=found,
        shown=found.refused[:_SHOWN],
        placed=[(one.row, one.title, country_name(one.country)) for one in found.placed_rows],
        in_words=lambda words, value: in_words(_FIELDS.get(words, ""), value),
        terms={term: told(name) for term, (name, _headers) in TERMS.items()},
        previews=[_shown(one) for one in found.previews],
        for_both=_for_both(seen, found),
        kept=_from_before(given.said, found),
        publishers=_publishers(given, found),
        answers={answer: told(words) for answer, words in ANSWERS.items()},
        form=ConfirmForm(formdata=None),
        may_list=listing,
        may_publish=listing and lists_unchecked(current_actor(), given.organization),
    )


def _shown(one: Preview) -> dict[str, str]:
    """A row as it would be listed, in words."""
    start, end = one.period
    access = ACCESS_MODES.get(AccessMode(one.access)) if one.access else None
    return {
        "row": str(one.row),
        "title": one.title,
        "publisher": one.publisher,
        "countries": ", ".join(country_name(code) for code in one.countries),
        "period": f"{start} – {end}".strip() if start or end else "",
        "license": one.license,
        "access": told(access) if access else "",
        "lacks": ", ".join(told(name) for name in one.lacks),
    }


def _for_both(seen: CatalogImport, found: Findings) -> str:
    """The column of the title, if most rows have no description: it can be taken for both."""
    title = next((one for one in found.columns if "title" in one.terms), None)
    is_most = found.undescribed * 2 > seen.rows - seen.refused
    return title.name if title and is_most and "description" not in title.terms else ""


def _from_before(said: Choices, found: Findings) -> list[str]:
    """The columns that are read as somebody said of an earlier catalog."""
    return [one.name for one in found.columns if one.name in said.kept and one.name not in said.columns]
