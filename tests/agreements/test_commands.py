"""Acceding: in the right order, by the right people, to exactly the text that was shown."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements import commands, evidence, queries
from app.agreements.commands.codes import MOST_PER_HOUR, CodeAnswer
from app.agreements.commands.countersigning import Scan
from app.agreements.evidence import Details, Typed
from app.agreements.library import current_version
from app.agreements.models import SigningCode
from app.agreements.statements import REQUIRED_CHECKS, REQUIRED_STATEMENTS
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.files import FileStore
from app.history.models import HistoryEvent
from app.outbox.models import OutboxMessage
from app.rules.actors import OPERATOR, SYSTEM
from app.rules.roles import Capacity, Kind, Role
from app.rules.workflow import AccessionState
from tests.factories.agreements import ALL_CHECKS, DETAILS, TRACE, Signing
from tests.factories.organizations import NOW, acting, make_organization, make_person, make_secretariat

STATEMENTS = tuple(sorted(REQUIRED_STATEMENTS))


def test_signed_and_countersigned_it_is_in_force_and_everything_is_in_the_history(session: Session) -> None:
    case = Signing(session).in_force()
    row = case.accession
    assert row.state is AccessionState.IN_FORCE
    assert (row.agreement_version, row.agreement_hash) == (current_version().id, current_version().text_hash)
    events = session.scalars(select(HistoryEvent).where(HistoryEvent.thing_ref == row.reference).order_by("seq")).all()
    assert [event.type for event in events] == ["accession.opened", "accession.signed", "accession.countersigned"]
    assert {event.agreement_hash for event in events} == {row.agreement_hash}


def test_opening_twice_finds_the_same_accession(session: Session) -> None:
    case = Signing(session).opened()
    again = commands.open_accession(session, SYSTEM, case.organization.id, case.capacity, NOW)
    assert again.id == case.accession.id


def test_an_organization_joins_only_in_a_capacity_of_its_kind(session: Session) -> None:
    case = Signing(session)
    with pytest.raises(Invalid, match="capacity"):
        commands.open_accession(session, case.actor, case.organization.id, Capacity.DATA_PARTNER, NOW)


def test_a_stranger_learns_nothing_of_an_accession(session: Session) -> None:
    case = Signing(session).opened()
    stranger = acting(session, make_person(session, make_organization(session), Role.SIGNATORY))
    with pytest.raises(NotFound):
        commands.open_accession(session, stranger, case.organization.id, case.capacity, NOW)
    with pytest.raises(NotFound):
        queries.accession_seen_by(session, stranger, case.accession.reference)
    with pytest.raises(NotFound):
        commands.confirm_authority(session, stranger, case.accession.reference, DETAILS, TRACE, NOW)


def test_a_colleague_without_the_role_sees_it_and_cannot_sign(session: Session) -> None:
    case = Signing(session).opened()
    colleague = acting(session, make_person(session, case.organization, Role.PROJECT_STAFF))
    assert queries.accession_seen_by(session, colleague, case.accession.reference) is case.accession
    with pytest.raises(NotAllowed):
        commands.confirm_authority(session, colleague, case.accession.reference, DETAILS, TRACE, NOW)


def test_the_secretariat_cannot_sign_for_anyone(session: Session) -> None:
    case = Signing(session).opened()
    with pytest.raises(NotAllowed):
        commands.confirm_authority(session, case.secretariat, case.accession.reference, DETAILS, TRACE, NOW)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Details(power="statute", notice_address="x"), "title"),
        (Details(title="x", notice_address="x"), "power"),
        (Details(title="x", power="luck", notice_address="x"), "power"),
        (Details(title="x", power="statute", notice_address="\u200e \x00"), "notice_address"),
        (Details(title="x" * 121, power="statute", notice_address="x"), "title"),
        (
            Details(title="x", power="statute", notice_address="x", affiliates=("a",) * 1 + tuple(map(str, range(60)))),
            "affiliates",
        ),
    ],
)
def test_facts_that_are_missing_or_too_long_are_named(session: Session, details: Details, field: str) -> None:
    case = Signing(session).opened()
    with pytest.raises(Invalid) as refused:
        commands.confirm_authority(session, case.actor, case.accession.reference, details, TRACE, NOW)
    assert refused.value.field == field


def test_nobody_signs_before_authority_was_confirmed(session: Session) -> None:
    case = Signing(session).opened()
    case.enter(case.code())
    with pytest.raises(WrongState, match="Confirm first"):
        case.sign()


def test_authority_confirmed_by_one_signatory_is_not_another_s(session: Session) -> None:
    case = Signing(session).confirmed()
    case.signatory = make_person(session, case.organization, Role.SIGNATORY)
    case.enter(case.code())
    with pytest.raises(WrongState, match="Confirm first"):
        case.sign()


def test_a_signature_binds_the_text_that_was_shown(session: Session) -> None:
    case = Signing(session).confirmed()
    case.enter(case.code())
    version, text_hash = case.shown
    for shown in ((version, "0" * 64), ("2025-1", text_hash), ("", "")):
        with pytest.raises(WrongState, match="text you were shown"):
            case.sign(shown=shown)


def test_a_signature_refuses_when_the_accession_was_opened_for_another_text(session: Session) -> None:
    case = Signing(session).confirmed()
    case.accession.agreement_hash = "0" * 64
    session.flush()
    case.enter(case.code())
    with pytest.raises(WrongState, match="text you were shown"):
        case.sign()


def test_an_accession_to_an_older_version_is_not_signed_any_more(session: Session) -> None:
    case = Signing(session).opened()
    case.accession.agreement_version = "2025-1"
    session.flush()
    with pytest.raises(WrongState, match="newer version"):
        commands.confirm_authority(session, case.actor, case.accession.reference, DETAILS, TRACE, NOW)


@pytest.mark.parametrize("left_out", STATEMENTS)
def test_each_required_statement_is_ticked(session: Session, left_out: str) -> None:
    case = Signing(session).confirmed()
    case.enter(case.code())
    ticked = tuple(code for code in STATEMENTS if code != left_out)
    with pytest.raises(Invalid) as refused:
        case.sign(typed=Typed(case.signatory.name, ticked))
    assert refused.value.field == "statements"


def test_the_name_typed_is_the_signatory_s_own(session: Session) -> None:
    case = Signing(session).confirmed()
    case.enter(case.code())
    with pytest.raises(Invalid) as refused:
        case.sign(typed=Typed("Somebody Else", STATEMENTS))
    assert refused.value.field == "name"
    accents_and_case = case.signatory.name.upper().replace("O", "Ö", 1)
    assert case.sign(typed=Typed(accents_and_case, STATEMENTS)).typed_name == accents_and_case


def test_without_a_code_nothing_is_signed(session: Session) -> None:
    case = Signing(session).confirmed()
    with pytest.raises(WrongState, match="code"):
        case.sign()


def test_a_code_entered_before_does_not_sign_later(session: Session) -> None:
    case = Signing(session).confirmed()
    case.enter(case.code())
    case.now += timedelta(minutes=1)
    with pytest.raises(WrongState, match="code"):
        case.sign()


def test_the_evidence_keeps_what_was_declared_and_how(session: Session) -> None:
    case = Signing(session).signed()
    signature = evidence.part_of(case.accession, "signature")
    sentences = signature["sentences"]
    assert isinstance(sentences, list)
    assert f"I may bind {case.organization.name}, as its General counsel." in sentences
    assert len(sentences) == len(REQUIRED_STATEMENTS)
    assert len(str(signature["sentences_hash"])) == 64
    assert signature["address"] == "192.0.2.7"
    assert [step.what for step in evidence.steps_of(case.accession)] == [
        "opened",
        "authority confirmed",
        "code sent by mail",
        "code entered",
        "signed",
    ]


def test_signing_twice_is_refused(session: Session) -> None:
    case = Signing(session).signed()
    with pytest.raises(WrongState):
        case.sign()


def test_a_wrong_code_counts_and_the_fifth_ends_it(session: Session) -> None:
    case = Signing(session).confirmed()
    right = case.code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    assert [case.enter(wrong) for _ in range(5)] == [CodeAnswer.WRONG] * 4 + [CodeAnswer.USED_UP]
    assert case.enter(right) is CodeAnswer.USED_UP


def test_a_code_holds_ten_minutes(session: Session) -> None:
    case = Signing(session).confirmed()
    code = case.code()
    assert case.enter(code, NOW + timedelta(minutes=10)) is CodeAnswer.EXPIRED
    assert case.enter(code, NOW + timedelta(minutes=9, seconds=59)) is CodeAnswer.RIGHT


def test_a_code_is_used_once_and_a_new_one_ends_the_old(session: Session) -> None:
    case = Signing(session).confirmed()
    first = case.code()
    second = case.code(NOW + timedelta(minutes=1))
    assert case.enter(first) is (CodeAnswer.RIGHT if first == second else CodeAnswer.WRONG)
    assert case.enter(second) is CodeAnswer.RIGHT
    assert case.enter(second) is CodeAnswer.NONE_SENT


def test_a_code_may_be_typed_with_spaces(session: Session) -> None:
    case = Signing(session).confirmed()
    code = case.code()
    assert case.enter(f" {code[:3]} {code[3:]} ") is CodeAnswer.RIGHT


def test_before_a_code_was_sent_none_is_right(session: Session) -> None:
    case = Signing(session).confirmed()
    assert case.enter("000000") is CodeAnswer.NONE_SENT


def test_no_table_and_no_message_holds_the_code(session: Session) -> None:
    case = Signing(session).confirmed()
    code = case.code()
    row = session.scalars(select(SigningCode)).one()
    assert code not in row.code_hash
    messages = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "accession.code")).all()
    assert [message.payload for message in messages] == [{"code": row.id}]


def test_codes_cannot_be_asked_for_without_end(session: Session) -> None:
    case = Signing(session).confirmed()
    for _ in range(MOST_PER_HOUR):
        case.code()
    with pytest.raises(Invalid, match="within an hour"):
        case.code()
    case.code(NOW + timedelta(hours=1, minutes=1))


def test_a_new_code_keeps_what_was_typed(session: Session) -> None:
    case = Signing(session).confirmed()
    typed = Typed("Noor", ("read",))
    commands.send_code(session, case.actor, case.accession.reference, typed, "s", TRACE, NOW)
    assert evidence.typed_in(case.accession) == typed


def test_handing_over_asks_another_signatory_of_the_same_organization(session: Session) -> None:
    case = Signing(session).confirmed()
    other = make_person(session, case.organization, Role.SIGNATORY)
    row = commands.hand_over(session, case.actor, case.accession.reference, other.id, TRACE, NOW)
    assert row.signatory_id == other.id
    assert evidence.details_of(row) is None
    assert [waiting.accession.id for waiting in queries.to_sign(session, acting(session, other), NOW)] == [row.id]


def test_handing_over_to_anyone_else_is_refused(session: Session) -> None:
    case = Signing(session).opened()
    outsider = make_person(session, make_organization(session), Role.SIGNATORY)
    colleague = make_person(session, case.organization, Role.FOCAL_POINT)
    for person_id in (outsider.id, colleague.id, case.signatory.id, 0, 10**9):
        with pytest.raises(Invalid, match="another authorized signatory"):
            commands.hand_over(session, case.actor, case.accession.reference, person_id, TRACE, NOW)


def test_declining_needs_a_reason_and_can_be_taken_up_again(session: Session) -> None:
    case = Signing(session).confirmed()
    reference = case.accession.reference
    for reason in ("", " \x00 ", "x" * 2001):
        with pytest.raises(Invalid):
            commands.decline(session, case.actor, reference, reason, TRACE, NOW)
    declined = commands.decline(session, case.actor, reference, "Our board wants clause 6 explained.", TRACE, NOW)
    assert declined.state is AccessionState.DECLINED
    with pytest.raises(WrongState):
        case.sign()
    assert commands.reopen(session, case.secretariat, reference, TRACE, NOW).state is AccessionState.OPEN


def test_nobody_countersigns_for_the_own_organization(session: Session) -> None:
    case = Signing(session).signed()
    both = make_person(session, case.organization, Role.PROJECT_STAFF)
    session.add_all(_memberships(both.id, make_secretariat(session).id))
    session.flush()
    with pytest.raises(NotAllowed):
        _countersign(session, case, acting(session, both))


def _memberships(person_id: int, organization_id: int) -> list[object]:
    from app.organizations.models import Membership

    return [Membership(person_id=person_id, organization_id=organization_id, role=Role.DIRECTOR, since=NOW)]


def _countersign(
    session: Session, case: Signing, actor: object, checks: tuple[str, ...] = ALL_CHECKS, note: str = "Seen"
) -> None:
    from app.rules.actors import Actor

    assert isinstance(actor, Actor)
    commands.countersign(session, actor, case.accession.reference, checks, note, TRACE, NOW)


@pytest.mark.parametrize("left_out", sorted(REQUIRED_CHECKS))
def test_each_check_is_made_before_countersigning(session: Session, left_out: str) -> None:
    case = Signing(session).signed()
    with pytest.raises(Invalid):
        _countersign(session, case, case.secretariat, tuple(code for code in ALL_CHECKS if code != left_out))
    with pytest.raises(Invalid):
        _countersign(session, case, case.secretariat, note=" ")


def test_what_is_not_signed_is_not_countersigned(session: Session) -> None:
    case = Signing(session).confirmed()
    with pytest.raises(WrongState):
        _countersign(session, case, case.secretariat)


def test_an_auditor_does_not_countersign(session: Session) -> None:
    case = Signing(session).signed()
    auditor = make_person(session, make_secretariat(session), Role.AUDITOR)
    with pytest.raises(NotAllowed):
        _countersign(session, case, acting(session, auditor))


def test_only_a_director_ends_an_accession(session: Session) -> None:
    case = Signing(session).in_force()
    reference = case.accession.reference
    with pytest.raises(NotAllowed):
        commands.end_accession(session, case.secretariat, reference, "They left.", NOW)
    director = acting(session, make_person(session, make_secretariat(session), Role.DIRECTOR))
    assert commands.end_accession(session, director, reference, "They left.", NOW).state is AccessionState.ENDED
    assert queries.accession_in_force(session, case.organization.id, case.capacity, NOW + timedelta(days=2)) is None


PDF = b"%PDF-1.7\nscan"


def test_an_accession_on_paper_is_in_force_with_its_scan(session: Session) -> None:
    organization = make_organization(session, Kind.BOTH)
    store = FileStore("memory://")
    row = commands.record_on_paper(
        session, OPERATOR, organization.id, Capacity.DATA_PARTNER, Scan(PDF, "../signed.pdf"), store, NOW
    )
    assert row.state is AccessionState.IN_FORCE
    assert row.on_paper
    found = queries.accession_in_force(session, organization.id, Capacity.DATA_PARTNER, NOW)
    assert found is not None
    assert queries.accession_in_force(session, organization.id, Capacity.MEMBER, NOW) is None
    with pytest.raises(WrongState):
        commands.record_on_paper(session, OPERATOR, organization.id, Capacity.DATA_PARTNER, Scan(PDF, "x"), store, NOW)


def test_nobody_records_on_paper_that_the_own_organization_has_joined(session: Session) -> None:
    organization = make_organization(session)
    both = make_person(session, make_secretariat(session), Role.DIRECTOR)
    session.add_all(_memberships(both.id, organization.id))
    session.flush()
    with pytest.raises(NotAllowed):
        commands.record_on_paper(
            session,
            acting(session, both),
            organization.id,
            Capacity.MEMBER,
            Scan(PDF, "x.pdf"),
            FileStore("memory://"),
            NOW,
        )


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04", b"<html>", b"%PDF-" + b"x" * (20 * 1024 * 1024)])
def test_a_scan_that_is_none_is_refused(session: Session, data: bytes) -> None:
    organization = make_organization(session)
    with pytest.raises(Invalid) as refused:
        commands.record_on_paper(
            session, OPERATOR, organization.id, Capacity.MEMBER, Scan(data, "x.pdf"), FileStore("memory://"), NOW
        )
    assert refused.value.field == "scan"


def test_the_sealed_document_is_kept_once(session: Session) -> None:
    case, store = Signing(session).in_force(), FileStore("memory://")
    reference = case.accession.reference
    first = commands.keep_document(session, store, reference, PDF, {"level": "B-B"}, NOW)
    assert commands.keep_document(session, store, reference, PDF + b"again", {}, NOW).id == first.id
    assert store.get(first.key) == PDF
