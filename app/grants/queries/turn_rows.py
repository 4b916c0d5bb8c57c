"""One wait on a grant as a row of the inbox: to do, to follow up, with a colleague, or waited for."""

from dataclasses import dataclass

from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.queries.turns import Turn
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Progress
from app.rules.tasks import Group, Row, mine

_FOLLOW_UP = (N_("Follow up with %(name)s"), N_("See how it stands"))


@dataclass(frozen=True)
class Way:
    """What is to be done and its button, what a colleague does, what the project lead waits for, and where.

    Without words for them, it does not stand in the inbox of those.
    """

    sentence: str
    button: str
    theirs: str
    awaited: str
    endpoint: str


def row_of_turn(
    grant: Grant,
    turn: Turn,
    viewer: Actor,
    way: Way,
    values: tuple[tuple[str, str], ...],
    take: tuple[str, str] | None = None,
    other: str = "",
    facts: tuple[tuple[str, str], ...] = (),
    awaits: bool = False,
) -> Row | None:
    """The row of one viewer; None for whom it does not concern. `grant` has its parties and its proposal.

    Those whose turn it is do it, or follow it up where they cannot. A colleague who could do it too sees who is named, and may
    take it (`take`). The project lead waits, and who else `awaits` it. `values` lead to the page, the reference first. `other` is
    who else it is about, where that is not a party of the grant; `facts` fill the gaps of the sentences besides the name.
    """
    is_asked, is_colleague = turn.is_asked(viewer.person_id), turn.is_colleague(viewer.person_id)
    leads = grant.proposal.lead_id == viewer.person_id and grant.member_id in viewer.organization_ids
    says = way.sentence if is_asked else way.awaited if leads or awaits else way.theirs if is_colleague else ""
    if not says:
        return None
    done_by = turn.acts.name if turn.acts else turn.organization
    sentence, button = (way.sentence, way.button) if turn.could_act(viewer.person_id) else _FOLLOW_UP
    about = other or (grant.data_partner.name if leads else grant.member.name)
    return Row(
        group=mine(turn.clock.is_over) if is_asked else Group.OTHERS,
        sentence=sentence if is_asked else says,
        facts=(("name", done_by), *facts),
        lines=(f"{grant.title} · {values[0][1]}", about),
        initials=initials_of(about) if is_asked else initials_of(done_by),
        tone="b" if is_asked else "c",
        endpoint=way.endpoint,
        values=values,
        button=button if is_asked else "",
        due=turn.clock.due,
        clock=turn.clock if isinstance(turn.clock, Progress) else None,
        take=take if is_colleague and not is_asked else None,
    )
