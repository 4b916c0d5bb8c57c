"""The pages of the agreement: anyone reads, signatories sign, the secretariat countersigns; nobody else finds anything."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements import library
from app.agreements.commands.codes import one_time_code
from app.agreements.models import Accession, SigningCode
from app.agreements.statements import REQUIRED_CHECKS, REQUIRED_STATEMENTS
from app.foundation.clock import now
from app.rules.roles import Capacity, Kind, Role
from app.rules.workflow import AccessionState
from tests.factories.agreements import Signing
from tests.factories.organizations import make_organization, make_person, make_secretariat
from tests.support.application import Client

AUTHORITY = {"may_sign": "yes", "title": "Director", "power": "statute", "notice_address": "1 Harbor Road"}
PDF = b"%PDF-1.7\nscan"


@pytest.fixture
def case(session: Session) -> Signing:
    """An accession that waits for its signatory, opened yesterday."""
    made = Signing(session, now=now() - timedelta(days=1)).opened()
    session.commit()
    return made


def words(client: Client, address: str, status: int = 200) -> str:
    """What a person reads on a page."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return _words(answer.get_data(as_text=True))


def _words(html: str) -> str:
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def fresh(session: Session, case: Signing) -> Accession:
    session.expire_all()
    return session.get_one(Accession, case.accession.id)


def confirm(client: Client, case: Signing) -> None:
    answer = client.post(f"/sign/{case.accession.reference}/authority", data=AUTHORITY)
    assert answer.headers["Location"].endswith("/text")


def last_code(session: Session, app: Flask) -> str:
    row = session.scalars(select(SigningCode).order_by(SigningCode.id.desc())).first()
    assert row is not None
    return one_time_code(str(app.config["SECRET_KEY"]), row)


def signing(case: Signing, code: str, **changed: object) -> dict[str, object]:
    version = library.current_version()
    return {
        "version": version.id,
        "text_hash": version.text_hash,
        "statements": sorted(REQUIRED_STATEMENTS),
        "name": case.signatory.name,
        "code": code,
        **changed,
    }


def test_anyone_reads_the_agreement_beside_its_plain_words(client: Client) -> None:
    page = words(client, "/agreement")
    assert "Nobody is identified." in page
    assert "In plain words" in page
    assert "template to be reviewed by counsel" in page
    assert words(client, "/agreement/2026-1") == page


@pytest.mark.parametrize(
    "address", ["/agreement/2019-1", "/agreement/2026-1/LEDGER", "/agreement/2026-1/..%2FREADME.md"]
)
def test_what_was_never_published_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_each_signed_file_is_served_byte_by_byte(client: Client) -> None:
    version = library.current_version()
    contents = {name: client.get(f"/agreement/{version.id}/{name}").data for name in library.signed_files("en")}
    assert library.text_hash(contents) == version.text_hash


def test_the_schedule_of_terms_says_who_may_change_what(client: Client) -> None:
    page = words(client, "/agreement/2026-1/terms")
    assert (
        "Models, other than generative ones Run existing models Standard Train a model, and delete it with the data 4.4"
        in page
    )


def test_anyone_sees_who_has_signed(client: Client, session: Session) -> None:
    done = Signing(session, now=now() - timedelta(days=9)).in_force()
    half = Signing(session, now=now() - timedelta(days=9)).signed()
    session.commit()
    page = words(client, "/agreement/signatories")
    assert done.organization.name in page
    assert half.organization.name not in page
    assert "1 of 2 organizations have signed" in page


def test_a_signatory_is_led_from_the_text_to_signing(client: Client, case: Signing) -> None:
    client.sign_in_as(case.signatory)
    assert f"Sign for {case.organization.name}" in words(client, "/agreement")
    page = words(client, f"/sign/{case.accession.reference}")
    assert "You can sign for" in page
    assert "May you sign for your organization?" in page


