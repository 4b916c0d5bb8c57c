"""The inbox: the first page after signing in."""

from textwrap import shorten
from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.words import N_
from app.inbox.lately import DONE_DAYS
from app.inbox.queries import SHOWN, Part, inbox, stretch
from app.inbox.sources import ABOUT_NAMES, About
from app.inbox.taking import take_case
from app.inbox.words import what
from app.inbox.workload import workload
from app.inbox.your_data import your_data
from app.proposals.commands.reminding import remind_many
from app.proposals.commands.taking import hand_on_many
from app.rules.roles import Role
from app.rules.tasks import Done, Group, Row
from app.rules.terms.values import Unit
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.clocks import standing_words
from app.web.database import db
from app.web.guards import holding, signed_in
from app.web.once import once
from app.web.words import short_day, short_deadline

blueprint = Blueprint("inbox", __name__)

# Where a thing of the history has its page.
_PAGES = {
    "proposal": ("proposals.show", "reference"),
    "grant": ("grants.show", "number"),
    "listing": ("catalog.dataset", "reference"),
    "listing_question": ("catalog.to_question", "question"),
    "accession": ("agreements.sign", "reference"),
    "change": ("changes.show", "reference"),
    "subgrant": ("changes.subgrant", "number"),
    "output": ("outputs.show", "reference"),
    "incident": ("incidents.show", "reference"),
}
_LONGEST_MARK = 22


@blueprint.get("/inbox")
@signed_in
def index() -> Response:
    """What waits for the reader."""
    moment, actor, about = now(), current_actor(), _about()
    found = inbox(db.session, actor, moment, about)
    # The number in the head is that of everything: the whole page has counted it already.
    counted: dict[str, Any] = {} if about else {"inbox_count": lambda: found.yours_count}
    return page(
        "inbox/index.html",
        found=found,
        **counted,
        Part=Part,
        shown=SHOWN,
        first_name=actor.name.partition(" ")[0],
        today=moment.date(),
        dates=[
            (row.due, shorten(what(row), _LONGEST_MARK, placeholder="…"), row.is_yours) for row in found.rows if row.due
        ],
        loads=workload(db.session, actor, moment),
        may_choose=_may_choose(),
        count_words=count_words,
        done_address=done_address,
        done_days=DONE_DAYS,
        your_data=[] if about else your_data(db.session, actor, moment),
        **_words(),
    )


@blueprint.get("/inbox/<any(overdue, week, later, others, unfinished):part>")
@signed_in
def rest(part: str) -> Response:
    """All of one part, page by page."""
    moment, actor = now(), current_actor()
    found = stretch(db.session, actor, moment, Part(part), request.args.get("page", 1, type=int), _about())
    return page(
        "inbox/part.html",
        found=found,
        part=Part(part),
        title=told(TITLES[Part(part)]),
        loads=workload(db.session, actor, moment),
        may_choose=_may_choose(),
        **_words(),
    )


@blueprint.post("/inbox/remind")
@holding(Role.OFFICER)
@once
def remind_chosen() -> Response:
    """Remind those who are waited for on the proposals that were ticked."""
    sent, left = remind_many(db.session, current_actor(), request.form.getlist("ref"), now())
    message = ngettext("One reminder is on its way.", "%(num)s reminders are on their way.", sent)
    if left:
        message += " " + ngettext(
            "For one it is too early, or your own turn.", "For %(num)s it is too early, or your own turn.", left
        )
    return finish(url_for("inbox.index"), message)


@blueprint.post("/inbox/hand-on")
@holding(Role.OFFICER)
@once
def hand_on_chosen() -> Response:
    """Hand the proposals that were ticked to a colleague."""
    person = request.form.get("person", 0, type=int)
    count, left = hand_on_many(db.session, current_actor(), request.form.getlist("ref"), person, now())
    said = [ngettext("One handed on.", "%(num)s handed on.", count) if count else _("Nothing was handed on.")]
    for why in dict.fromkeys(each.why for each in left):
        stays = ", ".join(each.reference for each in left if each.why == why)
        said.append(_("Not %(references)s: %(why)s", references=stays, why=told(why)))
    return finish(url_for("inbox.index"), " ".join(said))


@blueprint.post("/inbox/take")
@signed_in
@once
def take() -> Response:
    """Put one's own name on what colleagues could do as well."""
    take_case(db.session, current_actor(), request.form.get("thing", ""), request.form.get("ref", ""), now())
    return finish(url_for("inbox.index"), _("It is yours now. Your colleagues see your name on it."))


# What the parts of the page are called.
TITLES: dict[Part, str] = {
    Part.OVERDUE: N_("Overdue"),
    Part.WEEK: N_("Due this week"),
    Part.LATER: N_("Due later"),
    Part.OTHERS: N_("Waiting on others"),
    Part.UNFINISHED: N_("Unfinished, without a date"),
}


def _about() -> About | None:
    """What the address narrows the inbox to; a word that is none narrows nothing."""
    asked = request.args.get("about", "")
    return About(asked) if asked in set(About) else None


def _may_choose() -> bool:
    """Whether the reader reminds and hands on several at once."""
    return bool(current_actor().organizations_with(Role.OFFICER))


def _words() -> dict[str, Any]:
    return {
        "what": what,
        "address": address,
        "due_words": due_words,
        "TITLES": TITLES,
        "about": _about(),
        "ABOUT_NAMES": ABOUT_NAMES,
    }


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
    """The date, and how many working days are left or over; where hours count, the moment and the hours."""
    if row.due is None:
        return ""
    clock = row.clock
    if clock is not None and clock.unit is Unit.HOUR:
        if clock.over or row.is_yours:
            return _("%(day)s, %(left)s", day=short_deadline(row.when), left=standing_words(clock))
        hour = {"hour": clock.number, "total": clock.total}
        return _("%(day)s, hour %(hour)s of %(total)s", day=short_deadline(row.when), **hour)
    # What is due on a date of its own, such as a report, is over by days as the calendar counts them.
    over = clock.over if clock else (now().date() - row.due).days if row.group is Group.OVERDUE else 0
    if over > 0:
        return _("%(day)s, %(left)s", day=short_day(row.due), left=ngettext("one day over", "%(num)s days over", over))
    if clock is None:
        return short_day(row.due)
    if row.is_yours and clock.left < 1:
        is_today = row.due >= now().date()
        return (
            _("%(day)s, due today", day=short_day(row.due))
            if is_today
            else _("%(day)s, due before the next working day", day=short_day(row.due))
        )
    if row.is_yours:
        return _(
            "%(day)s, %(left)s", day=short_day(row.due), left=ngettext("one day left", "%(num)s days left", clock.left)
        )
    return _(
        "%(day)s, day %(number)s of %(total)s", day=short_day(row.due), number=max(clock.day, 1), total=clock.total
    )
