"""Writing: starting, saving whatever is typed, two people at once, copying, datasets and team."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.proposals.commands.drafting import MOST_DATASETS, Writing, copy_as_new, save_answers, start
from app.proposals.commands.gathering import (
    add_dataset,
    add_team_member,
    remove_dataset,
    remove_team_member,
)
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.drafts import draft, places_to_start, seen
from app.proposals.queries.versions import datasets_in, extra_questions, team_of
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.questions import BANK, Source, mark
from app.rules.roles import Kind, Role
from app.rules.vocabulary import AccessMode, Visibility
from app.rules.workflow import ListingState, ProposalState
from tests.factories.catalog import make_dataset
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import NOW, Cast, make_cast, make_proposal

KEYS = [part.key for step in BANK.steps for part in step.parts()]
RAW = st.recursive(
    st.text(max_size=60)
    | st.sampled_from(["\x00", "\u202ex", "\ud800", "x" * 60_000, "31"])
    | st.none()
    | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "by", "target"]), inner, max_size=3)
    ),
)


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


@pytest.fixture
def lead(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.lead)


@pytest.fixture
def blank(session: Session, cast: Cast, lead: Actor) -> Proposal:
    """A draft for the first dataset, with nothing written yet."""
    return start(session, lead, cast.member.id, [cast.datasets[0].reference], NOW)


@pytest.fixture
def whole(session: Session, cast: Cast) -> Proposal:
    """A draft that could be sent, for one dataset of each of two data partners."""
    return make_proposal(session, ProposalState.DRAFT, cast=cast)


def events(session: Session, proposal: Proposal, kind: Event) -> int:
    counted = select(func.count()).select_from(HistoryEvent)
    found = counted.where(HistoryEvent.thing_ref == proposal.reference, HistoryEvent.type == kind.value)
    return session.scalar(found) or 0


def colleague(session: Session, cast: Cast, proposal: Proposal) -> Actor:
    """Somebody else of the member, on the team."""
    person = make_person(session, cast.member, Role.PROJECT_STAFF, name="Marta Ruiz")
    add_team_member(session, acting(session, cast.lead), proposal.reference, person.name, person.email, "", NOW)
    return acting(session, person)


# Starting


def test_a_new_draft_starts_with_what_profile_listing_and_calendar_know(session: Session, cast: Cast) -> None:
    cast.member.defaults = {"storage_place": "Our server in Bern", "access_mode": "open_api", "unknown": "x"}
    dataset = make_dataset(
        session, cast.datasets[0].organization, countries=["PE", "CO"], access_mode=AccessMode.ENCLAVE
    )
    proposal = start(session, acting(session, cast.lead), cast.member.id, [dataset.reference], NOW)
    answers = proposal.answers
    assert answers["storage_place"] == "Our server in Bern"
    assert answers["storage_country"] == cast.member.country
    assert (answers["countries"], answers["theme"], answers["access_mode"]) == (["CO", "PE"], "mobility", "enclave")
    assert answers["period_from"] == "2022"
    assert (answers["starts_on"], answers["ends_on"]) == ("2027-02-01", "2028-01-31")
    assert answers["first_report_on"] == "2027-05-02"
    assert proposal.prefilled["storage_place"] == Source.PROFILE.value
    assert proposal.prefilled["countries"] == Source.DATASET.value
    assert [member.name for member in team_of(session, proposal.id)] == [cast.lead.name]


def test_listings_that_cover_many_countries_or_disagree_fill_nothing_in(session: Session, cast: Cast) -> None:
    giver = cast.datasets[0].organization
    wide = make_dataset(session, giver, countries=["AR", "BO", "BR", "CL", "CO", "EC", "MX", "PE", "UY"])
    other = make_dataset(session, giver, access_mode=AccessMode.ENCLAVE)
    lead = acting(session, cast.lead)
    proposal = start(session, lead, cast.member.id, [wide.reference, other.reference], NOW)
    assert "countries" not in proposal.answers
    assert "access_mode" not in proposal.answers


def test_only_project_staff_and_focal_points_of_a_member_start(session: Session, cast: Cast) -> None:
    signatory = acting(session, make_person(session, cast.member, Role.SIGNATORY))
    focal_point = acting(session, make_person(session, cast.member, Role.FOCAL_POINT))
    with pytest.raises(NotAllowed):
        start(session, signatory, cast.member.id, [], NOW)
    assert start(session, focal_point, cast.member.id, [], NOW).lead_id == focal_point.person_id


def test_one_cannot_start_in_the_name_of_an_organization_of_others(session: Session, lead: Actor) -> None:
    with pytest.raises(NotFound):
        start(session, lead, make_organization(session).id, [], NOW)
    with pytest.raises(NotFound):
        start(session, lead, 10**9, [], NOW)


def test_a_data_partner_that_is_no_member_cannot_propose(session: Session) -> None:
    partner = make_organization(session, Kind.PARTNER)
    focal_point = acting(session, make_person(session, partner, Role.FOCAL_POINT))
    with pytest.raises(Invalid, match="Only members propose"):
        start(session, focal_point, partner.id, [], NOW)
    assert places_to_start(session, focal_point, NOW) == []


@pytest.mark.parametrize(
    ("state", "visibility"),
    [
        (ListingState.PAUSED, Visibility.PUBLIC),
        (ListingState.DRAFT, Visibility.PUBLIC),
        (ListingState.LISTED, Visibility.NAMED),
    ],
)
def test_a_dataset_that_is_not_offered_cannot_be_asked_for(
    session: Session, cast: Cast, lead: Actor, state: ListingState, visibility: Visibility
) -> None:
    closed = make_dataset(session, cast.datasets[0].organization)
    closed.state, closed.visibility = state, visibility
    session.flush()
    with pytest.raises(Invalid, match="not open to proposals"):
        start(session, lead, cast.member.id, [closed.reference], NOW)
    proposal = start(session, lead, cast.member.id, [], NOW)
    with pytest.raises((Invalid, NotFound)):
        add_dataset(session, lead, proposal.reference, closed.reference, NOW)


def test_where_the_agreement_is_missing_one_is_told_who_can_mend_it(session: Session) -> None:
    cast = make_cast(session, has_acceded=False)
    make_person(session, cast.member, Role.SIGNATORY, name="Ana Ruiz")
    place = places_to_start(session, acting(session, cast.lead), NOW)[0]
    assert place.missing is not None
    assert "Ana Ruiz" in str(place.missing)


# Saving


@settings(max_examples=40)
@given(values=st.dictionaries(st.sampled_from([*KEYS, "nonsense", "extra_1_x"]), RAW, max_size=8))
def test_saving_never_fails_whatever_is_typed(session: Session, cast: Cast, values: dict[str, object]) -> None:
    lead = acting(session, cast.lead)
    with session.begin_nested() as nested:
        proposal = start(session, lead, cast.member.id, [], NOW)
        saved = save_answers(session, lead, proposal.reference, values, NOW)
        session.expire_all()
        assert set(proposal.answers) <= set(KEYS)
        assert set(saved.changed) <= set(values)
        assert saved.clashes == ()
        nested.rollback()


def test_an_answer_that_is_touched_is_no_longer_marked_as_filled_in(
    session: Session, lead: Actor, blank: Proposal
) -> None:
    assert "countries" in blank.prefilled
    save_answers(session, lead, blank.reference, {"countries": ["PE"], "theme": blank.answers["theme"]}, NOW)
    assert "countries" not in blank.prefilled
    assert "theme" in blank.prefilled


def test_the_title_of_the_proposal_is_its_answer(session: Session, lead: Actor, blank: Proposal) -> None:
    save_answers(session, lead, blank.reference, {"title": "  Safe\x00r   walks "}, NOW)
    assert blank.title == "Safer walks"


def test_saving_a_part_leaves_the_other_answers_alone(session: Session, lead: Actor, blank: Proposal) -> None:
    save_answers(session, lead, blank.reference, {"title": "One", "problem": "Two"}, NOW)
    save_answers(session, lead, blank.reference, {"problem": ""}, NOW)
    assert (blank.answers["title"], blank.answers["problem"]) == ("One", "")


def test_a_newer_text_of_somebody_else_is_kept_and_both_are_handed_back(
    session: Session, cast: Cast, lead: Actor, blank: Proposal
) -> None:
    marta = colleague(session, cast, blank)
    shown = {"problem": mark(""), "title": mark("")}
    save_answers(session, marta, blank.reference, {"problem": "Marta's text"}, NOW, Writing("page-m", shown))
    saved = save_answers(
        session, lead, blank.reference, {"problem": "Rosa's text", "title": "Walks"}, NOW, Writing("page-r", shown)
    )
    (clash,) = saved.clashes
    assert (clash.key, clash.theirs, clash.yours, clash.by) == ("problem", "Marta's text", "Rosa's text", "Marta Ruiz")
    assert blank.answers["problem"] == "Marta's text"
    assert blank.answers["title"] == "Walks", "what does not clash is saved"


def test_after_reading_both_one_may_write_over_the_newer_text(
    session: Session, cast: Cast, lead: Actor, blank: Proposal
) -> None:
    marta = colleague(session, cast, blank)
    save_answers(
        session, marta, blank.reference, {"problem": "Marta's text"}, NOW, Writing("page-m", {"problem": mark("")})
    )
    read = Writing("page-r2", {"problem": mark("Marta's text")})
    assert save_answers(session, lead, blank.reference, {"problem": "Both texts"}, NOW, read).clashes == ()
    assert blank.answers["problem"] == "Both texts"


def test_an_answer_that_one_did_not_touch_does_not_undo_a_newer_one(
    session: Session, cast: Cast, lead: Actor, blank: Proposal
) -> None:
    marta = colleague(session, cast, blank)
    shown = {"problem": mark("")}
    save_answers(session, marta, blank.reference, {"problem": "Marta's text"}, NOW, Writing("page-m", shown))
    saved = save_answers(session, lead, blank.reference, {"problem": ""}, NOW, Writing("page-r", shown))
    assert (saved.clashes, saved.changed) == ((), ())
    assert blank.answers["problem"] == "Marta's text"


def test_an_open_page_does_not_clash_with_what_it_saved_itself(session: Session, lead: Actor, blank: Proposal) -> None:
    page = Writing("page-r", {"problem": mark("")}, is_automatic=True)
    for text in ("H", "Ha", "Hal", ""):
        assert save_answers(session, lead, blank.reference, {"problem": text}, NOW, page).clashes == ()
    assert blank.answers["problem"] == ""


def test_saving_by_itself_does_not_flood_the_history(
    session: Session, cast: Cast, lead: Actor, blank: Proposal
) -> None:
    page = Writing("page-r", {}, is_automatic=True)
    for minute in range(12):
        now = NOW + timedelta(minutes=minute)
        save_answers(session, lead, blank.reference, {"problem": f"Text {minute}"}, now, page)
    assert events(session, blank, Event.PROPOSAL_EDITED) == 2
    marta = colleague(session, cast, blank)
    save_answers(session, marta, blank.reference, {"problem": "Other"}, NOW + timedelta(minutes=12), page)
    assert events(session, blank, Event.PROPOSAL_EDITED) == 3


def test_each_save_by_hand_that_changes_something_is_in_the_history(
    session: Session, lead: Actor, blank: Proposal
) -> None:
    for text in ("One", "Two", "Two"):
        save_answers(session, lead, blank.reference, {"problem": text}, NOW)
    assert events(session, blank, Event.PROPOSAL_EDITED) == 2


def test_only_the_team_writes(session: Session, cast: Cast, blank: Proposal) -> None:
    for stranger in (cast.officer, cast.director, next(iter(cast.stewards.values()))):
        with pytest.raises(NotFound):
            save_answers(session, acting(session, stranger), blank.reference, {"title": "x"}, NOW)
    same_house = acting(session, make_person(session, cast.member, Role.PROJECT_STAFF))
    with pytest.raises(NotFound):
        save_answers(session, same_house, blank.reference, {"title": "x"}, NOW)


@pytest.mark.parametrize(
    "state", [ProposalState.IN_INTAKE, ProposalState.IN_REVIEW, ProposalState.DECIDED, ProposalState.WITHDRAWN]
)
def test_nobody_writes_on_a_proposal_that_others_decide_on(session: Session, cast: Cast, state: ProposalState) -> None:
    proposal = make_proposal(session, state, cast=cast)
    with pytest.raises(WrongState):
        save_answers(session, acting(session, cast.lead), proposal.reference, {"title": "x"}, NOW)


# Datasets and team


def test_datasets_are_added_once_and_removed(session: Session, cast: Cast, lead: Actor, blank: Proposal) -> None:
    other = cast.datasets[1]
    add_dataset(session, lead, blank.reference, other.reference, NOW)
    add_dataset(session, lead, blank.reference, other.reference.lower(), NOW)
    assert [dataset.id for dataset in datasets_in(session, blank.id)] == [dataset.id for dataset in cast.datasets]
    remove_dataset(session, lead, blank.reference, other.reference, NOW)
    with pytest.raises(NotFound):
        remove_dataset(session, lead, blank.reference, other.reference, NOW)


def test_a_proposal_names_a_limited_number_of_datasets(session: Session, cast: Cast, lead: Actor) -> None:
    giver = cast.datasets[0].organization
    many = [make_dataset(session, giver).reference for _ in range(MOST_DATASETS)]
    proposal = start(session, lead, cast.member.id, many, NOW)
    with pytest.raises(Invalid, match="20 datasets"):
        add_dataset(session, lead, proposal.reference, cast.datasets[1].reference, NOW)


def test_a_dataset_that_was_decided_on_stays_in_the_record(session: Session, cast: Cast, lead: Actor) -> None:
    proposal = make_proposal(session, ProposalState.DECIDED, cast=cast)
    proposal.state = ProposalState.CHANGES_REQUESTED
    session.flush()
    with pytest.raises(Invalid, match="stays in the record"):
        remove_dataset(session, lead, proposal.reference, cast.datasets[0].reference, NOW)


def test_each_data_partner_asks_at_most_three_questions_of_its_own(session: Session, cast: Cast, lead: Actor) -> None:
    giver = cast.datasets[0].organization
    one = make_dataset(session, giver, extra_questions=["A?", " A? ", "B?"])
    two = make_dataset(session, giver, extra_questions=["B?", "C?", "D?"])
    proposal = start(session, lead, cast.member.id, [one.reference, two.reference], NOW)
    asked = extra_questions(datasets_in(session, proposal.id))
    assert [question.text for question in asked] == ["A?", "B?", "C?"]
    assert {question.partner for question in asked} == {giver.name}
    save_answers(session, lead, proposal.reference, {asked[0].key: "Yes."}, NOW)
    assert proposal.answers[asked[0].key] == "Yes."


def test_who_has_an_account_is_tied_to_it_and_writes_at_once(session: Session, cast: Cast, blank: Proposal) -> None:
    marta = colleague(session, cast, blank)
    save_answers(session, marta, blank.reference, {"title": "By Marta"}, NOW)
    assert blank.title == "By Marta"


def test_who_gets_an_account_later_is_tied_to_it_then(session: Session, lead: Actor, blank: Proposal) -> None:
    member = add_team_member(session, lead, blank.reference, "Ida", "Ida@Example.org", "Elsewhere", NOW)
    assert (member.person_id, member.email) == (None, "ida@example.org")
    person = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    person.email = "ida@example.org"
    session.flush()
    add_team_member(session, lead, blank.reference, "Jo", "jo@example.org", "", NOW)
    assert session.get_one(TeamMember, member.id).person_id == person.id


@pytest.mark.parametrize(
    ("name", "email", "field"),
    [("", "a@example.org", "name"), ("x" * 121, "a@example.org", "name"), ("Ida", "no address", "email"),
     ("Ida", "", "email"), ("Ida", "a@example.org\x00\nBcc: x@example.org", "email"), ("\ud800", "a@example.org", "name")],
)  # fmt: skip
def test_a_person_needs_a_name_and_an_address(
    session: Session, lead: Actor, blank: Proposal, name: str, email: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add_team_member(session, lead, blank.reference, name, email, "", NOW)
    assert refused.value.field == field


def test_nobody_is_on_a_team_twice_and_the_lead_stays(
    session: Session, cast: Cast, lead: Actor, blank: Proposal
) -> None:
    with pytest.raises(Invalid, match="already"):
        add_team_member(session, lead, blank.reference, "Rosa", cast.lead.email.upper(), "", NOW)
    first = team_of(session, blank.id)[0]
    with pytest.raises(Invalid, match="lead stays"):
        remove_team_member(session, lead, blank.reference, first.id, NOW)


def test_only_the_lead_names_the_team(session: Session, cast: Cast, blank: Proposal) -> None:
    marta = colleague(session, cast, blank)
    with pytest.raises(NotAllowed):
        add_team_member(session, marta, blank.reference, "Ida", "ida@example.org", "", NOW)


def test_a_person_of_another_team_cannot_be_removed(session: Session, cast: Cast, lead: Actor, blank: Proposal) -> None:
    other = start(session, lead, cast.member.id, [], NOW)
    member = add_team_member(session, lead, other.reference, "Ida", "ida@example.org", "", NOW)
    with pytest.raises(NotFound):
        remove_team_member(session, lead, blank.reference, member.id, NOW)


# Reading and copying


def test_a_draft_says_how_far_each_step_is_and_who_else_is_writing(
    session: Session, cast: Cast, blank: Proposal
) -> None:
    marta = colleague(session, cast, blank)
    save_answers(session, marta, blank.reference, {"benefit": "Many."}, NOW)
    shown = draft(session, acting(session, cast.lead), blank.reference, NOW + timedelta(minutes=1))
    found = [(writer.name, writer.step.key.value, writer.questions) for writer in shown.writers]
    assert found == [("Marta Ruiz", "value", ("benefit",))]
    assert [each.is_begun for each in shown.steps] == [False, False, True, False, False]
    assert shown.next_step is BANK.steps[0]
    later = draft(session, acting(session, cast.lead), blank.reference, NOW + timedelta(minutes=6))
    assert later.writers == ()


def test_who_will_read_it_are_stewards_before_deputies_of_each_data_partner(
    session: Session, cast: Cast, lead: Actor, whole: Proposal
) -> None:
    giver = cast.datasets[0].organization
    make_person(session, giver, Role.DEPUTY, Role.SIGNATORY, name="Tom Ek")
    read = draft(session, lead, whole.reference, NOW).readers
    assert [reader.organization for reader in read] == [dataset.organization.name for dataset in cast.datasets]
    assert read[0].names == (cast.steward_of(cast.datasets[0]).name, "Tom Ek")


def test_a_page_takes_the_same_number_of_statements_whatever_it_shows(
    session: Session, lead: Actor, whole: Proposal
) -> None:
    few = count_statements(session, lambda: draft(session, lead, whole.reference, NOW))
    for number in range(6):
        giver = make_organization(session, Kind.PARTNER)
        make_person(session, giver, Role.STEWARD)
        dataset = make_dataset(session, giver, extra_questions=[f"Question {number}?"])
        add_dataset(session, lead, whole.reference, dataset.reference, NOW)
        add_team_member(session, lead, whole.reference, f"Person {number}", f"p{number}@example.org", "", NOW)
    assert count_statements(session, lambda: draft(session, lead, whole.reference, NOW)) == few


def count_statements(session: Session, read: Callable[[], object]) -> int:
    """How many statements reading takes."""
    session.flush()
    session.expire_all()
    seen_statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        seen_statements.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return len(seen_statements)


def test_a_draft_is_known_to_its_team_alone(session: Session, cast: Cast, blank: Proposal) -> None:
    same_house = acting(session, make_person(session, cast.member, Role.FOCAL_POINT))
    for viewer in (same_house, acting(session, cast.officer)):
        with pytest.raises(NotFound):
            seen(session, viewer, blank.reference)


def test_copying_keeps_answers_team_and_open_datasets_and_suggests_dates_anew(session: Session, cast: Cast) -> None:
    original = make_proposal(session, ProposalState.NOT_TAKEN_UP, cast=cast)
    cast.datasets[1].state = ListingState.PAUSED
    session.add(
        TeamMember(proposal_id=original.id, name="Ida", email="ida@example.org", organization_name="", added_at=NOW)
    )
    session.flush()
    later = NOW + timedelta(days=400)
    copy = copy_as_new(session, acting(session, cast.lead), original.reference, cast.member.id, later)
    assert copy.answers["problem"] == original.answers["problem"]
    assert "decision_by" not in copy.answers
    assert str(copy.answers["starts_on"]) > later.date().isoformat()
    assert [dataset.id for dataset in datasets_in(session, copy.id)] == [cast.datasets[0].id]
    assert [member.name for member in team_of(session, copy.id)] == [cast.lead.name, "Ida"]
    assert copy.copied_from_id == original.id


def test_a_colleague_may_copy_what_was_sent_and_leads_the_copy(session: Session, cast: Cast) -> None:
    original = make_proposal(session, ProposalState.IN_INTAKE, cast=cast)
    other = make_person(session, cast.member, Role.PROJECT_STAFF)
    copy = copy_as_new(session, acting(session, other), original.reference, cast.member.id, NOW)
    assert copy.lead_id == other.id


def test_nobody_copies_what_they_may_not_see_or_for_another_organization(session: Session, cast: Cast) -> None:
    original = make_proposal(session, ProposalState.DRAFT, cast=cast)
    stranger = acting(session, make_person(session, cast.member, Role.PROJECT_STAFF))
    with pytest.raises(NotFound):
        copy_as_new(session, stranger, original.reference, cast.member.id, NOW)
    sent = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    steward = next(iter(cast.stewards.values()))
    own = make_organization(session, Kind.MEMBER)
    both = make_person(session, own, Role.PROJECT_STAFF)
    for person in (steward, both):
        with pytest.raises((NotFound, NotAllowed)):
            copy_as_new(session, acting(session, person), sent.reference, own.id, NOW)
