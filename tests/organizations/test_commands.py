"""Adding organizations, inviting people, changing what they hold: on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.hashing import sha256_hex
from app.history.models import HistoryDetail, HistoryEvent
from app.organizations import commands, queries
from app.organizations.details import Defaults, Details
from app.organizations.models import Invitation, Organization, Person
from app.outbox.models import OutboxMessage
from app.rules.actors import NOBODY, OPERATOR, Actor
from app.rules.events import Event
from app.rules.roles import Kind, Role
from tests.factories.organizations import NOW, acting, make_organization, make_person, make_secretariat

DETAILS = Details(
    "Corvid Mobility", "corvid-mobility", Kind.PARTNER, "KE", "https://corvid.example", "Shared bicycles."
)


def _events(session: Session) -> list[str]:
    return list(session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq)))


def _focal_point(session: Session, organization: Organization) -> Actor:
    return acting(session, make_person(session, organization, Role.FOCAL_POINT))


def _officer(session: Session) -> Actor:
    return acting(session, make_person(session, make_secretariat(session), Role.OFFICER))


def test_the_operator_adds_an_organization_with_sensible_defaults(session: Session) -> None:
    row = commands.add_organization(session, OPERATOR, DETAILS, NOW)
    assert queries.organization_by_slug(session, "corvid-mobility") is row
    assert row.defaults["access_mode"] == "secure_transfer"
    assert row.defaults["collaborative_type"] == "research_partnership"
    assert row.defaults["sensitivity"] == "2"
    assert row.defaults["visibility"] == "public"
    assert _events(session) == [Event.ORGANIZATION_ADDED]


def test_an_address_is_made_from_the_name_where_none_is_given(session: Session) -> None:
    row = commands.add_organization(session, OPERATOR, Details("Émile & Sons", "", Kind.MEMBER), NOW)
    assert row.slug == "emile-sons"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\x00\u202e"}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"slug": "Über uns!"}, "slug"),
        ({"slug": "a" * 61}, "slug"),
        ({"slug": "secretariat"}, "slug"),
        ({"country": "Kenya"}, "country"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://user:pw@corvid.example"}, "website"),
        ({"website": "http://["}, "website"),
        ({"about": "x" * 2001}, "about"),
        ({"defaults": Defaults(contact_email="nobody")}, "contact_email"),
        ({"kind": Kind.SECRETARIAT}, "kind"),
    ],
)
def test_an_organization_is_refused_with_the_answer_to_mend(
    session: Session, change: dict[str, object], field: str
) -> None:
    values = {name: getattr(DETAILS, name) for name in DETAILS.__dataclass_fields__} | change
    with pytest.raises(Invalid) as refused:
        commands.add_organization(session, OPERATOR, Details(**values), NOW)
    assert refused.value.field == field


@pytest.mark.parametrize("field", ["name", "slug"])
def test_two_organizations_cannot_share_a_name_or_address(session: Session, field: str) -> None:
    commands.add_organization(session, OPERATOR, DETAILS, NOW)
    other = {"name": "Another", "slug": "another", field: getattr(DETAILS, field)}
    with pytest.raises(Invalid) as refused:
        commands.add_organization(session, OPERATOR, Details(kind=Kind.MEMBER, **other), NOW)
    assert refused.value.field == field


def test_only_the_secretariat_and_the_operator_add_organizations(session: Session) -> None:
    commands.add_organization(session, _officer(session), DETAILS, NOW)
    with pytest.raises(NotAllowed):
        commands.add_organization(session, _focal_point(session, make_organization(session)), DETAILS, NOW)


def test_a_focal_point_edits_the_own_organization_but_not_its_address(session: Session) -> None:
    row = commands.add_organization(session, OPERATOR, DETAILS, NOW)
    actor = _focal_point(session, row)
    commands.edit_organization(session, actor, row.id, Details("Corvid", "other", Kind.BOTH, "", "", "New."), NOW)
    assert (row.name, row.slug, row.kind, row.country, row.about) == (
        "Corvid",
        DETAILS.slug,
        Kind.PARTNER,
        None,
        "New.",
    )
    commands.edit_defaults(session, actor, row.id, Defaults(storage_place="Nairobi\u202e"), NOW)
    assert Defaults.from_json(row.defaults).storage_place == "Nairobi"


def test_another_organization_is_not_found_rather_than_forbidden(session: Session) -> None:
    row, stranger = make_organization(session), _focal_point(session, make_organization(session))
    attempts = (
        lambda: commands.edit_organization(session, stranger, row.id, DETAILS, NOW),
        lambda: commands.edit_defaults(session, stranger, row.id, Defaults(), NOW),
        lambda: commands.invite(session, stranger, row.id, "A", "a@example.org", [Role.FOCAL_POINT], NOW),
        lambda: commands.change_roles(session, stranger, row.id, 1, [Role.FOCAL_POINT], NOW),
        lambda: commands.remove_person(session, stranger, row.id, 1, NOW),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()


def test_a_colleague_without_the_role_may_look_but_not_invite(session: Session) -> None:
    row = make_organization(session)
    staff = acting(session, make_person(session, row, Role.PROJECT_STAFF))
    assert queries.people_of(session, row.id, staff)
    with pytest.raises(NotAllowed):
        commands.invite(session, staff, row.id, "Ada", "ada@example.org", [Role.PROJECT_STAFF], NOW)


def test_an_invitation_keeps_the_hash_of_its_token_and_nothing_else_of_it(session: Session) -> None:
    row = make_organization(session)
    invited = commands.invite(
        session, _focal_point(session, row), row.id, " Ada  Okafor ", "Ada@Example.ORG", [Role.PROJECT_STAFF], NOW
    )
    assert invited.invitation.token_hash == sha256_hex(invited.token.encode())
    assert (invited.invitation.name, invited.invitation.email) == ("Ada Okafor", "ada@example.org")
    assert invited.invitation.expires_at == NOW + timedelta(days=14)
    details = str(list(session.scalars(select(HistoryDetail.payload))))
    assert invited.token not in details
    assert [m.kind for m in session.scalars(select(OutboxMessage))].count("invitation.write") == 1


@pytest.mark.parametrize(
    ("name", "email", "roles", "field"),
    [
        ("", "a@example.org", [Role.PROJECT_STAFF], "name"),
        ("\u202e\x00", "a@example.org", [Role.PROJECT_STAFF], "name"),
        ("x" * 121, "a@example.org", [Role.PROJECT_STAFF], "name"),
        ("A", "", [Role.PROJECT_STAFF], "email"),
        ("A", "a@\ud800.org", [Role.PROJECT_STAFF], "email"),
        ("A", "a\x00@example.org", [Role.PROJECT_STAFF], "email"),
        ("A", "a@example.org\nBcc: b@example.org", [Role.PROJECT_STAFF], "email"),
        ("A", "a" * 300 + "@example.org", [Role.PROJECT_STAFF], "email"),
        ("A", "a@example.org", [], "roles"),
        ("A", "a@example.org", [Role.STEWARD], "roles"),
        ("A", "a@example.org", [Role.DIRECTOR], "roles"),
        ("A", "a@example.org", [Role.OPERATOR], "roles"),
    ],
)
def test_an_invitation_is_refused_with_the_answer_to_mend(
    session: Session, name: str, email: str, roles: list[Role], field: str
) -> None:
    row = make_organization(session, Kind.MEMBER)
    with pytest.raises(Invalid) as refused:
        commands.invite(session, _focal_point(session, row), row.id, name, email, roles, NOW)
    assert refused.value.field == field


def _invited(session: Session, row: Organization, email: str = "ada@example.org") -> commands.Invited:
    return commands.invite(session, _officer(session), row.id, "Ada Okafor", email, [Role.PROJECT_STAFF], NOW)


def test_a_new_person_accepts_once(session: Session) -> None:
    row = make_organization(session)
    invited = _invited(session, row)
    person = commands.accept_invitation(session, NOBODY, invited.token, "Ada O.", "hash", NOW)
    assert (person.name, person.email, person.password) == ("Ada O.", "ada@example.org", "hash")
    assert {h.role for h in queries.held_by(session, person.id)} == {Role.PROJECT_STAFF}
    with pytest.raises(WrongState, match="accepted already"):
        commands.accept_invitation(session, NOBODY, invited.token, "Eve", "hash", NOW)
    assert _events(session) == [Event.PERSON_INVITED, Event.INVITATION_ACCEPTED]


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\ud800", "\x00"])
def test_a_token_that_is_none_is_not_found(session: Session, token: str) -> None:
    _invited(session, make_organization(session))
    with pytest.raises(NotFound):
        commands.accept_invitation(session, NOBODY, token, "Eve", "hash", NOW)


def test_an_invitation_ends_after_fourteen_days(session: Session) -> None:
    invited = _invited(session, make_organization(session))
    with pytest.raises(WrongState, match="has ended"):
        commands.accept_invitation(session, NOBODY, invited.token, "Ada", "hash", NOW + timedelta(days=14))


def test_a_withdrawn_invitation_lets_nobody_in(session: Session) -> None:
    row = make_organization(session)
    invited = _invited(session, row)
    commands.withdraw_invitation(session, _focal_point(session, row), invited.invitation.id, NOW)
    with pytest.raises(WrongState, match="has ended"):
        commands.accept_invitation(session, NOBODY, invited.token, "Ada", "hash", NOW)
    with pytest.raises(WrongState):
        commands.resend_invitation(session, _focal_point(session, row), invited.invitation.id, NOW)


def test_sending_again_makes_a_new_link_and_ends_the_old_one(session: Session) -> None:
    row = make_organization(session)
    first = _invited(session, row)
    later = NOW + timedelta(days=20)
    second = commands.resend_invitation(session, _officer(session), first.invitation.id, later)
    with pytest.raises(NotFound):
        commands.accept_invitation(session, NOBODY, first.token, "Ada", "hash", later)
    assert commands.accept_invitation(session, NOBODY, second.token, "Ada", "hash", later).name == "Ada"


def test_somebody_known_accepts_only_when_signed_in_as_themselves(session: Session) -> None:
    row = make_organization(session)
    known = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    other = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    invited = _invited(session, row, known.email)
    for actor in (NOBODY, acting(session, other)):
        with pytest.raises(NotAllowed):
            commands.accept_invitation(session, actor, invited.token, "Eve", "hash", NOW)
    password = known.password
    assert commands.accept_invitation(session, acting(session, known), invited.token, "", None, NOW) is known
    assert known.password == password
    assert row.id in acting(session, known).organization_ids


def test_a_person_is_invited_once_at_a_time(session: Session) -> None:
    row = make_organization(session)
    _invited(session, row)
    with pytest.raises(Invalid, match="is open"):
        _invited(session, row)
    here = make_person(session, row, Role.PROJECT_STAFF)
    with pytest.raises(Invalid, match="already"):
        _invited(session, row, here.email.upper())


def test_changing_roles_ends_the_old_ones_and_begins_the_new(session: Session) -> None:
    row = make_organization(session)
    person = make_person(session, row, Role.PROJECT_STAFF, Role.SIGNATORY)
    commands.change_roles(
        session, _focal_point(session, row), row.id, person.id, [Role.SIGNATORY, Role.FOCAL_POINT], NOW
    )
    assert {h.role for h in queries.held_by(session, person.id)} == {Role.SIGNATORY, Role.FOCAL_POINT}
    assert _events(session) == [Event.ROLES_CHANGED]


def test_saving_the_same_roles_is_no_event(session: Session) -> None:
    row = make_organization(session)
    person = make_person(session, row, Role.SIGNATORY)
    commands.change_roles(session, _officer(session), row.id, person.id, [Role.SIGNATORY], NOW)
    assert _events(session) == []


def test_the_last_focal_point_can_neither_leave_nor_lose_the_role(session: Session) -> None:
    row = make_organization(session)
    only = make_person(session, row, Role.FOCAL_POINT)
    with pytest.raises(Invalid, match="the last one with this role"):
        commands.remove_person(session, _officer(session), row.id, only.id, NOW)
    with pytest.raises(Invalid, match="the last one with this role"):
        commands.change_roles(session, acting(session, only), row.id, only.id, [Role.SIGNATORY], NOW)
    make_person(session, row, Role.FOCAL_POINT)
    commands.remove_person(session, _officer(session), row.id, only.id, NOW)
    assert not queries.held_by(session, only.id)


def test_open_work_is_named_before_somebody_leaves(session: Session) -> None:
    row = make_organization(session)
    person = make_person(session, row, Role.PROJECT_STAFF)
    with pytest.raises(Invalid, match="PR-2026-0007"):
        commands.remove_person(session, _officer(session), row.id, person.id, NOW, ["PR-2026-0007 Bus lanes"])
    commands.remove_person(session, _officer(session), row.id, person.id, NOW)
    assert _events(session) == [Event.CARD_ENDED, Event.PERSON_REMOVED]


def test_leaving_the_last_organization_ends_every_session(session: Session) -> None:
    first, second = make_organization(session), make_organization(session)
    person = make_person(session, first, Role.PROJECT_STAFF)
    person2 = session.get_one(Person, person.id)
    commands.accept_invitation(
        session, acting(session, person), _invited(session, second, person.email).token, "", None, NOW
    )
    before = person2.fs_uniquifier
    commands.remove_person(session, _officer(session), first.id, person.id, NOW)
    assert person2.fs_uniquifier == before
    commands.remove_person(session, _officer(session), second.id, person.id, NOW)
    assert person2.fs_uniquifier != before


def test_the_invitations_of_somebody_who_leaves_end_with_them(session: Session) -> None:
    row = make_organization(session)
    make_person(session, row, Role.FOCAL_POINT)
    leaving = make_person(session, row, Role.FOCAL_POINT)
    invited = commands.invite(
        session, acting(session, leaving), row.id, "Ada", "ada@example.org", [Role.PROJECT_STAFF], NOW
    )
    commands.remove_person(session, _officer(session), row.id, leaving.id, NOW)
    session.expire_all()
    assert session.get_one(Invitation, invited.invitation.id).withdrawn_at == NOW


def test_an_officer_cannot_make_a_director(session: Session) -> None:
    secretariat = make_secretariat(session)
    officer, director = _officer(session), acting(session, make_person(session, secretariat, Role.DIRECTOR))
    with pytest.raises(NotAllowed):
        commands.invite(session, officer, secretariat.id, "Ada", "ada@example.org", [Role.DIRECTOR], NOW)
    with pytest.raises(NotAllowed):
        commands.change_roles(session, officer, secretariat.id, officer.person_id or 0, [Role.DIRECTOR], NOW)
    commands.invite(session, director, secretariat.id, "Ada", "ada@example.org", [Role.DIRECTOR], NOW)


def test_an_auditor_changes_nothing(session: Session) -> None:
    row = make_organization(session)
    auditor = acting(session, make_person(session, make_secretariat(session), Role.AUDITOR))
    assert queries.organization_seen_by(session, auditor, row.slug) is row
    with pytest.raises(NotAllowed):
        commands.invite(session, auditor, row.id, "Ada", "ada@example.org", [Role.PROJECT_STAFF], NOW)


def test_a_person_changes_the_own_name_only(session: Session) -> None:
    person = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    commands.edit_person(session, acting(session, person), "Ada\x00 Okafor", "Analyst")
    assert (person.name, person.job_title) == ("Ada Okafor", "Analyst")
    with pytest.raises(NotFound):
        commands.edit_person(session, NOBODY, "Eve", "")
    with pytest.raises(Invalid):
        commands.edit_person(session, acting(session, person), " ", "")
