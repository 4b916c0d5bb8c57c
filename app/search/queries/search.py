"""Searching the catalog, in a fixed number of statements: what a viewer may not know of is in no row, count or order."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, case, false, func, select, true
from sqlalchemy.orm import Session

from app.catalog.models import Dataset, DatasetCountry, DatasetTheme
from app.catalog.queries.listings import whole
from app.catalog.standing import admitted_to
from app.organizations.models import Organization
from app.rules.actors import Actor
from app.rules.listings import OFFERED
from app.rules.vocabulary import ACCESS_MODES, THEMES, AccessMode, Theme
from app.search.queries.asking import Count, Facet, Hit, Names, SearchPage, SearchRequest, Sort, cleaned
from app.search.queries.matching import POINTS, Matching, matching


def search(session: Session, viewer: Actor, request: SearchRequest, names: Names | None = None) -> SearchPage:
    """One page of the datasets that fit, with how many there are of each facet's values.

    Args:
        names: what countries and languages are called in the reader's language; their codes where it is left out.
    """
    names = names or Names()
    request = cleaned(request)
    visible = and_(Dataset.state.in_(OFFERED), admitted_to(viewer))
    match = matching(session, visible, request.text)
    asked = visible if match.condition is None else and_(visible, match.condition)
    total, without, without_any = _totals(session, asked, request)
    return SearchPage(
        request,
        _hits(session, and_(asked, *_narrowed(request)), match, request),
        total,
        {facet: _counts(session, asked, request, facet, names) for facet in Facet},
        match.is_loose and without_any > 0,
        without,
        without_any=without_any,
    )


def _hits(session: Session, asked: ColumnElement[bool], match: Matching, request: SearchRequest) -> tuple[Hit, ...]:
    newest = (Dataset.listed_at.desc(), Dataset.id.desc())
    orders = {
        # Of two that fit alike, the shorter title says it more plainly.
        Sort.FIT: (match.score.desc(), func.length(Dataset.search_title), *newest) if match.words else newest,
        Sort.NEWEST: newest,
        Sort.TITLE: (Dataset.search_title, Dataset.id),
    }
    # The order is found on keys alone, so that long texts are read for the rows of this page only.
    ranked = (
        select(Dataset.id, match.score.label("score"))
        .where(asked)
        .order_by(*orders[request.sort])
        .limit(request.page_size)
        .offset((request.page - 1) * request.page_size)
    )
    scores = {row.id: row.score for row in session.execute(ranked)}
    rows = {row.id: row for row in session.scalars(whole().where(Dataset.id.in_(scores)))}
    return tuple(Hit(rows[key], score / POINTS) for key, score in scores.items() if key in rows)


def _totals(session: Session, asked: ColumnElement[bool], request: SearchRequest) -> tuple[int, dict[Facet, int], int]:
    """How many fit; how many would with one facet left open; how many with all of them open."""
    chosen = [facet for facet in Facet if request.chosen(facet)]
    ways = [and_(true(), *_narrowed(request)), *(and_(true(), *_narrowed(request.without(f))) for f in chosen)]
    sums = [func.coalesce(func.sum(case((way, 1), else_=0)), 0) for way in ways]
    total, *rest, everything = session.execute(select(*sums, func.count()).select_from(Dataset).where(asked)).one()
    return int(total), {f: int(n) for f, n in zip(chosen, rest, strict=True)}, int(everything)


def _narrowed(request: SearchRequest) -> list[ColumnElement[bool]]:
    """One condition per facet in which something is chosen."""
    return [_has_value(facet, request.chosen(facet)) for facet in Facet if request.chosen(facet)]


def _has_value(facet: Facet, values: Iterable[str]) -> ColumnElement[bool]:
    wanted = sorted(values)
    if facet is Facet.THEME:
        return Dataset.id.in_(select(DatasetTheme.dataset_id).where(DatasetTheme.theme.in_(wanted)))
    if facet is Facet.COUNTRY:
        return Dataset.id.in_(select(DatasetCountry.dataset_id).where(DatasetCountry.country.in_(wanted)))
    if facet is Facet.MODE:
        known = [AccessMode(value) for value in wanted if value in set(AccessMode)]
        return Dataset.access_mode.in_(known)
    if facet is Facet.PARTNER:
        return Dataset.organization_id.in_(select(Organization.id).where(Organization.slug.in_(wanted)))
    return false()


def _counts(
    session: Session, asked: ColumnElement[bool], request: SearchRequest, facet: Facet, names: Names
) -> tuple[Count, ...]:
    """The values of one facet with their counts, under everything that was asked but this facet itself."""
    chosen = request.chosen(facet)
    where = and_(asked, *_narrowed(request.without(facet)))
    counted = {value: (name, count) for value, name, count in _grouped(session, where, facet)}
    for value in chosen - counted.keys():
        counted[value] = (None, 0)
    found = [
        Count(value, name or _named(facet, value, names), count, value in chosen)
        for value, (name, count) in counted.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.name)))


def _grouped(session: Session, where: ColumnElement[bool], facet: Facet) -> Iterable[tuple[str, str | None, int]]:
    if facet is Facet.PARTNER:
        statement = (
            select(Organization.slug, Organization.name, func.count())
            .join(Dataset, Dataset.organization_id == Organization.id)
            .where(where)
            .group_by(Organization.slug, Organization.name)
        )
        return [(slug, name, count) for slug, name, count in session.execute(statement)]
    if facet is Facet.MODE:
        modes = select(Dataset.access_mode, func.count()).where(where, Dataset.access_mode.is_not(None))
        return [(str(mode), None, count) for mode, count in session.execute(modes.group_by(Dataset.access_mode))]
    if facet not in (Facet.THEME, Facet.COUNTRY):
        return []
    table, value = (
        (DatasetTheme, DatasetTheme.theme) if facet is Facet.THEME else (DatasetCountry, DatasetCountry.country)
    )
    values = select(value, func.count()).join(Dataset, Dataset.id == table.dataset_id).where(where).group_by(value)
    return [(code, None, count) for code, count in session.execute(values)]


def _named(facet: Facet, value: str, names: Names) -> str:
    """What people call a value; the value itself where it is none of ours, because somebody typed the address."""
    if facet is Facet.THEME:
        return THEMES[Theme(value)] if value in set(Theme) else value
    if facet is Facet.MODE:
        return ACCESS_MODES[AccessMode(value)] if value in set(AccessMode) else value
    return names.country(value) if facet is Facet.COUNTRY else value
