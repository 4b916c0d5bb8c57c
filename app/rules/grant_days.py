"""Where a grant stands, by its state and its days: an active one has not begun, is in force, or is over."""

from dataclasses import dataclass

from app.rules.workflow.states import GrantState

NOT_YET = "not_yet"


@dataclass(frozen=True)
class Stands:
    """A state, and whether its first day has come and its last one has passed; None where that makes no difference."""

    state: GrantState
    has_begun: bool | None = None
    is_over: bool | None = None


# What each status means, under the names that pages and programs use: the state's own, and one of a grant that has not begun.
STATUSES: dict[str, tuple[Stands, ...]] = {
    NOT_YET: (Stands(GrantState.ACTIVE, has_begun=False),),
    **{state.value: (Stands(state),) for state in GrantState},
    GrantState.ACTIVE.value: (Stands(GrantState.ACTIVE, has_begun=True, is_over=False),),
    GrantState.EXPIRED.value: (Stands(GrantState.EXPIRED), Stands(GrantState.ACTIVE, is_over=True)),
}
