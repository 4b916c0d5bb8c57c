"""The register of grants: as pages, as JSON and as CSV, for everyone."""

import csv
import io
from collections.abc import Iterable

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.words import N_
from app.grants.around import Published, around
from app.grants.queries.handed import handed_over
from app.grants.queries.register import Entry, register_page, whole_register
from app.grants.queries.register import register_entry as entry_of
from app.grants.routes.blueprint import blueprint
from app.web.answers import json_answer, page, told
from app.web.database import db
from app.web.guards import public

# What a spreadsheet would take for a formula when it stands first in a cell (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_COLUMNS = (
    "number", "status", "title", "data_partner", "member", "datasets", "purposes", "purpose", "benefit", "theme",
    "countries", "access_mode", "starts_on", "ends_on", "issued_on", "agreement_version", "record_sha256", "letter_sha256",
    "replaces", "replaced_by",
)  # fmt: skip
STATUS_WORDS = {
    "active": N_("In force"),
    "not_yet": N_("Not yet in force"),
    "suspended": N_("Suspended"),
    "expired": N_("Expired"),
    "revoked": N_("Revoked"),
    "closed": N_("Closed"),
    "closing": N_("Being closed"),
    "replaced": N_("Replaced"),
    "ended": N_("Ended"),
}


@blueprint.get("/register")
@public
def register() -> Response:
    """Who uses which data, from whom, for what, until when."""
    shown = register_page(db.session, now(), _page_number())
    return page("register/index.html", shown=shown, statuses=STATUS_WORDS)


@blueprint.get("/register/<number>")
@public
def register_entry(number: str) -> Response:
    """One grant in plain words."""
    moment = now()
    entry = entry_of(db.session, number[:40], moment)
    outputs = around().published(db.session, [entry.number]).get(entry.number, ())
    handed = handed_over(db.session, entry.number, moment)
    return page("register/entry.html", entry=entry, outputs=outputs, handed=handed, statuses=STATUS_WORDS)


@blueprint.get("/register.json")
@public
def register_json() -> Response:
    """The whole register for programs."""
    moment = now()
    entries = list(whole_register(db.session, moment))
    published = around().published(db.session, [entry.number for entry in entries])
    grants = [{**_row(entry), "outputs": _outputs(published.get(entry.number, ()))} for entry in entries]
    value = {"consortium": current_app.config["CONSORTIUM_NAME"], "grants": grants}
    return _kept(json_answer(value))


@blueprint.get("/register.csv")
@public
def register_csv() -> Response:
    """The whole register for spreadsheets."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for entry in whole_register(db.session, now()):
        row = _row(entry)
        writer.writerow([safe_cell(_joined(row[column])) for column in _COLUMNS])
    body = "\ufeff" + text.getvalue()  # so that spreadsheets read it as UTF-8
    answer = current_app.response_class(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=register.csv"
    return _kept(answer)


def safe_cell(text: str) -> str:
    """The text of a cell that no spreadsheet runs as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _outputs(published: Iterable[Published]) -> list[dict[str, object]]:
    return [
        {
            "title": each.title,
            "address": each.address,
            "doi": each.doi or None,
            "published_on": each.published_on.isoformat(),
        }
        for each in published
    ]


def _row(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "status": entry.status,
        "title": entry.title,
        "data_partner": entry.data_partner or None,
        "member": entry.member,
        "datasets": [dataset.title if dataset.is_named else None for dataset in entry.datasets],
        "dataset_references": [dataset.reference or None for dataset in entry.datasets],
        "purposes": list(entry.purposes),
        "purpose": entry.purpose_words,
        "benefit": entry.benefit,
        "theme": told(entry.theme),
        "countries": list(entry.countries),
        "access_mode": ", ".join(told(mode) for mode in entry.access_modes),
        "starts_on": entry.starts_on.isoformat(),
        "ends_on": entry.ends_on.isoformat(),
        "issued_on": entry.issued_at.date().isoformat(),
        "agreement_version": entry.agreement_version,
        "record_sha256": entry.record_hash,
        "letter_sha256": entry.letter_sha256,
        "replaces": entry.predecessor,
        "replaced_by": entry.successor,
        "url": str(current_app.config["PUBLIC_URL"]).rstrip("/")
        + url_for("grants.register_entry", number=entry.number),
    }


def _joined(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return "; ".join(str(item) for item in value if item)
    return "" if value is None else str(value)


def _page_number() -> int:
    given = request.args.get("page", "1")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def _kept(answer: Response) -> Response:
    """With a mark of its content, so that whoever asks again gets it only when it changed."""
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
