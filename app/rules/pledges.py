"""What a data partner can pledge to a data need."""

from enum import StrEnum

from app.foundation.words import N_


class PledgeKind(StrEnum):
    """What is pledged. It binds nobody: data still takes a proposal and a grant."""

    DATA = "data"
    INSIGHT = "insight"
    STAFF_TIME = "staff_time"


PLEDGE_KINDS: dict[PledgeKind, tuple[str, str]] = {
    PledgeKind.DATA: (N_("Data"), N_("A dataset that would answer it, listed or still to be listed.")),
    PledgeKind.INSIGHT: (N_("Insight"), N_("A figure, a report or a model made from the data; no data moves.")),
    PledgeKind.STAFF_TIME: (N_("Staff time"), N_("Somebody who knows the data and works on the question.")),
}
