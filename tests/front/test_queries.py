"""The numbers of the start page: of public things, the same for everyone, and none where there is nothing to count."""

from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.front.queries import start_page
from app.rules.roles import Kind
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState, ProposalState
from tests.factories.catalog import make_dataset
from tests.factories.organizations import make_organization
from tests.factories.proposals import NOW, make_cast, make_proposal


def test_an_empty_installation_has_nothing_to_show(session: Session) -> None:
    start = start_page(session)
    assert (start.datasets, start.grants, start.newest, start.partners, start.countries) == (0, 0, [], [], {})
    assert start.wait is None


def test_only_what_everyone_may_see_is_counted(session: Session) -> None:
    partner = make_organization(session, Kind.PARTNER, "Harbor Maps")
    hidden = make_organization(session, Kind.PARTNER, "Quiet Maps")
    make_dataset(session, partner, countries=["CO", "PE"])
    make_dataset(session, partner, countries=["CO"], state=ListingState.DRAFT, listed_at=None)
    make_dataset(session, hidden, countries=["CL"], visibility=Visibility.MEMBERS)
    start = start_page(session)
    assert start.datasets == 1
    assert start.countries == {"CO": 1, "PE": 1}
    assert [(row.name, row.datasets) for row in start.partners] == [("Harbor Maps", 1)]


def test_the_flow_tells_ended_from_under_way(session: Session) -> None:
    cast = make_cast(session)
    make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    make_proposal(session, ProposalState.NOT_TAKEN_UP, cast=cast)
    make_proposal(session, ProposalState.DRAFT, cast=cast)
    flow = start_page(session).flow
    assert (flow.sent, flow.granted, flow.ended_without, flow.under_way) == (2, 0, 1, 1)


def test_the_typical_wait_is_told_from_answers(session: Session) -> None:
    make_proposal(session, ProposalState.DECIDED, now=NOW)
    assert start_page(session).wait is None, "one proposal's two answers would tell of that proposal alone"
    make_proposal(session, ProposalState.DECIDED, now=NOW)
    wait = start_page(session).wait
    assert wait is not None
    assert wait.low <= wait.median <= wait.high
    assert wait.count >= 3


def test_the_page_takes_as_many_statements_with_much_as_with_little(session: Session) -> None:
    def statements() -> int:
        seen: list[str] = []
        connection = session.connection()

        def count(*arguments: object) -> None:
            seen.append(str(arguments[2]))

        event.listen(connection, "before_cursor_execute", count)
        session.expire_all()
        start_page(session)
        event.remove(connection, "before_cursor_execute", count)
        return len(seen)

    partner = make_organization(session, Kind.PARTNER)
    make_dataset(session, partner)
    few = statements()
    for day in range(5):
        make_dataset(session, make_organization(session, Kind.PARTNER), listed_at=NOW - timedelta(days=day))
    assert statements() == few
