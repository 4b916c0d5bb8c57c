"""Writing a listing on four pages. Saving keeps whatever was typed; a page says beside each field what is left to mend."""

from collections.abc import Mapping

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog import commands
from app.catalog.answers import PAGES, Answers, Page, Where
from app.catalog.completeness import LONGEST_SUMMARY, LONGEST_TITLE, completeness, missing_on
from app.catalog.forms import TermsForm
from app.catalog.forms.terms import unit_words
from app.catalog.models import Dataset
from app.catalog.routes import words
from app.catalog.routes.blueprint import blueprint
from app.catalog.routes.desk import acts_on, require, seen_from_desk
from app.catalog.routes.filling import PageForm, filled, held, sent, typed_on
from app.catalog.starting import SOURCES, Source
from app.catalog.terms import ASKED_IN, Asked, refusals
from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.rules.actions import Action
from app.rules.licenses import license_of
from app.rules.vocabulary import COLLABORATIVE_TYPES, MODES_OF_TYPE
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, signed_in

_TYPED_WRONG: dict[str, str] = {
    "coverage_start": "Enter a date with day, month and year, like 14 3 2027.",
    "coverage_end": "Enter a date on or after the first day, like 14 3 2027.",
    "contact": "Enter a mail address, such as data@example.org, or a web address that begins with https://.",
    "landing_page": "Enter a web address that begins with https://.",
}
# Pages beside the four, to which a button of the first leads once it is saved.
_BESIDE = {"dictionary": "catalog.edit_dictionary", "sample": "catalog.edit_sample"}
# A number with more digits is too large whatever it is.
_DIGITS = 18
_A_NUMBER = "Give a whole number, such as 12."


@blueprint.get("/desk/listings/<reference>/edit/<page_key>")
@signed_in
def write(reference: str, page_key: str) -> Response:
    """One page with what is there; `?mend=1` says beside each field what is left to mend."""
    row, chosen = editable(reference), _page(page_key)
    form = filled(row, chosen)
    if "mend" in request.args:
        _say_what_is_missing(row, chosen, form)
    return _show(row, chosen, form)


@blueprint.post("/desk/listings/<reference>/edit/<page_key>")
@signed_in
def save(reference: str, page_key: str) -> Response:
    """Keep the page, then go where the button leads."""
    row, chosen = editable(reference), _page(page_key)
    form = sent(row, chosen)
    answers, unread = form.answers()
    if isinstance(form, TermsForm):
        answers, unread = _without_refused(form, unread)
    try:
        commands.save_page(db.session, current_actor(), row.reference, answers, now(), typed=unread)
    except Invalid as error:
        db.session.rollback()
        form.put_errors(error)
        return _show(editable(reference), chosen, form, 422)
    if unread:
        return finish(_address(row, chosen) + "?mend=1", _("Saved. Some answers cannot be used yet; they are marked."))
    return finish(_after(row, chosen, request.form.get("act", "")), _saved(row, answers))


def _saved(row: Dataset, answers: Answers) -> str:
    """That it is saved, and which license the terms were taken for where they were typed in other words."""
    if isinstance(answers, Where) and license_of(row.license_text) and answers.license_text != row.license_text:
        return _("Saved. The terms of the source are %(license)s.", license=words.license_name(row))
    return _("Saved.")


def editable(reference: str) -> Dataset:
    """A listing that the acting person may write now; NotFound and WrongState otherwise."""
    row = seen_from_desk(reference)
    require(Action.EDIT_LISTING, row)
    return row


def _page(key: str) -> Page:
    found = next((one for one in Page if one.value == key), None)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def _address(row: Dataset, chosen: Page) -> str:
    return url_for("catalog.write", reference=row.reference, page_key=chosen.value)


def _after(row: Dataset, chosen: Page, act: str) -> str:
    """Where the button leads: the next page, the same one, one beside it, or the overview."""
    order = list(Page)
    later = order[order.index(chosen) + 1 :]
    if act == "stay":
        return _address(row, chosen)
    if act in _BESIDE:
        return url_for(_BESIDE[act], reference=row.reference)
    return _address(row, later[0]) if later and act != "leave" else url_for("catalog.listing", reference=row.reference)


def _say_what_is_missing(row: Dataset, chosen: Page, form: PageForm) -> None:
    for name, text in typed_on(row, chosen).items():
        found = [told(str(one.sentence)) for one in refusals({name: int(text[:_DIGITS])})] if text.isdecimal() else []
        form.put_errors(Invalid(found[0] if found else _(_TYPED_WRONG.get(name, _A_NUMBER)), name))
    for requirement in missing_on(row, chosen):
        form.put_errors(Invalid(requirement.remedy, requirement.field))


def _without_refused(form: TermsForm, unread: Mapping[str, str]) -> tuple[Answers, dict[str, str]]:
    """The conditions that the agreement allows; the others are kept as typed, and said on the page."""
    answers, _unread = form.answers()
    kept, refused = dict(answers.conditions), dict(unread)
    for finding in refusals(answers.conditions):
        refused[finding.parameter] = str(form[finding.parameter].data)
        kept.pop(finding.parameter, None)
    return type(answers)(kept), refused


def _show(row: Dataset, chosen: Page, form: PageForm, status: int = 200) -> Response:
    order = list(Page)
    return page(
        f"catalog/write_{chosen.value}.html",
        422 if form.errors and status == 422 else status,
        dataset=row,
        form=form,
        chosen=chosen,
        number=order.index(chosen) + 1,
        total=len(order),
        title=told(PAGES[chosen]),
        rail=[(told(name), _address(row, one), one, missing_on(row, one)) for one, name in PAGES.items()],
        completeness=completeness(row),
        acts={act.name for act in acts_on(row)},
        type_of_mode={m.value: told(COLLABORATIVE_TYPES[kind]) for kind, modes in MODES_OF_TYPE.items() for m in modes},
        longest_title=LONGEST_TITLE,
        longest_summary=LONGEST_SUMMARY,
        prefilled=_prefilled(row, chosen),
        license_name=words.license_name(row) if license_of(row.license_text) else "",
        unit_words=unit_words,
        term_groups=_term_groups(form),
        answered_terms=[name for name, value in held(row).items() if value is not None],
    )


def _prefilled(row: Dataset, chosen: Page) -> dict[str, str]:
    """Where answers of the page came from that nobody has looked at yet, in words, by field."""
    prefix = f"{chosen.value}."
    return {
        name.removeprefix(prefix): told(SOURCES[Source(str(source))])
        for name, source in row.prefilled.items()
        if name.startswith(prefix)
    }


def _term_groups(form: PageForm) -> list[tuple[str, list[Asked]]]:
    """The parameters of page 4 under what they are about."""
    if not isinstance(form, TermsForm):
        return []
    by_name = {one.spec.name: one for one in form.asked}
    return [(told(title), [by_name[n] for n in names if n in by_name]) for title, names in ASKED_IN.items()]
