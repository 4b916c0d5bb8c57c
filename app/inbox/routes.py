"""The inbox: the first page after signing in."""

from textwrap import shorten
from typing import Any

from flask import Blueprint, current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.inbox.queries import DONE_DAYS, inbox
from app.rules.tasks import Done, Group, Row
from app.web.actor import current_actor
from app.web.answers import page
from app.web.database import db
from app.web.guards import signed_in
from app.web.words import short_day

blueprint = Blueprint("inbox", __name__)

# Where a thing of the history has its page.
_PAGES = {
    "proposal": ("proposals.show", "reference"),
    "grant": ("grants.show", "number"),
    "listing": ("catalog.dataset", "reference"),
    "accession": ("agreements.sign", "reference"),
}
_LONGEST_MARK = 22


@blueprint.get("/inbox")
@signed_in
def index() -> Response:
    """What waits for the reader."""
    moment, actor = now(), current_actor()
    found = inbox(db.session, actor, moment)
    return page(
        "inbox/index.html",
        found=found,
        Group=Group,
        first_name=actor.name.partition(" ")[0],
        today=moment.date(),
        dates=[
            (row.due, shorten(what(row), _LONGEST_MARK, placeholder="…"), row.is_yours) for row in found.rows if row.due
        ],
        count_words=count_words,
        what=what,
        address=address,
        done_address=done_address,
        due_words=due_words,
        done_days=DONE_DAYS,
    )


def what(row: Row) -> str:
    """What is to be done, in the reader's language."""
    facts = {name: str(_(fact)) for name, fact in row.facts}
    return str(_(row.sentence, **facts)) if facts else str(_(row.sentence))


def address(row: Row) -> str:
    """The page on which it is done, or the nearest that there is."""
    if row.endpoint not in current_app.view_functions:
        return url_for("inbox.index")
    values: dict[str, Any] = dict(row.values)
    return url_for(row.endpoint, **values)


def done_address(done: Done) -> str | None:
    """The page of a thing that the reader acted on; None where it has none."""
    endpoint, name = _PAGES.get(done.thing, ("", ""))
    values: dict[str, Any] = {name: done.reference}
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def count_words(count: int) -> str:
    """A small number in words, as it stands at the start of a sentence."""
    words = (_("Two"), _("Three"), _("Four"), _("Five"), _("Six"), _("Seven"), _("Eight"), _("Nine"))
    return words[count - 2] if 2 <= count <= len(words) + 1 else str(count)


def due_words(row: Row) -> str:
    """The date, and how many working days are left or over."""
    if row.due is None:
        return ""
    clock = row.clock
    if clock is None:
        return short_day(row.due)
    if clock.over:
        return _(
            "%(day)s, %(left)s", day=short_day(row.due), left=ngettext("one day over", "%(num)s days over", clock.over)
        )
    if row.is_yours and clock.left < 1:
        return _("%(day)s, due today", day=short_day(row.due))
    if row.is_yours:
        return _(
            "%(day)s, %(left)s", day=short_day(row.due), left=ngettext("one day left", "%(num)s days left", clock.left)
        )
    return _(
        "%(day)s, day %(number)s of %(total)s", day=short_day(row.due), number=max(clock.day, 1), total=clock.total
    )
