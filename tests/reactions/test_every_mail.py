"""Every mail of the product: short, one button, the same in both parts, and nothing in it that its reader may not know."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from app import worker
from app.agreements.status import AFTER_END, AFTER_NOTICE
from app.catalog.models import Dataset
from app.catalog.standing import known_to
from app.foundation import clock
from app.organizations.queries import person_by_email
from app.outbox.models import OutboxMessage
from app.outbox.queries import mails
from app.proposals.models import Comment, Proposal
from app.proposals.queries.cases import READS_EVERYTHING
from app.proposals.standing import standing
from app.reactions.grant_sides import WORDS, Side
from app.reactions.joining import joined
from app.reactions.mail import Recipient, write_mail
from app.reactions.readers import reader_of
from app.reactions.shortening import LONGEST_SUBJECT
from app.reactions.work import Work
from app.rules.events import Event
from app.rules.mail import MAILS
from app.rules.roles import Capacity
from app.rules.undoing import UNDOINGS
from app.rules.vocabulary import Visibility

pytestmark = pytest.mark.xdist_group("walk")
MOST_WORDS = 120
FORBIDDEN = re.compile(
    r"\b(rejected|rejection|DAR|entitlements?|blacklist|oops|please|invalid|users?)\b", re.IGNORECASE
)
LEAKED = re.compile(r"\bNone\b|Undefined|<\w+ object|%\(\w+\)s|\{\{|[a-z](?:Kind|State|Role)\.[A-Z_]+")
LONG = "We need the hours and the blocks of both cities, with less than ten telephones in no cell. " * 8
CASE: Mapping[str, object] = {
    "title": "Who cannot reach a Care Block on foot, and where would three more open in 2027?",
    "reference": "PR-2026-0117",
    "organization": "Institute for Coastal Cities",
    "datasets": "Street-level movement in 14 cities and Small shops, monthly turnover",
    "question": LONG,
    "months": "12 months",
    "version": 2,
    "by": "Lucía Prado",
    "due": clock.now(),
    "days": "2 working days left",
    "words": LONG,
    "partner": "Acme Maps",
    "dataset": "Street-level movement in 14 cities",
    "outcome": "Approved with conditions",
    "before": "Not approved",
    "reason": "Finer than needed",
    "conditions": "Smallest cell: 25; Longest term: 12 months",
    "waits": (),
    "answer": "Variables and granularity",
    "act": "Read and decide",
    "deputy": "Tom Ek",
    "waits_for": "Acme Maps and Paloma Pay",
    "sentence": UNDOINGS[0].told,
    "way": "It goes this way: Intake check, ethics review, data partners decide; because people can be identified.",
    "step": "Ethics review",
}
GRANT: Mapping[str, object] = {
    "title": str(CASE["title"]),
    "number": "GR-2026-0031",
    "data_partner": "Acme Maps",
    "member": "Institute for Coastal Cities",
    "starts_on": clock.now(),
    "ends_on": clock.now(),
    "reason": LONG,
    "actor": "Helena Voss",
    "heading": WORDS[Event.GRANT_SUSPENDED][Side.GIVING].heading,
    "to_do": WORDS[Event.GRANT_SUSPENDED][Side.GIVING].to_do,
    "side": Side.GIVING.value,
}
LEFT: Mapping[str, object] = {
    **GRANT,
    "who": GRANT["member"],
    "left_on": clock.now(),
    "delete_by": clock.now(),
    "has_begun": True,
}
PLACE: Mapping[str, object] = {
    "organization": "Institute for Coastal Cities and River Deltas",
    "capacity": "member",
    "by": "Ana Ruiz",
    "actor": "Ana Ruiz",
    "reason": LONG,
}
# Mails that the demo's story brings about late or never, with what they are given: as long as it can be.
BY_HAND: Mapping[str, Mapping[str, object]] = {
    **dict.fromkeys(("grant_closed", "grant_suspended", "grant_suspension_lifted"), GRANT),
    "agreement_declined": PLACE,
    "agreement_ended": {**PLACE, "follows": AFTER_END[Capacity.MEMBER]},
    **dict.fromkeys(("grant_ended_with_member", "grant_runs_on"), LEFT),
    "harvest_ended": {
        "title": "Open catalog of our regional office for coastal and river cities",
        "partner": "Institute for Coastal Cities and River Deltas",
        "reason": "Institute for Coastal Cities and River Deltas has left the common agreement (clause 19.7).",
        "address": "https://data.coastal.example/catalogs/2026/everything-that-we-publish.jsonld",
    },
    "harvest_failed": {
        "title": "Open catalog of our regional office for coastal and river cities",
        "partner": "Institute for Coastal Cities and River Deltas",
        "problem": "The server answers that something is wrong on its side. It is asked again later.",
        "address": "https://data.coastal.example/catalogs/2026/everything-that-we-publish.jsonld",
    },
    **dict.fromkeys(
        (
            "proposal_answered", "proposal_comment", "proposal_rerouted", "proposal_decision_revised", "proposal_decision_undone",
            "proposal_listing_closed", "proposal_looked_again", "proposal_reminder", "proposal_reopened", "proposal_taken_back",
            "proposal_others_ask", "proposal_suggestion_settled", "proposal_taken_over", "proposal_withdrawn",
        ),
        CASE,
    ),
    **{key: {**CASE, "last_day": clock.now()} for key in ("proposal_days_passed", "proposal_not_to_issue")},
    "proposal_not_offered": {**CASE, "goes_on": True},
    "proposal_ended": {**CASE, "is_own": True},
    "proposal_suggestion": {**CASE, "new_text": LONG, "why": LONG},
    "consent_approved": {**CASE, "rule": SimpleNamespace(name="Open research", reference="SC-2026-0003")},
    "invitation": {**PLACE, "inviter": "Ana Ruiz", "roles": ["Data steward", "Deputy"], "expires": clock.now()},
    "agreement_notice": {
        "subject_words": "Note Thu 4 Mar 2027: Institute for Coastal Cities leaves",
        "heading": "Institute for Coastal Cities and River Deltas leaves the common agreement",
        "sentences": ("It has given notice. It leaves on Thu 4 Mar 2027 (19.6).", AFTER_NOTICE[Capacity.DATA_PARTNER]),
        "act": "See what follows",
        "otherwise": "Until the day a signatory can withdraw the notice.",
    },
    "listing_trust": {
        "subject_words": "Acme Maps may list whole catalogs at once",
        "heading": "Imports and harvests may be listed without a check of each",
        "sentences": ("The secretariat trusts Acme Maps with that.", "When you import a catalog, you choose."),
        "act": "Import a catalog",
    },
    "listing_returned": {**CASE, "actor": "Jonas Oyelaran", "message": LONG, "together": 1},
    "password_reset": {},
    "password_changed": {},
    "second_factor_changed": {},
    "mail_test": {},
    "removed": PLACE,
    "roles_changed": {**PLACE, "now_held": ["Focal point"], "before": ["Project staff", "Focal point"]},
    "signing_code": {**PLACE, "code": "123 456", "minutes": 10, "until": clock.now()},
    "catalog_imported": {
        "file": "catalog.csv", "partner": "Acme Maps", "read": 12, "created": 9, "updated": 1, "unchanged": 1, "refused": 1,
    },
    "catalog_import_stopped": {
        "file": "catalog.csv", "partner": "Acme Maps", "read": 12, "created": 9, "updated": 1, "unchanged": 1, "refused": 1,
        "problem": "Row 13 cannot be read. Write the file as UTF-8.",
    },
    "search_found": {
        "title": "Mobility in Colombia and Peru", "dataset": CASE["dataset"], "partner": "Acme Maps", "words": LONG,
        "searches": "http://127.0.0.1:8000/me/searches",
    },
    "need_posted": {**CASE, "due": clock.now()},
    "need_answered": {**CASE, "actor": "Jonas Oyelaran"},
    "need_supported": {**CASE, "who": "Acme Research", "count": 3},
    "need_pledged": {**CASE, "who": "Acme Maps", "kind": "Staff time", "words": LONG},
    "need_ended": {**CASE, "organization": "Acme Research", "is_met": True, "said": LONG},
    "listing_question_reminder": {
        **CASE, "organization": "Acme Research", "partner": "Acme Maps", "question": LONG, "due": clock.now(), "is_over": True,
    },
    "grant_reminder": {
        "subject_words": "Follow up, due Mon 30 Nov 2026: change of GR-2026-0031", "heading": "Follow up, due Mon 30 Nov 2026",
        "sentences": (
            f"Institute for Coastal Cities asks for a change of GR-2026-0031, “{CASE['title']}”: Renewal, Longer or shorter.",
            "Lucía Prado of Acme Maps was to act by Mon 30 Nov 2026. Write to them, and ask what it takes.",
        ),
        "act": "See the change", "otherwise": "Everyone concerned sees that you follow it up.", "is_over": True,
    },
    "team_reminder": {
        "subject_words": f"Overdue since Mon 30 Nov 2026: take the lead of {CASE['title']}", "heading": "Do you take the lead?",
        "sentences": (f"You would answer for “{CASE['title']}” (PR-2026-0117) and for its grants.", "It was asked for by then."),
        "act": "Read and answer", "words": "", "otherwise": "Until you accept, the present lead leads on.", "is_over": True,
    },
    "listing_question_shown": {**CASE, "partner": "Acme Maps", "question": LONG, "answer": ""},
    "reply_held": {"reference": "PR-2026-0117", "address": "rosa.private@mail.example"},
    "reply_refused": {"reference": "PR-2026-0117", "why": "Your mail is larger than 1 MB.", "remedy": "Send it again."},
    "reply_unread": {"title": CASE["title"]},
    "reply_trimmed": {"reference": "PR-2026-0117", "num": 2},
}  # fmt: skip


@pytest.fixture(scope="module")
def sent(demo_app: Flask) -> list[OutboxMessage]:
    """Every mail of the demo as it left, or would leave."""
    with demo_app.app_context(), worker.reading() as session:
        return list(mails(session, 100_000))


def _shown(html: str) -> str:
    """What somebody reads of the HTML part."""
    body = re.sub(r"<(head|style)\b.*?</\1>|<div style=\"display:none.*?</div>|<!--.*?-->", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _own_words(text: str) -> list[str]:
    """What a mail says itself: without addresses, without what it lists, without the lines under the rule."""
    above = text.partition("\n--\n")[0].partition("\nAlso:\n")[0]
    lines = [line for line in above.splitlines() if not line.lstrip().startswith(("http", "- ", "— — —"))]
    return " ".join(lines).split()


def _faults(mail: Mapping[str, object], public_url: str) -> Iterator[str]:
    subject, text, html, link = (str(mail[key]) for key in ("subject", "text", "html", "link"))
    shown = _shown(html)
    if not 8 <= len(subject) <= LONGEST_SUBJECT or subject.startswith(("Re:", "Onepact", "Notification")):
        yield f"subject: {subject}"
    if html.count('class="m-button"') != 1:
        yield "not one button"
    addresses = re.findall(r'href="([^"]+)"', html)
    yield from (f"address: {a}" for a in addresses if not unescape(a).startswith(public_url + "/"))
    if link not in text or link not in map(unescape, addresses) or not link.startswith(public_url + "/"):
        yield f"the button's address is not in both parts: {link}"
    if not re.search(rf"^{re.escape(link)}$", text, re.MULTILINE) or "\n\n--\nOnepact" not in text.replace(
        "\u2060\n", "\n"
    ):
        yield "the address or the rule at the end does not stand on a line of its own"
    if len(_own_words(text)) > MOST_WORDS:
        yield f"{len(_own_words(text))} words"
    for part in (subject, text, shown):
        yield from (f"word: {match.group()}" for match in FORBIDDEN.finditer(part))
        yield from (f"leak: {match.group()}" for match in LEAKED.finditer(part))
    wanted, found = (set(re.findall(r"\w{4,}", part.lower())) for part in (shown, text))
    if len(wanted - found) > 0.3 * len(wanted) or len(found - wanted) > 0.3 * len(found):
        yield f"the parts differ: {sorted(wanted ^ found)}"
    if "<script" in html or "<img" in html:
        yield "something that runs or loads"


def test_every_mail_of_the_demo_is_short_clear_and_whole(sent: list[OutboxMessage], demo_app: Flask) -> None:
    public_url = str(demo_app.config["PUBLIC_URL"])
    found = {(str(m.payload["template"]), fault) for m in sent for fault in _faults(m.payload, public_url)}
    assert not found, "\n" + "\n".join(f"{template}: {fault}" for template, fault in sorted(found))
    assert len(sent) > 100


def test_every_template_is_in_the_demo_or_written_by_hand_here(demo_app: Flask) -> None:
    with demo_app.app_context(), worker.reading() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send"))
        seen = {str(row.payload["template"]) for row in rows}
    missing = set(MAILS) - seen - set(BY_HAND)
    assert not missing, "let the demo's story bring these about, or give their context in BY_HAND"


@pytest.mark.parametrize("template", sorted(BY_HAND))
def test_the_other_mails_are_short_clear_and_whole(demo_app: Flask, template: str) -> None:
    with demo_app.app_context(), worker.reading() as session:
        work = Work(demo_app.config, demo_app.extensions["onepact_files"], worker.reading, clock.now())
        to = Recipient("Rosa Lindqvist", "rosa.lindqvist@nowhere.example")
        message = write_mail(session, work, template, to, BY_HAND[template], "account x", "/me")
        assert message is not None
        assert list(_faults(joined([message.payload], {}), str(demo_app.config["PUBLIC_URL"]))) == []
        session.rollback()


def test_no_mail_carries_the_words_of_an_internal_note(sent: list[OutboxMessage], demo_app: Flask) -> None:
    with demo_app.app_context(), worker.reading() as session:
        notes = session.scalars(select(Comment.body).where(Comment.is_internal)).all()
    assert notes
    leaks = {(m.payload["template"], note) for m in sent for note in notes if note[:40] in _everything(m)}
    assert not leaks


def test_no_mail_names_a_listing_that_its_reader_may_not_know_of(sent: list[OutboxMessage], demo_app: Flask) -> None:
    leaks = set()
    with demo_app.app_context(), worker.reading() as session:
        hidden = session.scalars(select(Dataset).where(Dataset.visibility != Visibility.PUBLIC)).all()
        assert hidden
        proposals = {row.reference: row for row in session.scalars(select(Proposal))}
        for message in sent:
            named = [row for row in hidden if row.title in _everything(message)]
            person = person_by_email(session, message.recipient or "")
            if not named or person is None:
                continue
            reader, proposal = reader_of(session, person), proposals.get(message.about or "")
            if proposal is not None and standing(session, reader, proposal) & READS_EVERYTHING:
                continue
            known = set(session.scalars(select(Dataset.id).where(known_to(reader))))
            leaks |= {(message.payload["template"], person.name, row.title) for row in named if row.id not in known}
    assert not leaks


def _everything(message: OutboxMessage) -> str:
    return " ".join(unescape(str(message.payload.get(key, ""))) for key in ("subject", "text", "html", "line", "title"))
