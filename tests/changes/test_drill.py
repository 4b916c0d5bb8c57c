"""The drill says who would have to delete what by when, to those whose data it is, and changes nothing."""

import hashlib
from datetime import date, timedelta

from sqlalchemy import event, text, true
from sqlalchemy.orm import Session

from app.changes.commands import handing
from app.changes.queries.drill import Asked, choices, drill
from app.changes.queries.drill_lines import dropped_lines
from app.changes.wanted import Wanted
from app.duties.commands.winding_up import wind_up
from app.foundation.files import FileStore
from app.grants.commands import revoke, suspend
from app.grants.commands.letters import Press
from app.grants.models import Duty, Grant, GrantPerson
from app.rules.roles import Kind, Role
from app.rules.workflow import DutyState
from app.tables import Base
from tests.changes.test_handovers import in_force
from tests.factories.changes import LONGER, SOON, another_dataset, succeed
from tests.factories.grants import director_of
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client


def digest(session: Session) -> str:
    """Of every row of every table."""
    told = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        rows = session.execute(text(f'SELECT * FROM "{table.name}"')).all()
        told.update(repr((table.name, sorted(map(repr, rows)))).encode())
    return told.hexdigest()


def test_it_names_who_what_where_and_by_when(session: Session, active: Grant, cast: Cast) -> None:
    steward = acting(session, cast.stewards[active.data_partner_id])
    (line,) = drill(session, steward, Asked(dataset=cast.datasets[0].reference), SOON)
    assert line.number == active.number
    assert line.organization == cast.member.name
    assert line.people == ("Rosa Lindqvist",)
    assert line.kept == ("Our research server, encrypted", "CO")
    assert line.delete_by == SOON.date() + timedelta(days=30)
    assert line.certificate


