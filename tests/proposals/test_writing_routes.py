"""The pages on which a proposal is written: nothing typed is lost, whatever it is, with or without scripts."""

import json
import re
import secrets
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.catalog import uses
from app.proposals.commands.drafting import save_answers
from app.proposals.commands.gathering import add_team_member
from app.proposals.commands.intake import Request, request_changes
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.versions import datasets_in, versions_of
from app.rules.questions import BANK, StepKey
from app.rules.roles import Kind, Role
from app.rules.workflow import ListingState, ProposalState
from tests.factories.accounts import PASSWORD, make_account
from tests.factories.catalog import make_dataset
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import ANSWERS, NOW, Cast, make_cast, make_proposal
from tests.support.application import Client
from tests.support.run import SHARED_DATA

NAUGHTY = SHARED_DATA / "hostile" / "blns"
HOSTILE = {
    "empty": "",
    "spaces": "  \t\n ",
    "NUL": "Safe\x00r walks",
    "right-to-left override": "Safer \u202eklaw",
    "lone surrogate": "Safer \ud83d walks",
    "markup": "<script>alert(1)</script><b onclick=x>{{ 7*7 }}",
    "far too long": "word " * 5_000,
    "one megabyte": "x" * 1_000_000,
    "quotes": "\"'`--; DROP TABLE proposal",
}


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


@pytest.fixture
def writer(client: Client, session: Session, cast: Cast) -> Client:
    """The lead, signed in."""
    session.commit()
    client.sign_in_as(cast.lead)
    return client


@pytest.fixture
def blank(session: Session, cast: Cast) -> Proposal:
    """A draft with a title and nothing else that a person wrote."""
    empty = {key: "" if isinstance(value, str) else [] for key, value in ANSWERS.items() if key != "title"}
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast, answers=empty)
    session.commit()
    return proposal


@pytest.fixture
def whole(session: Session, cast: Cast) -> Proposal:
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    session.commit()
    return proposal


def address(proposal: Proposal, rest: str = "") -> str:
    return f"/proposals/{proposal.reference}/edit{rest}"


def sent_by_page(page: TestResponse) -> dict[str, object]:
    """What a browser would send from the page's form when nothing is touched: its hidden fields, texts and ticks."""
    body = page.text[page.text.index('<form method="post"') :]
    values: dict[str, object] = {}
    for tag in re.findall(r"<(?:input|textarea)\b[^>]*>", body):
        name = re.search(r'\bname="([^"]*)"', tag)
        value = re.search(r'\bvalue="([^"]*)"', tag)
        if name and name.group(1) in ("page", "shown"):
            values[name.group(1)] = unescape(value.group(1)) if value else ""
    return values


def post_raw(client: Client, url: str, values: dict[str, object]) -> TestResponse:
    """Post a form byte by byte, so that it may hold what no browser would send."""
    tokens = {"csrf_token": client.csrf_token(), "idempotency_key": secrets.token_urlsafe(24)}
    body = urlencode({**tokens, **values}, doseq=True, errors="surrogatepass").encode("ascii")
    return client.post(url, data=body, content_type="application/x-www-form-urlencoded")


def stored(session: Session, proposal: Proposal) -> dict[str, object]:
    session.expire_all()
    return session.get_one(Proposal, proposal.id).answers


# Before writing


def test_anyone_may_read_what_is_asked_before_signing_in(client: Client, session: Session, cast: Cast) -> None:
    session.commit()
    page = client.get(f"/proposals/new?dataset={cast.datasets[0].reference}")
    assert page.status_code == 200
    assert "23 answers in five steps, about 20 minutes" in page.text
    assert cast.datasets[0].title in page.text
    assert "Sign in to start" in page.text


