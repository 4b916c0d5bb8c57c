"""What several mails to one person become: one, that leads with what asks for an act and lists the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from flask_babel import force_locale

from app.foundation.base import JSONObject
from app.reactions.shortening import one_line

MOST_LISTED = 12
# Where base.html and base.txt leave room for what else happened.
ALSO_HTML, ALSO_TEXT = "<!-- also -->", "\n\u2060\n"


@dataclass(frozen=True)
class Part:
    """One thing that happened, as a line of a mail."""

    line: str
    link: str
    title: str


def joined(parts: Sequence[JSONObject], common: Mapping[str, object]) -> JSONObject:
    """One mail made of several to the same person, oldest first; a single one stays as it is.

    Args:
        common: what every template of a mail gets.
    """
    parts = _newest_of_each_ask(parts)
    last = parts[-1]
    if len(parts) == 1:
        return _filled(last, "", "")
    with force_locale(str(last.get("language", "en"))):
        urgent = [part for part in parts if part.get("is_urgent")]
        if urgent:
            return _led_by(urgent[-1], [part for part in parts if part is not urgent[-1]], common)
        return _listing(parts, common)


def _newest_of_each_ask(parts: Sequence[JSONObject]) -> list[JSONObject]:
    """Of what a digest asks for in one place the newest: an earlier reminder of it tells an earlier day."""
    newest = {str(part.get("link")): part for part in parts if _asks_later(part)}
    return [part for part in parts if not _asks_later(part) or newest[str(part.get("link"))] is part]


def _asks_later(part: JSONObject) -> bool:
    return bool(part.get("asked")) and part.get("cadence", "now") != "now"


def _led_by(lead: JSONObject, others: Sequence[JSONObject], common: Mapping[str, object]) -> JSONObject:
    context = {**common, "parts": _lines(others), "more": _more(others)}
    text = "\n" + render_template("email/also.txt", **context).strip() + "\n"
    mail = _filled(lead, render_template("email/also.html", **context), text)
    return {**mail, "parts": [str(part["subject"]) for part in (lead, *others)]}


def _listing(parts: Sequence[JSONObject], common: Mapping[str, object]) -> JSONObject:
    last = parts[-1]
    is_one_thing = last.get("cadence", "now") == "now"  # of which only mails about one thing are put together
    name = "several" if is_one_thing else "digest"
    templates = {str(part["template"]) for part in parts}
    context = {
        **common,
        "parts": _lines(parts),
        "more": _more(parts),
        "num": len(parts),
        "template": templates.pop() if len(templates) == 1 else "",
        "title": str(last.get("title") or last.get("thread") or ""),
        "cadence": str(last.get("cadence", "now")),
        "link": str(last["link"]) if is_one_thing else f"{common['public_url']}/inbox",
        "reply": str(last.get("reply") or "") if is_one_thing else "",
        "off_link": str(last.get("off_link") or "") if is_one_thing else _common_link(parts),
        "preferences_link": f"{common['public_url']}/me/mail",
    }
    subject = one_line(render_template(f"email/{name}/subject.txt", **context))
    mail = {
        **last,
        "template": name,
        "subject": subject,
        "text": render_template(f"email/{name}/body.txt", **context).strip() + "\n",
        "html": render_template(f"email/{name}/body.html", subject=subject, **context),
        "thread": last.get("thread") if is_one_thing else f"digest {last.get('cadence', '')}",
        "link": context["link"],
        "reply": context["reply"],
        "off_link": context["off_link"],
        "preferences_link": context["preferences_link"],
        "parts": [str(part["subject"]) for part in parts],
    }
    return _filled(mail, "", "")


def _common_link(parts: Sequence[JSONObject]) -> str:
    """The link that turns these mails off; none where they are of several groups, which are chosen on a page."""
    links = {str(part.get("off_link") or "") for part in parts}
    return links.pop() if len(links) == 1 else ""


def _filled(mail: JSONObject, html: str, text: str) -> JSONObject:
    whole = {key: value for key, value in mail.items() if key != "joined"}
    whole["html"] = str(mail["html"]).replace(ALSO_HTML, html, 1)
    whole["text"] = str(mail["text"]).replace(ALSO_TEXT, f"\n{text}\n", 1)
    return whole


def _lines(parts: Sequence[JSONObject]) -> list[Part]:
    shown = parts[:MOST_LISTED]
    return [Part(str(p.get("line") or p["subject"]), str(p.get("link", "")), str(p.get("title", ""))) for p in shown]


def _more(parts: Sequence[JSONObject]) -> int:
    return max(len(parts) - MOST_LISTED, 0)
