"""What holds for listings beyond their states: whom a visibility admits, and which states are open to what."""

from app.foundation.words import N_
from app.rules.roles import Kind
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState as L

# Whom a listing's visibility admits by the kind of their organization; None is everybody. Its own people and the
# secretariat know of it anyway, and organizations that are named are admitted one by one.
ADMITTED_KINDS: dict[Visibility, frozenset[Kind] | None] = {
    Visibility.PUBLIC: None,
    Visibility.MEMBERS: frozenset({Kind.MEMBER, Kind.BOTH}),
    Visibility.NAMED: frozenset(),
}

# Found by searching, and open to proposals.
OFFERED = frozenset({L.LISTED})

# A preview shows what comes of it: that it is open. One that is paused or withdrawn is shown as it is.
BECOMES_OFFERED = OFFERED | {L.DRAFT, L.IN_CHECK}

# Programs are told of these that no use can be proposed; of one that is gone for good also by its code in the EU's tables of
# states of datasets and of files, and search engines that they keep it no longer. One that is paused comes back.
CLOSED: dict[L, str] = {
    L.PAUSED: N_("Paused: no new use can be proposed for now."),
    L.WITHDRAWN: N_("Withdrawn: no new use can be proposed."),
}
EU_STATUS: dict[L, str] = {L.WITHDRAWN: "WITHDRAWN"}
UNINDEXED = frozenset({L.WITHDRAWN})

# Those who use the data are told of a new release while it is listed, or only paused.
TAKES_NOTICE = frozenset({L.LISTED, L.PAUSED})

# Somebody else reads it or rests on it: a change may not take a required answer away.
KEEPS_COMPLETE = frozenset({L.IN_CHECK, L.LISTED, L.PAUSED})

# What a person reads as the state of a listing, and the tone of its tag.
STATE_TAGS: dict[L, tuple[str, str]] = {
    L.DRAFT: (N_("Draft"), "grey"),
    L.IN_CHECK: (N_("In check"), "yellow"),
    L.LISTED: (N_("Listed"), "green"),
    L.PAUSED: (N_("Paused"), "yellow"),
    L.WITHDRAWN: (N_("Withdrawn"), "grey"),
}

# Which of its shapes the page of a listing takes.
PAGE_SHAPES: dict[L, str] = {
    L.DRAFT: "writing",
    L.IN_CHECK: "waiting",
    L.LISTED: "offered",
    L.PAUSED: "resting",
    L.WITHDRAWN: "gone",
}