def test_who_decides_is_named_to_people_of_the_consortium_and_not_to_the_whole_world(
    client: Client, session: Session, cast: Cast
) -> None:
    session.commit()
    steward = cast.steward_of(cast.datasets[0])
    address_of_start = f"/proposals/new?dataset={cast.datasets[0].reference}"
    anyone = client.get(address_of_start).text
    assert "Who reads it" in anyone
    assert steward.name not in anyone
    client.sign_in_as(cast.lead)
    assert steward.name in client.get(address_of_start).text


def test_a_click_starts_a_draft_in_the_name_of_the_one_organization(
    writer: Client, session: Session, cast: Cast
) -> None:
    dataset = cast.datasets[0].reference
    answer = writer.post("/proposals/new", data={"organization": str(cast.member.id), "dataset": dataset})
    proposal = session.scalars(select(Proposal)).one()
    assert (answer.status_code, answer.location) == (303, address(proposal, "/need"))
    assert [each.reference for each in datasets_in(session, proposal.id)] == [dataset]


def test_starting_twice_with_one_form_starts_once(writer: Client, session: Session, cast: Cast) -> None:
    form = {"organization": str(cast.member.id), "idempotency_key": "k" * 20}
    first, second = (writer.post("/proposals/new", data=form) for _ in range(2))
    assert first.location == second.location
    assert len(session.scalars(select(Proposal)).all()) == 1


@pytest.mark.parametrize("chosen", ["", "0", "abc", "999999999999999999999", "\ud800"])
def test_an_organization_that_is_not_ones_own_is_not_taken(writer: Client, session: Session, chosen: str) -> None:
    answer = post_raw(writer, "/proposals/new", {"organization": chosen})
    assert answer.status_code == 422
    assert "Choose the organization" in answer.text
    assert session.scalars(select(Proposal)).all() == []


def test_a_dataset_is_kept_in_mind_through_signing_in(client: Client, session: Session, cast: Cast) -> None:
    one, two = (dataset.reference for dataset in cast.datasets[:2])
    lead = make_account(client.application, session, cast.member, Role.PROJECT_STAFF)
    session.commit()
    page = client.get(f"/proposals/new?dataset={one}&dataset={two}").text
    assert "You come back here, with the datasets chosen." in page
    sign_in = unescape(re.findall(r'href="(/sign-in\?next=[^"]+)"', page)[0])
    assert "Then you go on with your proposal." in client.get(sign_in).text
    answer = client.post(sign_in, data={"email": lead.email, "password": PASSWORD})
    assert answer.status_code == 302
    there = client.get(answer.location).text
    assert [f'name="dataset" value="{reference}"' in there for reference in (one, two)] == [True, True]
    assert "Start writing" in there


def test_a_visitor_reads_what_it_takes_before_signing_in(client: Client, session: Session, cast: Cast) -> None:
    session.commit()
    page = client.get(f"/proposals/new?dataset={cast.datasets[0].reference}").text
    for words in (
        "Not a member yet?",
        "free of charge",
        "within 10 working days that is checked",
        "at most 18 working days from sending a proposal to the data",
        "an answer within 10 working days",
        'href="/join"',
    ):
        assert words in page, words
    assert f'href="/datasets/{cast.datasets[0].reference}' in page