def test_it_names_those_to_whom_data_was_handed_over(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    signatory = make_person(session, cast.member, Role.SIGNATORY, name="Helena Voss")
    in_force(session, store, press, cast, active, signatory)
    lines = drill(session, director_of(session, cast), Asked(member=cast.member.slug), SOON)
    assert [(line.is_handed_over, line.organization) for line in lines] == [
        (False, cast.member.name),
        (True, "Prado Transport Studies"),
    ]
    assert lines[1].kept == ("Encrypted laptop disk", "CO")


def test_what_an_ended_hand_over_gave_keeps_its_own_day_until_its_deletion_is_certified(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    signatory = make_person(session, cast.member, Role.SIGNATORY, name="Helena Voss")
    row = in_force(session, store, press, cast, active, signatory)
    steward = acting(session, cast.stewards[active.data_partner_id])
    handing.end(session, steward, row.number, "The study is over.", SOON)
    successor = succeed(session, store, press, cast, active, LONGER)
    wind_up(session, active.number, SOON)
    director, asked = director_of(session, cast), Asked(dataset=cast.datasets[0].reference)
    lines = drill(session, director, asked, SOON + timedelta(days=10))
    assert {line.number for line in lines} == {successor.number, row.number}
    (line,) = [each for each in lines if each.is_handed_over]
    assert (line.organization, line.kept) == ("Prado Transport Studies", ("Encrypted laptop disk", "CO"))
    assert (line.delete_by, line.days) == (SOON.date() + timedelta(days=30), 20)
    owed = session.query(Duty).where(Duty.grant_id == successor.id, Duty.kind == "delete", Duty.round > 1).one()
    owed.state, owed.done_at = DutyState.ACCEPTED, SOON
    session.flush()
    assert [each.number for each in drill(session, director, asked, SOON)] == [successor.number]


def test_it_changes_nothing(session: Session, active: Grant, cast: Cast) -> None:
    before = digest(session)
    director = director_of(session, cast)
    assert drill(session, director, Asked(version=active.agreement_version), SOON)
    choices(session, director)
    assert not session.dirty
    assert not session.new
    assert digest(session) == before


def test_another_data_partner_learns_nothing(session: Session, active: Grant, cast: Cast) -> None:
    other = make_organization(session, Kind.PARTNER, "Elsewhere")
    stranger = acting(session, make_person(session, other, Role.STEWARD))
    lead = acting(session, cast.lead)
    assert (
        drill(session, director_of(session, cast), Asked(dataset=cast.datasets[0].reference), SOON)[0].number
        == active.number
    )
    for actor in (stranger, lead):
        assert drill(session, actor, Asked(dataset=cast.datasets[0].reference), SOON) == []
        assert choices(session, actor).datasets == ()


def test_what_ended_already_keeps_its_day_and_what_is_certified_is_gone(
    session: Session, active: Grant, cast: Cast
) -> None:
    asked, director = Asked(dataset=cast.datasets[0].reference), director_of(session, cast)
    revoke(session, director, active.number, "The data was passed on.", SOON)
    later = SOON + timedelta(days=20)
    (line,) = drill(session, director, asked, later)
    assert (line.delete_by, line.days) == (SOON.date() + timedelta(days=30), 10)
    for duty in session.query(Duty).where(Duty.grant_id == active.id, Duty.kind == "delete"):
        duty.state, duty.done_at = DutyState.DONE, later
    session.flush()
    assert drill(session, director, asked, later) == []


def test_of_a_suspended_grant_the_days_begin_with_the_withdrawal(session: Session, active: Grant, cast: Cast) -> None:
    director = director_of(session, cast)
    suspend(session, director, active.number, "We look into it.", SOON)
    later = SOON + timedelta(days=45)
    (line,) = drill(session, director, Asked(member=cast.member.slug), later)
    assert line.delete_by == later.date() + timedelta(days=30)


def test_a_dataset_that_was_left_out_is_named_until_its_deletion_is_certified(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    more = another_dataset(session, active)
    second = succeed(session, store, press, cast, active, Wanted(add=(more.reference,)))
    third = succeed(session, store, press, cast, second, Wanted(drop=(more.reference,)))
    director, asked = director_of(session, cast), Asked(dataset=more.reference)
    (line,) = drill(session, director, asked, SOON + timedelta(days=10))
    assert line.number == third.number
    assert line.datasets == (f"{more.title}, {more.reference}",)
    assert (line.delete_by, line.days) == (SOON.date() + timedelta(days=30), 20)
    outsider = acting(session, make_person(session, make_organization(session, Kind.PARTNER), Role.STEWARD))
    assert drill(session, outsider, asked, SOON) == []
    owed = session.query(Duty).where(Duty.grant_id == third.id, Duty.kind == "delete", Duty.round > 1).one()
    owed.state, owed.done_at = DutyState.DONE, SOON
    session.flush()
    assert drill(session, director, asked, SOON) == []


def test_asking_for_nothing_answers_with_nothing(session: Session, active: Grant, cast: Cast) -> None:
    assert active.number
    assert drill(session, director_of(session, cast), Asked(), SOON) == []


def test_the_page_and_the_file_say_the_same(client: Client, granted: Grant, ready: Cast) -> None:
    client.sign_in_as(ready.stewards[granted.data_partner_id])
    address = f"/drill?dataset={ready.datasets[0].reference}"
    assert granted.number in text_of(client, address)
    csv = client.get(address.replace("/drill", "/drill.csv")).get_data(as_text=True)
    assert granted.number in csv
    assert (date(2026, 11, 23) + timedelta(days=30)).isoformat() in csv
    client.sign_in_as(ready.lead)
    assert client.get(address).status_code == 404


def test_what_was_left_out_takes_the_same_statements_however_long_the_chain_and_names_who_is_on_the_grant_now(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    def statements() -> int:
        session.flush()
        session.expire_all()
        ran: list[str] = []
        bind = session.get_bind()
        listen = lambda *args: ran.append(str(args[2]))  # noqa: E731
        event.listen(bind, "before_cursor_execute", listen)
        (line,) = dropped_lines(session, true(), "", SOON.date())
        event.remove(bind, "before_cursor_execute", listen)
        assert line.people == ("Rosa Lindqvist", "Ida Holm")
        return len(ran)

    more = another_dataset(session, active)
    grant = succeed(session, store, press, cast, active, Wanted(add=(more.reference,)))
    grant = succeed(session, store, press, cast, grant, Wanted(drop=(more.reference,)))
    session.add(GrantPerson(grant_id=grant.id, name="Ida Holm", email="ida@holm.example", added_at=SOON))
    assert statements() == 3
    succeed(session, store, press, cast, grant, LONGER)
    wind_up(session, grant.number, SOON)
    assert statements() == 3