def test_signing_from_the_question_of_authority_to_the_signature(
    client: Client, app: Flask, session: Session, case: Signing
) -> None:
    reference = case.accession.reference
    client.sign_in_as(case.signatory)
    confirm(client, case)
    assert library.current_version().text_hash[:4] in words(client, f"/sign/{reference}/text")
    answer = client.post(f"/sign/{reference}/code", data={"name": "Noor", "statements": ["read"]})
    assert answer.headers["Location"].endswith("/text#sign")
    page = client.get(f"/sign/{reference}/text").get_data(as_text=True)
    assert 'value="Noor"' in page
    assert re.search(r'value="read"[^>]*checked', page)
    answer = client.post(f"/sign/{reference}/text", data=signing(case, last_code(session, app)))
    assert answer.status_code == 303
    row = fresh(session, case)
    assert row.state is AccessionState.SIGNED
    assert row.evidence["signature"]["address"] == "127.0.0.1"  # type: ignore[index]
    assert "secretariat countersigns by" in words(client, f"/sign/{reference}")


def test_sent_twice_it_is_signed_once(client: Client, app: Flask, session: Session, case: Signing) -> None:
    reference = case.accession.reference
    client.sign_in_as(case.signatory)
    confirm(client, case)
    client.post(f"/sign/{reference}/code", data={})
    form = signing(case, last_code(session, app)) | {"idempotency_key": "k" * 20}
    first = client.post(f"/sign/{reference}/text", data=form)
    again = client.post(f"/sign/{reference}/text", data=form)
    assert first.headers["Location"] == again.headers["Location"]
    assert fresh(session, case).state is AccessionState.SIGNED


def test_no_leads_to_handing_over(client: Client, session: Session, case: Signing) -> None:
    reference = case.accession.reference
    other = make_person(session, case.organization, Role.SIGNATORY, name="Jonas Hale")
    session.commit()
    client.sign_in_as(case.signatory)
    answer = client.post(f"/sign/{reference}/authority", data={"may_sign": "no"})
    assert answer.headers["Location"].endswith("/hand-over")
    assert "Jonas Hale" in words(client, f"/sign/{reference}/hand-over")
    client.post(f"/sign/{reference}/hand-over", data={"to": other.id})
    assert fresh(session, case).signatory_id == other.id


def test_without_another_signatory_the_focal_point_is_named(client: Client, session: Session, case: Signing) -> None:
    make_person(session, case.organization, Role.FOCAL_POINT, name="Ana Ruiz")
    session.commit()
    client.sign_in_as(case.signatory)
    page = words(client, f"/sign/{case.accession.reference}/hand-over")
    assert "Nobody else may sign yet" in page
    assert "Your focal point is Ana Ruiz." in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Answer yes or no."),
        ({**AUTHORITY, "title": ""}, "Give your office or title"),
        ({**AUTHORITY, "title": "x" * 5000}, "at most 120"),
        ({**AUTHORITY, "power": ""}, "Choose where your power to sign comes from."),
        ({**AUTHORITY, "power": "luck"}, "Choose"),
        ({**AUTHORITY, "notice_address": "\x00\u202e"}, "postal address"),
        ({**AUTHORITY, "affiliates": "\n".join(map(str, range(60)))}, "up to 50 affiliates"),
    ],
)
def test_authority_is_answered_with_what_to_mend_and_keeps_what_was_typed(
    client: Client, case: Signing, typed: dict[str, str], told: str
) -> None:
    client.sign_in_as(case.signatory)
    answer = client.post(f"/sign/{case.accession.reference}/authority", data=typed)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in _words(html)
    if typed.get("title") == "Director":
        assert 'value="Director"' in html


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"code": "000"}, "not the code that we sent"),
        ({"code": ""}, "not the code that we sent"),
        ({"code": "9" * 500}, "Enter the six digits."),
        ({"name": "Somebody Else"}, "Type your full name"),
        ({"name": "\u202e\x00"}, "Type your full name"),
        ({"statements": ["read"]}, "Tick each statement"),
        ({"statements": ["everything"]}, "Choose from the list"),
    ],
)
def test_a_signature_that_is_not_complete_says_what_to_mend(
    client: Client, app: Flask, session: Session, case: Signing, changed: dict[str, object], told: str
) -> None:
    reference = case.accession.reference
    client.sign_in_as(case.signatory)
    confirm(client, case)
    client.post(f"/sign/{reference}/code", data={})
    answer = client.post(f"/sign/{reference}/text", data={**signing(case, last_code(session, app)), **changed})
    assert answer.status_code == 422
    assert told in _words(answer.get_data(as_text=True))
    assert fresh(session, case).state is AccessionState.OPEN
    answer = client.post(f"/sign/{reference}/text", data=signing(case, last_code(session, app)))
    assert answer.status_code == 303, "the code is still good once the rest was mended"


