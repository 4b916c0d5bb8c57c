"""Answers as pages show them: words for codes, days for dates, names for countries. The filter `answer` is used by all pages."""

from collections.abc import Callable, Mapping

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from app.proposals.queries.versions import Line
from app.proposals.routes.blueprint import blueprint
from app.rules.questions import Shape, typed_day
from app.web.answers import told
from app.web.words import country_name, day


@blueprint.app_template_filter("answer")
def answer(line: Line) -> Markup:
    """One field of an answer as HTML; what people typed is escaped."""
    if line.is_empty:
        return Markup('<span class="op-muted">%s</span>') % gettext("Not answered")
    return _SHOWN[line.shape](line)


def case_address(reference: str) -> str:
    """The page of one proposal, where everyone sees how it stands."""
    return url_for("proposals.show", reference=reference)


def _text(line: Line) -> Markup:
    paragraphs = [part.strip() for part in str(line.value).split("\n\n") if part.strip()]
    return Markup("<br><br>").join(Markup("<br>").join(escape(row) for row in each.split("\n")) for each in paragraphs)


def _chosen(line: Line) -> Markup:
    return _list([told(words) for words in line.words])


def _countries(line: Line) -> Markup:
    codes = line.value if isinstance(line.value, list) else [str(line.value)]
    return escape(", ".join(sorted(country_name(str(code)) for code in codes)))


def _date(line: Line) -> Markup:
    known = typed_day(line.value)
    return escape(day(known) if known else str(line.value).replace("/", " "))


def _indicators(line: Line) -> Markup:
    return _list([_indicator(row) for row in _rows(line)])


def _indicator(row: Mapping[str, object]) -> str:
    by = typed_day(row.get("by"))
    return gettext(
        "%(name)s: from %(baseline)s to %(target)s by %(by)s",
        name=row.get("name") or "–",
        baseline=row.get("baseline") or gettext("not known"),
        target=row.get("target") or "–",
        by=day(by) if by else str(row.get("by") or "–").replace("/", " "),
    )


def _datasets(line: Line) -> Markup:
    shown = [
        Markup('%s <span class="op-muted">%s · <span class="op-id">%s</span></span>')
        % (row.get("title"), row.get("data_partner"), row.get("reference"))
        for row in _rows(line)
    ]
    return _list(shown)


def _team(line: Line) -> Markup:
    return _list([_person(row) for row in _rows(line)])


def _person(row: Mapping[str, object]) -> str:
    named = ", ".join(str(row[key]) for key in ("name", "organization") if row.get(key))
    return gettext("%(person)s (lead)", person=named) if row.get("is_lead") else named


def _rows(line: Line) -> list[Mapping[str, object]]:
    return [row for row in line.value if isinstance(row, Mapping)] if isinstance(line.value, list) else []


def _list(texts: list[str] | list[Markup]) -> Markup:
    if len(texts) == 1:
        return escape(texts[0])
    rows = Markup("").join(Markup("<li>%s</li>") % text for text in texts)
    return Markup('<ul class="op-plain-list">%s</ul>') % rows


_SHOWN: dict[Shape, Callable[[Line], Markup]] = {
    Shape.LINE: _text,
    Shape.WORDS: _text,
    Shape.YEAR: _text,
    Shape.CHOICE: _chosen,
    Shape.CHOICES: _chosen,
    Shape.COUNTRY: _countries,
    Shape.COUNTRIES: _countries,
    Shape.DATE: _date,
    Shape.INDICATORS: _indicators,
    Shape.DATASETS: _datasets,
    Shape.TEAM: _team,
}