def test_how_long_answers_on_a_dataset_took_is_said_before_one_starts(
    writer: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {cast.datasets[0].id: uses.Wait(6, 3, 9, 7)}
    monkeypatch.setattr(type(uses.provider()), "waits", lambda *_given: known)
    page = writer.get(f"/proposals/new?dataset={cast.datasets[0].reference}").text
    assert "typical answer 6 working days, n=7" in page


@pytest.mark.parametrize(
    ("kind", "role", "words"),
    [
        (Kind.SECRETARIAT, Role.OFFICER, "Proposals are written by members. The House checks them."),
        (Kind.PARTNER, Role.STEWARD, "The House takes part as a data partner. It can become a member as well"),
        (Kind.MEMBER, Role.SIGNATORY, "At The House nobody can yet."),
    ],
)
def test_who_may_not_start_one_is_told_why_and_who_may(
    client: Client, session: Session, kind: Kind, role: Role, words: str
) -> None:
    client.sign_in_as(make_person(session, make_organization(session, kind, name="The House"), role))
    session.commit()
    page = client.get("/proposals/new").text
    assert words in page
    assert "Start writing" not in page


def test_who_is_of_a_member_is_told_which_colleagues_may_start_one(
    client: Client, session: Session, cast: Cast
) -> None:
    signatory = make_person(session, cast.member, Role.SIGNATORY, name="Ana Ruiz")
    session.commit()
    client.sign_in_as(signatory)
    page = client.get("/proposals/new").text
    assert "these people can:" in page
    assert cast.lead.name in page
    listing = client.get(f"/datasets/{cast.datasets[0].reference}", follow_redirects=True).text
    assert f'href="/proposals/new?dataset={cast.datasets[0].reference}">Who that is</a>' in listing


def test_where_the_agreement_is_missing_the_page_says_who_can_sign(client: Client, session: Session) -> None:
    cast = make_cast(session, has_acceded=False)
    make_person(session, cast.member, Role.SIGNATORY, name="Ana Ruiz")
    session.commit()
    client.sign_in_as(cast.lead)
    page = client.get("/proposals/new")
    assert "Ana Ruiz" in page.text
    assert "Not yet possible to send" in page.text


def test_a_dataset_that_is_closed_is_named(writer: Client, session: Session, cast: Cast) -> None:
    cast.datasets[0].state = ListingState.PAUSED
    session.commit()
    page = writer.get(f"/proposals/new?dataset={cast.datasets[0].reference},DS-9999")
    assert page.text.count("is not open to proposals now") == 2


# Writing


@pytest.mark.parametrize("step", [step.key.value for step in BANK.steps])
def test_each_step_shows_its_questions_and_who_reads_them(
    writer: Client, cast: Cast, whole: Proposal, step: str
) -> None:
    page = writer.get(address(whole, f"/{step}"))
    assert page.status_code == 200
    chosen = BANK.step(step)
    assert chosen is not None
    for question in chosen.questions:
        assert (question.parts[0].label or question.label) in unescape(page.text), question.key
    for steward in cast.stewards.values():
        assert steward.name in page.text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_is_typed_is_answered_and_never_breaks_the_page(
    writer: Client, session: Session, blank: Proposal, text: str
) -> None:
    for step in BANK.steps:
        texts = {part.key: text[:150_000] for part in step.parts()}
        texts |= {f"indicators_{row}_{name}": text[:50_000] for row in range(3) for name in ("name", "target", "by")}
        page = writer.get(address(blank, f"/{step.key}"))
        answer = post_raw(writer, address(blank, f"/{step.key}"), {**sent_by_page(page), **texts})
        assert answer.status_code in (303, 422), step.key
        again = writer.get(address(blank, f"/{step.key}?mend=1"))
        assert again.status_code == 200
        assert "<script>alert" not in again.text
        assert "onclick=x" not in re.sub(r"&lt;.*?&gt;", "", again.text)
    assert writer.get(address(blank, "/check")).status_code == 200
    kept = json.dumps(stored(session, blank), ensure_ascii=False)
    assert not {"\x00", "\u202e"} & set(kept)
    kept.encode()


def test_a_megabyte_is_answered_with_what_to_do_and_is_still_in_the_field(
    writer: Client, session: Session, blank: Proposal
) -> None:
    text = "x" * 1_000_000
    answer = writer.post(address(blank, "/need"), data={"problem": text, "title": "Kept"})
    assert answer.status_code == 422
    assert "Shorten it, then save again" in answer.text
    assert text in answer.text
    kept = stored(session, blank)
    assert kept["title"] == "Kept"
    assert len(str(kept["problem"])) == 20_000


@pytest.mark.skipif(
    not NAUGHTY.is_dir(), reason="the list of naughty strings is not here (../shared/data/hostile/blns)"
)
def test_naughty_strings_come_back_as_they_were_typed(writer: Client, blank: Proposal) -> None:
    strings = [text for file in NAUGHTY.glob("*.json") for text in json.loads(file.read_text(encoding="utf-8"))]
    assert len(strings) > 400
    for start in range(0, len(strings), 40):
        text = "\n\n".join(strings[start : start + 40])[:15_000]
        answer = writer.post(address(blank, "/need"), data={"problem": text})
        assert answer.status_code == 303
        assert writer.get(address(blank, "/need")).status_code == 200


def test_the_steps_follow_each_other_and_end_with_the_check(writer: Client, blank: Proposal) -> None:
    onward = []
    for step in BANK.steps:
        answer = writer.post(address(blank, f"/{step.key}"), data={"act": "continue"})
        onward.append(str(answer.location).rsplit("/", 1)[-1])
    assert onward == ["supply", "value", "match", "measure", "check"]


def test_one_can_leave_and_go_on_where_something_is_missing(writer: Client, session: Session, blank: Proposal) -> None:
    answer = writer.post(address(blank, "/need"), data={"title": "Walks", "act": "leave"})
    assert answer.location == "/inbox"
    assert stored(session, blank)["title"] == "Walks"
    assert writer.get(address(blank)).location == address(blank, "/need")


def test_when_all_is_there_one_goes_on_with_the_check(writer: Client, whole: Proposal) -> None:
    assert writer.get(address(whole)).location == address(whole, "/check")


def test_unticking_everything_is_an_answer_too(writer: Client, session: Session, whole: Proposal) -> None:
    writer.post(address(whole, "/value"), data={"benefit": "Better.", "outputs": ["map"]})
    kept = stored(session, whole)
    assert (kept["outputs"], kept["benefit_kinds"]) == (["map"], [])


def test_a_date_that_is_none_is_kept_as_typed_and_asked_again(
    writer: Client, session: Session, whole: Proposal
) -> None:
    writer.post(address(whole, "/need"), data={"decision_by": ["31", "2", "2027"], "countries": ["CO"]})
    assert stored(session, whole)["decision_by"] == "31/2/2027"
    page = writer.get(address(whole, "/need?mend=1"))
    assert "Enter a date with day, month and year" in page.text
    assert re.findall(r'name="decision_by"[^>]*value="(\d+)"', page.text) == ["31", "2", "2027"]


def test_indicators_are_kept_row_by_row(writer: Client, session: Session, whole: Proposal) -> None:
    fields = {"indicators_1_name": "Trips", "indicators_1_target": "9", "indicators_1_by": ["1", "2", "2028"]}
    writer.post(address(whole, "/measure"), data={**fields, "publication": "members"})
    assert stored(session, whole)["indicators"] == [
        {"name": "Trips", "baseline": "", "target": "9", "by": "2028-02-01"}
    ]


def test_gaps_stand_beside_their_fields_and_at_the_top_with_links(writer: Client, blank: Proposal) -> None:
    page = writer.get(address(blank, "/value?mend=1"))
    assert "<title>Error: " in page.text
    assert 'href="#benefit"' in page.text
    assert page.text.count("Say what will be better, for whom") == 2
    assert "<title>Error: " not in writer.get(address(blank, "/value")).text


def test_what_was_filled_in_says_where_it_came_from(writer: Client, session: Session, cast: Cast) -> None:
    writer.post("/proposals/new", data={"organization": str(cast.member.id), "dataset": cast.datasets[0].reference})
    proposal = session.scalars(select(Proposal)).one()
    assert "from the dataset" in writer.get(address(proposal, "/need")).text
    match = writer.get(address(proposal, "/match")).text
    assert "from your profile" in match
    assert "suggested" in match


# By itself


def test_saving_by_itself_answers_204_with_the_same_form(writer: Client, session: Session, blank: Proposal) -> None:
    page = writer.get(address(blank, "/need"))
    answer = writer.post(address(blank, "/need/autosave"), data={**sent_by_page(page), "problem": "Half a sent"})
    assert (answer.status_code, answer.text) == (204, "")
    assert stored(session, blank)["problem"] == "Half a sent"
    again = writer.post(address(blank, "/need/autosave"), data={**sent_by_page(page), "problem": "Half a sentence."})
    assert again.status_code == 204
    assert stored(session, blank)["problem"] == "Half a sentence."


@pytest.fixture
def marta(session: Session, cast: Cast, blank: Proposal) -> Callable[[dict[str, object]], None]:
    """Marta, of the same team, saves answers in her own window."""
    person = make_person(session, cast.member, Role.PROJECT_STAFF, name="Marta Ruiz")
    add_team_member(session, acting(session, cast.lead), blank.reference, person.name, person.email, "", NOW)
    session.commit()

    def saves(values: dict[str, object]) -> None:
        save_answers(session, acting(session, person), blank.reference, values, NOW)
        session.commit()

    return saves


def test_a_save_over_a_newer_text_shows_both_and_loses_neither(
    writer: Client, session: Session, blank: Proposal, marta: Callable[[dict[str, object]], None]
) -> None:
    page = writer.get(address(blank, "/need"))
    marta({"problem": "What Marta wrote", "countries": ["PE"]})
    mine = {**sent_by_page(page), "problem": "What Rosa wrote"}
    assert writer.post(address(blank, "/need/autosave"), data=mine).status_code == 409
    answer = writer.post(address(blank, "/need"), data=mine)
    assert answer.status_code == 409
    assert "What Marta wrote" in answer.text
    assert "What Rosa wrote" in answer.text
    assert "Marta Ruiz saved another answer" in answer.text
    assert stored(session, blank)["problem"] == "What Marta wrote"
    again = {**sent_by_page(answer), "problem": "Both, in one text"}
    assert writer.post(address(blank, "/need"), data=again).status_code == 303
    assert stored(session, blank)["problem"] == "Both, in one text"


@pytest.mark.parametrize(
    ("step", "theirs", "mine", "words"),
    [
        ("need", {"countries": ["PE", "CL"]}, {"countries": ["BR"]}, "Chile"),
        ("need", {"theme": "water"}, {"theme": "health"}, "Water"),
        ("match", {"storage_country": "PE"}, {"storage_country": "CL"}, "Peru"),
        ("value", {"outputs": ["brief"]}, {"outputs": ["map"]}, "Note for those who decide"),
        ("measure", {"indicators": [{"name": "Falls", "target": "3"}]}, {"indicators_0_name": "Trips"}, "Falls"),
    ],
)
def test_both_answers_are_shown_whatever_their_shape(
    writer: Client, blank: Proposal, marta: Callable[[dict[str, object]], None],
    step: str, theirs: dict[str, object], mine: dict[str, object], words: str,
) -> None:  # fmt: skip
    page = writer.get(address(blank, f"/{step}"))
    marta(theirs)
    answer = writer.post(address(blank, f"/{step}"), data={**sent_by_page(page), **mine})
    assert answer.status_code == 409
    both = answer.text[answer.text.index('class="op-both"') :]
    assert words in both[:800]


def test_who_else_is_writing_is_shown(
    writer: Client, blank: Proposal, marta: Callable[[dict[str, object]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    marta({"benefit": "Many."})
    monkeypatch.setattr("app.proposals.routes.writing.now", lambda: NOW)
    label = BANK.question_of("benefit").label  # type: ignore[union-attr]
    page = unescape(writer.get(address(blank, "/need")).text)
    assert f"Marta Ruiz is writing in Value: “{label}”" in page
    assert f"{address(blank, '/value')}#writing-benefit" in page
    assert "is writing here" not in page
    there = writer.get(address(blank, "/value")).text
    assert there.count("Marta Ruiz is writing here; saved") == 1
    assert there.index('id="writing-benefit"') < there.index('id="benefit"')


def test_what_is_typed_after_somebody_sent_it_is_shown_once_more(writer: Client, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, ProposalState.IN_INTAKE, cast=cast)
    session.commit()
    answer = writer.post(address(proposal, "/need"), data={"problem": "Written too late"})
    assert answer.status_code == 409
    assert "Written too late" in answer.text
    assert "This was not saved" in answer.text
    assert stored(session, proposal)["problem"] == ANSWERS["problem"]
    for rest in ("", "/need", "/check"):
        assert writer.get(address(proposal, rest)).location == f"/proposals/{proposal.reference}"


# Datasets and team


def test_datasets_are_found_by_words_and_added(writer: Client, session: Session, blank: Proposal) -> None:
    giver = make_organization(session, Kind.PARTNER, "Night Sky")
    make_dataset(session, giver, title="Lights at night", extra_questions=["May we quote you?"])
    session.commit()
    answer = writer.post(address(blank, "/supply"), data={"variables": "Brightness", "act": "find-dataset"})
    page = writer.get(f"{answer.location}?q=lights")
    found = re.findall(r'name="dataset" value="([^"]+)"', page.text)
    assert len(found) == 1
    writer.post(str(answer.location), data={"dataset": found[0]})
    supply = writer.get(address(blank, "/supply")).text
    assert "Lights at night" in supply
    assert "Asked by Night Sky." in supply
    assert stored(session, blank)["variables"] == "Brightness"
    key = re.findall(r'name="(extra_\d+_\w+)"', supply)[0]
    writer.post(address(blank, "/supply"), data={key: "Yes, you may."})
    assert stored(session, blank)[key] == "Yes, you may."


def test_removing_a_dataset_keeps_what_was_typed(writer: Client, session: Session, cast: Cast, blank: Proposal) -> None:
    reference = cast.datasets[0].reference
    writer.post(address(blank, "/supply"), data={"granularity": "By day", "act": f"remove-dataset:{reference}"})
    assert reference not in [dataset.reference for dataset in datasets_in(session, blank.id)]
    assert stored(session, blank)["granularity"] == "By day"


def test_a_search_without_a_hit_says_how_to_go_on(writer: Client, blank: Proposal) -> None:
    page = writer.get(address(blank, "/datasets?q=zebra+%00+%ED%A0%80"))
    assert page.status_code == 200
    assert "Try fewer or other words" in page.text


def test_a_hidden_dataset_cannot_be_added_by_its_reference(writer: Client, session: Session, blank: Proposal) -> None:
    hidden = make_dataset(session, make_organization(session, Kind.PARTNER), state=ListingState.DRAFT)
    session.commit()
    for reference in (hidden.reference, "", "DS-0", "\x00", "x" * 5_000):
        assert writer.post(address(blank, "/datasets"), data={"dataset": reference}).status_code == 404


def test_a_person_is_added_and_removed(writer: Client, session: Session, blank: Proposal) -> None:
    person = {"person_name": "Ida Berg", "person_email": "ida@example.org", "person_organization": "Elsewhere"}
    answer = writer.post(address(blank, "/match"), data={**person, "act": "add-person", "storage_place": "Here"})
    assert answer.location == address(blank, "/match")
    member = session.scalars(select(TeamMember).where(TeamMember.email == "ida@example.org")).one()
    assert stored(session, blank)["storage_place"] == "Here"
    writer.post(address(blank, "/match"), data={"act": f"remove-person:{member.id}"})
    assert session.scalars(select(TeamMember).where(TeamMember.email == "ida@example.org")).all() == []


def test_somebody_typed_and_not_added_is_added_on_the_way_to_the_next_step(
    writer: Client, session: Session, blank: Proposal
) -> None:
    person = {"person_name": "Ida Berg", "person_email": "ida@example.org"}
    answer = writer.post(address(blank, "/match"), data={**person, "act": "continue"})
    assert answer.location == address(blank, "/measure")
    assert len(session.scalars(select(TeamMember).where(TeamMember.name == "Ida Berg")).all()) == 1


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ({"person_name": "", "person_email": "ida@example.org"}, "Enter the name"),
        ({"person_name": "Ida", "person_email": "ida"}, "Enter an e-mail address"),
        ({"person_name": "I" * 200, "person_email": "ida@example.org"}, "120 characters"),
    ],
)
def test_a_person_that_cannot_be_added_stays_in_the_fields(
    writer: Client, session: Session, blank: Proposal, person: dict[str, str], words: str
) -> None:
    answer = writer.post(address(blank, "/match"), data={**person, "act": "add-person", "storage_place": "Here"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text
    assert all(f'value="{value}"' in answer.text for value in person.values() if value)
    assert stored(session, blank)["storage_place"] == "Here"


@pytest.mark.parametrize(
    "act", ["remove-person:abc", "remove-person:99999999999999999999999", "remove-person:", "remove-dataset:"]
)
def test_buttons_that_name_nothing_are_not_found(writer: Client, blank: Proposal, act: str) -> None:
    assert writer.post(address(blank, "/match"), data={"act": act}).status_code == 404


# Checking and sending


def hand_in(writer: Client, proposal: Proposal, **more: object) -> TestResponse:
    """Read the check page, tick and send."""
    page = writer.get(address(proposal, "/check"))
    shown = re.findall(r'name="shown" value="([0-9a-f]{64})"', page.text)[0]
    return writer.post(address(proposal, "/check"), data={"shown": shown, "declares": "y", **more})


def test_the_check_shows_every_answer_as_words(writer: Client, whole: Proposal) -> None:
    page = unescape(writer.get(address(whole, "/check")).text)
    for words in ("Colombia", "Mobility and transport", "Wed 30 Jun 2027", "Children hurt on the way to school"):
        assert words in page
    assert "Send proposal" in page


def test_sending_freezes_the_hash_that_the_page_carried(writer: Client, session: Session, whole: Proposal) -> None:
    page = writer.get(address(whole, "/check"))
    shown = re.findall(r'name="shown" value="([0-9a-f]{64})"', page.text)[0]
    answer = hand_in(writer, whole)
    assert answer.location == f"/proposals/{whole.reference}/submitted"
    assert [version.content_hash for version in versions_of(session, whole)] == [shown]


def test_the_page_after_sending_says_who_reads_it_first_and_by_when(
    writer: Client, cast: Cast, whole: Proposal
) -> None:
    page = writer.get(str(hand_in(writer, whole).location))
    assert page.status_code == 200
    assert cast.officer.name in page.text
    assert whole.reference in page.text
    for steward in cast.stewards.values():
        assert steward.name in page.text


def test_later_the_page_after_sending_leads_to_where_it_stands(writer: Client, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, ProposalState.DECIDED, cast=cast)
    session.commit()
    assert writer.get(f"/proposals/{proposal.reference}/submitted").location == f"/proposals/{proposal.reference}"


def test_gaps_are_listed_with_links_to_their_fields_and_the_tick_is_kept(writer: Client, blank: Proposal) -> None:
    answer = hand_in(writer, blank)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert f'href="{address(blank, "/value?mend=1#benefit")}"' in answer.text
    assert re.search(r'name="declares"[^>]*checked', answer.text)


def test_without_the_tick_it_is_asked_for(writer: Client, whole: Proposal) -> None:
    answer = hand_in(writer, whole, declares="")
    assert answer.status_code == 422
    assert 'href="#declares"' in answer.text


def test_a_proposal_that_changed_since_it_was_read_is_shown_again(writer: Client, whole: Proposal) -> None:
    answer = writer.post(address(whole, "/check"), data={"shown": "0" * 64, "declares": "y"})
    assert answer.status_code == 409
    assert "changed after you opened this page" in answer.text
    assert hand_in(writer, whole).status_code == 303


def test_reloading_and_going_back_never_send_twice(writer: Client, session: Session, whole: Proposal) -> None:
    first = hand_in(writer, whole, idempotency_key="send-once-key")
    (version,) = versions_of(session, whole)
    form = {"shown": version.content_hash, "declares": "y", "idempotency_key": "send-once-key"}
    again = writer.post(address(whole, "/check"), data=form)
    assert (again.status_code, again.location) == (303, first.location)
    late = writer.post(address(whole, "/check"), data={"shown": version.content_hash, "declares": "y"})
    assert late.location == f"/proposals/{whole.reference}"
    assert len(versions_of(session, whole)) == 1


def test_changes_that_were_asked_for_stand_beside_their_answers(writer: Client, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, ProposalState.IN_INTAKE, cast=cast)
    asked = [Request("Which streets?", "granularity"), Request("Write it shorter.")]
    request_changes(session, acting(session, cast.officer), proposal.reference, asked, NOW)
    session.commit()
    supply, need = (writer.get(address(proposal, f"/{step}")).text for step in ("supply", "need"))
    assert "Which streets?" in supply
    assert "Which streets?" not in need
    assert "Write it shorter." in need
    assert "One change asked for" in need
    assert "Send the changes" in writer.get(address(proposal, "/check")).text


def test_only_the_lead_sees_the_button(client: Client, session: Session, cast: Cast, whole: Proposal) -> None:
    person = make_person(session, cast.member, Role.PROJECT_STAFF)
    add_team_member(session, acting(session, cast.lead), whole.reference, person.name, person.email, "", NOW)
    session.commit()
    client.sign_in_as(person)
    page = client.get(address(whole, "/check"))
    assert "Only the lead can send it" in page.text
    assert "Send proposal" not in page.text
    assert client.post(address(whole, "/check"), data={"shown": "", "declares": "y"}).status_code == 403


# Copying, withdrawing, and who may not


def test_copying_leads_to_the_new_draft(writer: Client, session: Session, cast: Cast) -> None:
    sent = make_proposal(session, ProposalState.NOT_TAKEN_UP, cast=cast)
    session.commit()
    answer = writer.post(f"/proposals/{sent.reference}/copy")
    copy = session.scalars(select(Proposal).where(Proposal.copied_from_id == sent.id)).one()
    assert answer.location == address(copy, "/need")


def test_withdrawing_asks_first_and_keeps_a_reason_that_is_too_long(
    writer: Client, session: Session, whole: Proposal
) -> None:
    where = f"/proposals/{whole.reference}/withdraw"
    assert "Withdraw this proposal" in writer.get(where).text
    long = "r" * 2_001
    refused = writer.post(where, data={"reason": long})
    assert refused.status_code == 422
    assert long in refused.text
    assert writer.post(where, data={"reason": "No budget"}).status_code == 303
    session.expire_all()
    assert session.get_one(Proposal, whole.id).state is ProposalState.WITHDRAWN


ADDRESSES = ["", "/need", "/check", "/datasets", "/unknown"]


@pytest.mark.parametrize("rest", ADDRESSES)
def test_for_everyone_else_a_draft_is_not_there(
    client: Client, session: Session, cast: Cast, whole: Proposal, rest: str
) -> None:
    people = [cast.officer, *cast.stewards.values(), make_person(session, cast.member, Role.FOCAL_POINT)]
    session.commit()
    for person in people:
        client.sign_in_as(person)
        assert client.get(address(whole, rest)).status_code == 404
        assert client.post(address(whole, rest or "/need"), data={"title": "x"}).status_code == 404
        for act in ("copy", "withdraw"):
            assert client.post(f"/proposals/{whole.reference}/{act}").status_code == 404


def test_nobody_writes_without_signing_in(client: Client, whole: Proposal) -> None:
    for step in StepKey:
        assert "/sign-in" in str(client.get(address(whole, f"/{step}")).location)
        assert "/sign-in" in str(client.post(address(whole, f"/{step}"), data={"title": "x"}).location)