def test_wrong_codes_are_counted_across_requests(client: Client, app: Flask, session: Session, case: Signing) -> None:
    reference = case.accession.reference
    client.sign_in_as(case.signatory)
    confirm(client, case)
    client.post(f"/sign/{reference}/code", data={})
    right = last_code(session, app)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        answer = client.post(f"/sign/{reference}/text", data=signing(case, wrong))
    assert "tried five times" in _words(answer.get_data(as_text=True))
    answer = client.post(f"/sign/{reference}/text", data=signing(case, right))
    assert answer.status_code == 422
    assert fresh(session, case).state is AccessionState.OPEN


def test_a_text_that_was_not_shown_is_not_signed(client: Client, app: Flask, session: Session, case: Signing) -> None:
    reference = case.accession.reference
    client.sign_in_as(case.signatory)
    confirm(client, case)
    client.post(f"/sign/{reference}/code", data={})
    answer = client.post(f"/sign/{reference}/text", data=signing(case, last_code(session, app), text_hash="0" * 64))
    assert answer.status_code == 409
    assert fresh(session, case).state is AccessionState.OPEN


def test_finish_later_keeps_what_was_typed(client: Client, case: Signing) -> None:
    reference = case.accession.reference
    client.sign_in_as(case.signatory)
    confirm(client, case)
    client.post(f"/sign/{reference}/later", data={"name": "Noor L", "statements": ["facts"]})
    assert 'value="Noor L"' in client.get(f"/sign/{reference}/text").get_data(as_text=True)


def test_the_text_is_not_signed_before_authority(client: Client, case: Signing) -> None:
    client.sign_in_as(case.signatory)
    answer = client.get(f"/sign/{case.accession.reference}/text")
    assert answer.headers["Location"].endswith(case.accession.reference)


def test_declining_with_a_reason_and_taking_it_up_again(client: Client, session: Session, case: Signing) -> None:
    reference = case.accession.reference
    client.sign_in_as(case.signatory)
    assert client.post(f"/sign/{reference}/decline", data={"reason": ""}).status_code == 422
    client.post(f"/sign/{reference}/decline", data={"reason": "<b>Clause 6</b> is not clear."})
    html = client.get(f"/sign/{reference}").get_data(as_text=True)
    assert "&lt;b&gt;Clause 6&lt;/b&gt;" in html
    client.post(f"/sign/{reference}/reopen")
    assert fresh(session, case).state is AccessionState.OPEN


def test_beginning_to_sign_opens_the_accession(client: Client, session: Session) -> None:
    begun = Signing(session, Kind.BOTH)
    session.commit()
    client.sign_in_as(begun.signatory)
    form = {"organization": begun.organization.slug, "capacity": "data_partner"}
    answer = client.post("/sign", data=form)
    assert "/sign/AC-" in answer.headers["Location"]
    row = session.scalars(select(Accession).where(Accession.organization_id == begun.organization.id)).one()
    assert row.capacity is Capacity.DATA_PARTNER


@pytest.mark.parametrize("form", [{}, {"organization": "x", "capacity": "king"}, {"capacity": "member"}])
def test_beginning_with_nonsense_is_answered(client: Client, case: Signing, form: dict[str, str]) -> None:
    client.sign_in_as(case.signatory)
    assert client.post("/sign", data=form).status_code == 422


PAGES = ("", "/text", "/hand-over", "/decline", "/document")
POSTS = ("/authority", "/code", "/later", "/text", "/hand-over", "/decline", "/reopen")


@pytest.mark.parametrize("place", PAGES)
def test_strangers_find_nothing(client: Client, session: Session, case: Signing, place: str) -> None:
    stranger = make_person(session, make_organization(session), Role.SIGNATORY, Role.FOCAL_POINT)
    session.commit()
    address = f"/sign/{case.accession.reference}{place}"
    assert "/sign-in" in client.get(address).headers.get("Location", "") or client.get(address).status_code == 303
    client.sign_in_as(stranger)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("place", POSTS)
