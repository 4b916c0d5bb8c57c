"""Starting a listing and saving one of its four pages. Saving a draft never fails for what is missing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from app.catalog.answers import PAGE_OF, Access, Answers, Column, Sample, Terms, What, Where
from app.catalog.commands.acts import allow as allow_act
from app.catalog.commands.acts import locked, note, record_change, touch
from app.catalog.completeness import missing
from app.catalog.models import (
    AdmittedOrganization,
    Dataset,
    DatasetCondition,
    DatasetCountry,
    DatasetTheme,
)
from app.catalog.said import changed, said
from app.catalog.standing import partner_standing
from app.catalog.terms import refusals
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid
from app.foundation.numbers import plain_reference
from app.foundation.text import clean, clean_line
from app.organizations.details import Defaults
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.licenses import license_id
from app.rules.listings import KEEPS_COMPLETE
from app.rules.permissions import permit
from app.rules.vocabulary import MODES_OF_TYPE, AccessMode, CollaborativeType
from app.rules.workflow import Machine

TYPE_OF_MODE: dict[AccessMode, CollaborativeType] = {
    mode: kind for kind, modes in MODES_OF_TYPE.items() for mode in modes
}


def create(session: Session, actor: Actor, organization: Organization, now: datetime, title: str = "") -> Dataset:
    """Start a draft for a data partner, filled with the answers that the partner gives each time.

    Raises:
        NotAllowed: the actor does not write this organization's listings.
    """
    permit(Action.EDIT_LISTING, partner_standing(actor, organization.id), Machine.LISTING)
    dataset = blank(session, organization, now)
    dataset.title = clean_line(title)
    session.flush()  # the texts that nobody has written yet get their empty values
    session.flush()
    record_change(session, Event.LISTING_CREATED, actor, dataset, now, {"title": dataset.title})
    return dataset


def blank(session: Session, organization: Organization, now: datetime, reference: str = "") -> Dataset:
    """A new draft with a reference and the organization's defaults, added to the session."""
    dataset = Dataset(**blank_values(organization, now))
    dataset.reference, dataset.organization = reference or plain_reference(session, "DS"), organization
    session.add(dataset)
    return dataset


def blank_values(organization: Organization, now: datetime) -> dict[str, object]:
    """What a new draft of this organization begins with, but for its reference."""
    defaults = Defaults.from_json(organization.defaults)
    given: dict[str, object] = {
        "organization_id": organization.id,
        "state_since": now,
        "created_at": now,
        "updated_at": now,
        "publisher": organization.name,
        "contact": _contact(defaults),
        "access_mode": defaults.access_mode,
        "collaborative_type": TYPE_OF_MODE[defaults.access_mode],
        "sensitivity": defaults.sensitivity,
        "visibility": defaults.visibility,
    }
    return {**unwritten(), **given}


def unwritten() -> dict[str, object]:
    """Every field as it is before anything is written into it; the database would fill it in only when the row is stored."""
    values: dict[str, object] = {"countries": [], "themes": [], "conditions": [], "admitted": []}
    for column in Dataset.__table__.columns:
        default = column.default
        if isinstance(default, CallableColumnDefault):
            values[column.key] = default.arg(None)  # type: ignore[arg-type]
        elif isinstance(default, ScalarElementColumnDefault) and column.key != "version":
            values[column.key] = default.arg
    return values


def save_page(
    session: Session,
    actor: Actor,
    reference: str,
    answers: Answers,
    now: datetime,
    *,
    typed: Mapping[str, str] | None = None,
) -> Dataset:
    """Keep one page. A draft takes anything; a listing that people can see stays complete.

    Args:
        typed: answers of this page that could not be read, as they were typed, by field.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say.
        Invalid: a condition goes beyond the agreement, or a listing that people see would lose a required answer.
    """
    dataset = locked(session, reference)
    allow_act(Action.EDIT_LISTING, actor, dataset)
    if isinstance(answers, Terms):
        for finding in refusals(answers.conditions):
            raise Invalid(str(finding.sentence), finding.parameter)
    lacking, before = {requirement.field for requirement in missing(dataset)}, said(dataset)
    seen_by = dataset.visibility
    write(dataset, answers)
    page = PAGE_OF[type(answers)]
    others = {name: text for name, text in dataset.typed.items() if not name.startswith(f"{page}.")}
    dataset.typed = others | {f"{page}.{name}": clean(text) for name, text in (typed or {}).items()}
    # Whoever saves a page has looked at what had been filled in for them.
    dataset.prefilled = {name: source for name, source in dataset.prefilled.items() if not name.startswith(f"{page}.")}
    dataset.updated_at = now
    _require_kept(dataset, lacking)
    session.flush()
    facts: JSONObject = {"page": page.value, "fields": list(changed(before, said(dataset)))}
    note(session, actor, dataset, Action.EDIT_LISTING, now, facts)
    if dataset.visibility is not seen_by:
        _count_its_answers_again(session, dataset)
    return dataset


