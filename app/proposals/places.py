"""Places on a team as conditions in SQL: which of them let their person read and write."""

from sqlalchemy import ColumnElement, and_, false, or_

from app.proposals.models import Proposal, TeamMember
from app.rules.actors import Actor
from app.rules.workflow import MemberState


def works_as(actor: Actor) -> ColumnElement[bool]:
    """The places by which the actor works on a proposal, in a statement that joins `Proposal` to `TeamMember`.

    Who is of the proposing organization works on it once named; who is of another one, once they have accepted the terms.
    """
    if not actor.organization_ids:  # rights come from memberships alone (safety.md T9)
        return false()
    own = Proposal.organization_id.in_(actor.organization_ids)
    is_in = or_(TeamMember.state == MemberState.ACCEPTED, and_(own, TeamMember.state == MemberState.INVITED))
    return and_(TeamMember.person_id == actor.person_id, is_in)
