"""Load per reviewer: what each person has open now, and what they answered in the last months, with how long it took."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.figures.queries.answers import Answer
from app.figures.queries.spread import Spread, spread
from app.figures.queries.stages import Run, Stage
from app.figures.scope import Scope, Side
from app.organizations.models import Membership, Organization, Person
from app.organizations.queries import secretariat
from app.proposals.models import Proposal
from app.proposals.open_waits import OpenWait
from app.proposals.queries.named import named_now, settle

DAYS = 90


@dataclass(frozen=True)
class Load:
    """One person: open and overdue now, answered lately, and the working days of those answers."""

    person_id: int
    name: str
    organization: str
    open: int
    overdue: int
    answered: int
    spread: Spread | None


# What reviewers do in the secretariat's name; the rest is the team's own, or measured from decisions.
_REVIEWED = frozenset({Stage.INTAKE, Stage.ETHICS, Stage.LEGAL, Stage.ISSUE, Stage.AFTERWARDS})
_Key = tuple[int, int]


def loads(session: Session, scope: Scope, found: Sequence[Answer], runs: Sequence[Run], now: datetime) -> list[Load]:
    """Everyone who is named or answered, the largest load first. A data partner sees its own people, a member its own."""
    waits, lately = _waits(session, scope, now), _lately(session, scope, found, runs, now - timedelta(days=DAYS))
    keys = dict.fromkeys([*waits, *lately])
    people, own = _people(session, {person for person, _organization in keys})
    rows: dict[_Key, tuple[int, int, list[int]]] = {}
    for person, organization in keys:
        # Who took over acts for the secretariat, not for the organization that was waited for.
        home = own.get(person, [organization])
        key = (person, organization if organization in home else home[0])
        opened, over, days = rows.get(key, (0, 0, []))
        more = waits.get((person, organization), (0, 0))
        rows[key] = (opened + more[0], over + more[1], [*days, *lately.get((person, organization), ())])
    organizations = _organizations(session, {organization for _person, organization in rows})
    told = [
        Load(person, people.get(person, ""), organizations.get(organization, ""), opened, over, len(days), spread(days))
        for (person, organization), (opened, over, days) in rows.items()
    ]
    return sorted(told, key=lambda row: (-row.open, -row.answered, row.name))


def _waits(session: Session, scope: Scope, now: datetime) -> dict[_Key, tuple[int, int]]:
    """How many are open and overdue, by who is named and the organization that is waited for."""
    settle(session)
    named = named_now(now)
    own = [] if scope.side is Side.ALL else [OpenWait.organization_id == scope.organization_id]
    statement = (
        select(named, OpenWait.organization_id, func.count(), func.sum(case((OpenWait.over_at <= now, 1), else_=0)))
        .join(Proposal, Proposal.id == OpenWait.proposal_id)
        .where(OpenWait.due_on.is_not(None), scope.proposals, *own)
        .group_by(named, OpenWait.organization_id)
    )
    found = session.execute(statement).all()
    return {(person, organization): (count, over) for person, organization, count, over in found if person is not None}


def _lately(
    session: Session, scope: Scope, found: Sequence[Answer], runs: Sequence[Run], since: datetime
) -> dict[_Key, list[int]]:
    """The working days of what was answered, by who did: decisions; in the whole of it the steps and votes of reviewers too."""
    lately: dict[_Key, list[int]] = defaultdict(list)
    if scope.side is Side.MEMBER:
        return lately
    for answer in found:
        if answer.decided_at > since:
            lately[answer.decided_by_id, answer.partner_id].append(answer.days)
    reviewed = [run for run in runs if run.ended_at > since and (run.is_vote or run.stage in _REVIEWED)]
    if scope.side is Side.ALL and reviewed:
        office = secretariat(session).id
        pids = {run.by for run in reviewed if run.by is not None}
        people = dict(session.execute(select(Person.pid, Person.id).where(Person.pid.in_(pids))).all())
        for run in reviewed:
            if run.by in people:
                lately[people[run.by], office].append(run.days)
    return lately


def _people(session: Session, ids: set[int]) -> tuple[dict[int, str], dict[int, list[int]]]:
    """What these people are called, and the organizations to which each belongs, the longest first."""
    belongs = (Membership.person_id == Person.id) & Membership.ended_at.is_(None)
    wanted = select(Person.id, Person.name, Membership.organization_id).outerjoin(Membership, belongs)
    names: dict[int, str] = {}
    own: dict[int, list[int]] = defaultdict(list)
    for person, name, organization in session.execute(
        wanted.where(Person.id.in_(ids)).order_by(Membership.since, Membership.id)
    ):
        names[person] = name
        if organization is not None:
            own[person].append(organization)
    return names, own


def _organizations(session: Session, ids: set[int]) -> dict[int, str]:
    return dict(session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(ids))).all())