def _count_its_answers_again(session: Session, dataset: Dataset) -> None:
    """Its answers begin to count to what all of the data partner's listings say of a typical answer, or do so no longer."""
    if dataset.listed_at is not None:
        touch(session, select(Dataset.id).where(Dataset.organization_id == dataset.organization_id))


def _require_kept(dataset: Dataset, lacking: Collection[str]) -> None:
    """Raise Invalid where a listing that people see lost a required answer; `lacking` it had not before."""
    if dataset.state in KEEPS_COMPLETE:
        for requirement in missing(dataset):
            if requirement.field not in lacking:
                raise Invalid(requirement.remedy, requirement.field)


def _contact(defaults: Defaults) -> str:
    name, email = defaults.contact_name, defaults.contact_email
    return f"{name} <{email}>" if name and email else email or name


def _write_what(dataset: Dataset, page: What) -> None:
    dataset.title, dataset.summary = clean_line(page.title), clean_line(page.summary)
    dataset.description, dataset.publisher = clean(page.description), clean_line(page.publisher)
    dataset.keywords = lines(page.keywords)
    dataset.good_for, dataset.not_good_for = lines(page.good_for), lines(page.not_good_for)
    if page.dictionary is not None:
        dataset.dictionary = columns_kept(page.dictionary)
    set_themes(dataset, page.themes)
    if page.sample is not None:
        dataset.sample = sample_kept(page.sample)


def _write_where(dataset: Dataset, page: Where) -> None:
    set_countries(dataset, page.countries)
    dataset.coverage_start, dataset.coverage_end = page.coverage_start, page.coverage_end
    dataset.spatial_resolution, dataset.unit = clean_line(page.spatial_resolution), clean_line(page.unit)
    dataset.size, dataset.frequency = clean_line(page.size), page.frequency
    dataset.languages, dataset.contact = lines(page.languages), clean_line(page.contact)
    dataset.release, dataset.landing_page = clean_line(page.release), clean_line(page.landing_page)
    terms = clean_line(page.license_text)
    dataset.license_text = license_id(terms) or terms


def _write_access(dataset: Dataset, page: Access) -> None:
    dataset.access_mode, dataset.sensitivity = page.access_mode, page.sensitivity
    dataset.collaborative_type = TYPE_OF_MODE[page.access_mode] if page.access_mode else None
    dataset.delivery_steps, dataset.visibility = clean(page.delivery_steps), page.visibility
    dataset.extra_questions = lines(page.extra_questions)[:3]
    kept = {row.organization_id: row for row in dataset.admitted}
    dataset.admitted = [kept.get(key) or AdmittedOrganization(organization_id=key) for key in sorted(page.admitted)]


def _write_terms(dataset: Dataset, page: Terms) -> None:
    kept = {row.parameter: row for row in dataset.conditions}
    for name, value in page.conditions.items():
        if value is None:
            kept.pop(name, None)
        elif name in kept:
            kept[name].value = {"value": value}
        else:
            kept[name] = DatasetCondition(parameter=name, value={"value": value})
    dataset.conditions = [kept[name] for name in sorted(kept)]


def write(dataset: Dataset, answers: Answers) -> None:
    """Put the answers of one page into the listing; whether they may stand there is the caller's to ask."""
    match answers:
        case What():
            _write_what(dataset, answers)
        case Where():
            _write_where(dataset, answers)
        case Access():
            _write_access(dataset, answers)
        case Terms():
            _write_terms(dataset, answers)


def set_themes(dataset: Dataset, themes: Iterable[str]) -> None:
    """Make these the listing's themes, keeping the rows that stay."""
    kept = {row.theme: row for row in dataset.themes}
    dataset.themes = [kept.get(theme) or DatasetTheme(theme=theme) for theme in dict.fromkeys(themes)]


def set_countries(dataset: Dataset, countries: Iterable[str]) -> None:
    """Make these the listing's countries, keeping the rows that stay."""
    kept = {row.country: row for row in dataset.countries}
    dataset.countries = [kept.get(code) or DatasetCountry(country=code) for code in dict.fromkeys(countries)]


def lines(texts: Iterable[str]) -> list[str]:
    """Each text on one line, without empty ones and repeats."""
    return list(dict.fromkeys(line for line in map(clean_line, texts) if line))


def columns_kept(columns: Iterable[Column]) -> list[JSONObject]:
    """The rows of a dictionary as a listing keeps them."""
    return [{key: clean_line(value) for key, value in asdict(column).items()} for column in columns]


def sample_kept(sample: Sample) -> JSONObject:
    """The rows of a sample as a listing keeps them."""
    return {
        "heads": [clean_line(head) for head in sample.heads],
        "rows": [[clean_line(cell) for cell in row] for row in sample.rows],
        "is_synthetic": sample.is_synthetic,
    }