def test_strangers_change_nothing(client: Client, session: Session, case: Signing, place: str) -> None:
    stranger = make_person(session, make_organization(session), Role.SIGNATORY)
    session.commit()
    client.sign_in_as(stranger)
    form = {**AUTHORITY, "reason": "x", "to": case.signatory.id}
    assert client.post(f"/sign/{case.accession.reference}{place}", data=form).status_code == 404


@pytest.mark.parametrize("address", ["/desk/agreement", "/desk/agreement/paper"])
def test_the_desk_is_the_secretariat_s(client: Client, case: Signing, address: str) -> None:
    client.sign_in_as(case.signatory)
    assert client.get(address).status_code == 404
    client.sign_in_as(case.officer)
    assert client.get(address).status_code == 200


def test_the_officer_checks_and_countersigns(client: Client, session: Session) -> None:
    case = Signing(session, now=now() - timedelta(days=2)).signed()
    session.commit()
    reference = case.accession.reference
    client.sign_in_as(case.officer)
    assert case.organization.name in words(client, "/desk/agreement")
    assert "Check and countersign" in words(client, f"/desk/agreement/{reference}")
    answer = client.post(f"/desk/agreement/{reference}/countersign", data={"note": "Register extract"})
    assert answer.status_code == 422
    assert "Tick each check" in _words(answer.get_data(as_text=True))
    assert "Register extract" in answer.get_data(as_text=True)
    form = {"checks": sorted(REQUIRED_CHECKS), "note": "Register extract"}
    assert client.post(f"/desk/agreement/{reference}/countersign", data=form).status_code == 303
    assert fresh(session, case).state is AccessionState.IN_FORCE
    assert "In force since" in words(client, f"/desk/agreement/{reference}")


def test_an_auditor_reads_and_has_no_button(client: Client, session: Session) -> None:
    case = Signing(session, now=now() - timedelta(days=2)).signed()
    auditor = make_person(session, make_secretariat(session), Role.AUDITOR)
    session.commit()
    client.sign_in_as(auditor)
    page = client.get(f"/desk/agreement/{case.accession.reference}").get_data(as_text=True)
    assert 'action="/desk/agreement' not in page
    form = {"checks": sorted(REQUIRED_CHECKS), "note": "x"}
    answer = client.post(f"/desk/agreement/{case.accession.reference}/countersign", data=form)
    assert answer.status_code == 404


def test_a_director_ends_an_accession_with_a_reason(client: Client, session: Session) -> None:
    case = Signing(session, now=now() - timedelta(days=9)).in_force()
    director = make_person(session, make_secretariat(session), Role.DIRECTOR)
    session.commit()
    client.sign_in_as(director)
    address = f"/desk/agreement/{case.accession.reference}/end"
    assert client.post(address, data={"reason": " "}).status_code == 422
    assert client.post(address, data={"reason": "It left with notice."}).status_code == 303
    assert fresh(session, case).state is AccessionState.ENDED


def test_an_accession_on_paper_is_recorded_with_its_scan(client: Client, session: Session) -> None:
    organization = make_organization(session)
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    colleague = make_person(session, organization, Role.PROJECT_STAFF)
    session.commit()
    client.sign_in_as(officer)
    form = {"organization": organization.id, "capacity": "member"}
    bad = client.post("/desk/agreement/paper", data={**form, "scan": (BytesIO(b"hello"), "x.pdf")})
    assert "neither a PDF nor a PNG" in _words(bad.get_data(as_text=True))
    assert client.post("/desk/agreement/paper", data=form).status_code == 422
    good = client.post("/desk/agreement/paper", data={**form, "scan": (BytesIO(PDF), "signed.pdf")})
    reference = good.headers["Location"].rsplit("/", 1)[-1]
    client.sign_in_as(colleague)
    scan = client.get(f"/sign/{reference}/document")
    assert scan.data == PDF
    assert scan.headers["Content-Disposition"].startswith("attachment")


def test_a_capacity_that_does_not_fit_is_said_at_its_field(client: Client, session: Session) -> None:
    organization = make_organization(session)
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    session.commit()
    client.sign_in_as(officer)
    form = {"organization": organization.id, "capacity": "data_partner", "scan": (BytesIO(PDF), "x.pdf")}
    answer = client.post("/desk/agreement/paper", data=form)
    assert "cannot accede in this capacity" in _words(answer.get_data(as_text=True))
