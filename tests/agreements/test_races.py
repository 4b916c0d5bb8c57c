"""What happens when several people do the same at once, on the database that lets them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.agreements import commands
from app.agreements.evidence import Typed
from app.agreements.models import Accession
from app.agreements.statements import REQUIRED_STATEMENTS
from app.foundation.database import make_engine
from app.foundation.errors import DomainError
from app.history.models import HistoryEvent
from app.rules.actors import SYSTEM
from app.rules.roles import Kind
from app.rules.workflow import AccessionState
from tests.factories.agreements import TRACE, Signing
from tests.factories.organizations import NOW
from tests.support.databases import DatabaseMaker

AT_ONCE = 8


def at_once(url: str, act: Callable[[Session], None]) -> list[str]:
    """The same act in several transactions that begin together; what each answered."""
    engine, barrier = make_engine(url), Barrier(AT_ONCE)

    def one(_: int) -> str:
        with Session(engine) as session:
            barrier.wait()
            try:
                act(session)
                session.commit()
            except (DomainError, StaleDataError) as error:
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(one, range(AT_ONCE)))
    engine.dispose()
    return answers


def test_opened_by_many_at_once_there_is_one_accession(make_database: DatabaseMaker) -> None:
    url = make_database("postgresql")
    engine = make_engine(url)
    with Session(engine) as session:
        case = Signing(session, Kind.MEMBER)
        organization_id, capacity = case.organization.id, case.capacity
        session.commit()

    def begin(session: Session) -> None:
        commands.open_accession(session, SYSTEM, organization_id, capacity, NOW)

    answers = at_once(url, begin)
    assert answers == ["done"] * AT_ONCE
    with Session(engine) as session:
        assert len(session.scalars(select(Accession)).all()) == 1
    engine.dispose()


def test_sent_by_many_at_once_it_is_signed_once(make_database: DatabaseMaker) -> None:
    url = make_database("postgresql")
    engine = make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        case = Signing(session).confirmed()
        moment = NOW + timedelta(minutes=1)
        code = case.code()
        reference, actor, shown = case.accession.reference, case.actor, case.shown
        typed = Typed(case.signatory.name, tuple(REQUIRED_STATEMENTS))
        session.commit()

    def sign(session: Session) -> None:
        commands.enter_code(session, actor, reference, code, "s" * 40, TRACE, moment)
        commands.sign(session, actor, reference, typed, shown, TRACE, moment)

    answers = at_once(url, sign)
    assert sorted(set(answers)) == ["WrongState", "done"]
    assert answers.count("done") == 1
    with Session(engine) as session:
        signed = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "accession.signed")).all()
        assert len(signed) == 1
    engine.dispose()


def test_who_gives_notice_locks_every_accession_of_the_side_in_one_order(make_database: DatabaseMaker) -> None:
    engine = make_engine(make_database("postgresql"))
    locked: list[int] = []

    def note(*given: Any) -> None:
        if "FOR UPDATE" in given[2]:
            locked.append(given[1].rowcount)

    with Session(engine) as session:
        case = Signing(session, Kind.MEMBER).in_force()
        row = case.accession
        other = Accession(
            reference="AC-OTHER", organization_id=row.organization_id, capacity=row.capacity,
            agreement_version="2025-1", agreement_hash=row.agreement_hash, state=AccessionState.IN_FORCE,
            opened_at=NOW, countersigned_at=NOW, on_paper=True, evidence={},
        )  # fmt: skip
        session.add(other)
        session.flush()
        event.listen(engine, "after_cursor_execute", note)
        day = NOW.date() + timedelta(days=200)
        commands.give_notice(session, case.actor, row.reference, day, "", TRACE, NOW + timedelta(days=2))
    assert locked[0] == 2, "both, before either of them is acted on"
    engine.dispose()
