"""Where an accession stands, as one sentence: who must act, by when, and what happens next. One row per state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.agreements.models import Accession
from app.foundation.words import N_
from app.rules.calendar import Progress
from app.rules.roles import Capacity
from app.rules.workflow import BINDS, AccessionState

Fact = str | date | datetime | None


@dataclass(frozen=True)
class Row:
    """The words for one state. The sentences' gaps are filled by `status_of`."""

    say: str
    sub: str
    kind: str
    yours: str = ""


@dataclass(frozen=True)
class Status:
    """What the top of the page says."""

    say: str
    facts: Mapping[str, Fact]
    sub: str
    kind: str
    clock: Progress | None
    number_words: str


ROWS: dict[AccessionState, Row] = {
    AccessionState.OPEN: Row(
        N_("<b>%(signatory)s</b> signs for %(organization)s by <b>%(due)s</b>."),
        N_("After the signature the secretariat checks and countersigns within five working days."),
        "time",
        yours=N_("<b>You</b> can sign for %(organization)s by <b>%(due)s</b>."),
    ),
    AccessionState.SIGNED: Row(
        N_("Signed on %(signed)s. The <b>secretariat</b> countersigns by <b>%(due)s</b>."),
        N_("It takes effect at countersignature; then a sealed copy is here for you."),
        "time",
    ),
    AccessionState.IN_FORCE: Row(
        N_("In force since <b>%(since)s</b>."),
        N_("It holds until you leave with 90 days' notice, and carries over to no new version by itself."),
        "ok",
    ),
    AccessionState.LEAVING: Row(
        N_("%(organization)s leaves on <b>%(leaves)s</b>."),
        N_("Notice was given. Until the day a signatory or the secretariat can withdraw it."),
        "time",
    ),
    AccessionState.DECLINED: Row(
        N_("<b>%(signatory)s</b> has declined to sign for %(organization)s."),
        N_("Nobody has to act. A signatory or the secretariat can take it up again."),
        "quiet",
    ),
    AccessionState.ENDED: Row(
        N_("Ended on <b>%(ended)s</b>."),
        N_(
            "When a member leaves, its grants end; when a data partner does, they run on for twelve months at most (19.7, 19.8)."
        ),
        "quiet",
    ),
}
# What the end of an accession means for the grants and listings of that side, unless another one binds it still
# (clauses 19.7, 19.8, 20.1).
AFTER_END: dict[Capacity, str] = {
    Capacity.MEMBER: N_(
        "Its proposals on their way and its running grants end with that, and the data is deleted within 30 days (19.8, 20.1)."
    ),
    Capacity.DATA_PARTNER: N_(
        "Its listings are withdrawn, and open proposals go on without them; its grants run on, for twelve months at most (19.7)."
    ),
}
# What a notice of leaving means, at once and on the day (clauses 19.7, 19.8, 20.1).
AFTER_NOTICE: dict[Capacity, str] = {
    Capacity.MEMBER: N_(
        "Until then everything goes on. On that day its proposals on their way and its running grants end; "
        "the data is deleted within 30 days (19.8, 20.1)."
    ),
    Capacity.DATA_PARTNER: N_(
        "Its listings are withdrawn, and nothing is granted anew on them. "
        "Its running grants go on, for twelve months after that day at most (19.7)."
    ),
}
STILL_BOUND = N_("Its accession to another version is in force, so its grants run on.")
# Why an organization cannot list or propose; gaps: organization, people.
HAS_LEFT = N_(
    "%(organization)s has left the common agreement. To list or propose again it joins anew; %(people)s can begin with that."
)
MISSING: dict[AccessionState, str] = {
    AccessionState.LEAVING: N_(
        "%(organization)s has given notice of leaving the common agreement, so nothing new is listed or granted. "
        "Its signatory (%(people)s) can withdraw the notice."
    ),
    AccessionState.SIGNED: N_(
        "%(organization)s has signed the common agreement. The secretariat (%(people)s) countersigns next."
    ),
    AccessionState.DECLINED: N_(
        "%(organization)s has declined to sign the common agreement. Its signatory (%(people)s) can take it up again."
    ),
}
STATE_NAMES: dict[AccessionState, str] = {
    AccessionState.OPEN: N_("To be signed"),
    AccessionState.SIGNED: N_("To be countersigned"),
    AccessionState.IN_FORCE: N_("In force"),
    AccessionState.LEAVING: N_("Leaving"),
    AccessionState.DECLINED: N_("Declined"),
    AccessionState.ENDED: N_("Ended"),
}
STATE_TONES: dict[AccessionState, str] = {
    AccessionState.OPEN: "yellow",
    AccessionState.SIGNED: "yellow",
    AccessionState.IN_FORCE: "green",
    AccessionState.LEAVING: "yellow",
    AccessionState.DECLINED: "red",
    AccessionState.ENDED: "grey",
}
# What evidence.add_step wrote, for a reader; handing over names the person and is shown as it was written.
STEP_NAMES: dict[str, str] = {
    "opened": N_("Opened"),
    "authority confirmed": N_("Authority confirmed"),
    "code sent by mail": N_("Code sent by mail"),
    "wrong code entered": N_("Wrong code entered"),
    "code entered": N_("Code entered"),
    "left to finish later": N_("Left to finish later"),
    "signed": N_("Signed"),
    "declined": N_("Declined"),
    "taken up again": N_("Taken up again"),
    "countersigned": N_("Countersigned"),
    "recorded from paper": N_("Recorded from paper"),
    "sealed": N_("Document sealed"),
    "notice given": N_("Notice of leaving given"),
    "notice recorded": N_("Notice of leaving recorded from paper"),
    "notice withdrawn": N_("Notice of leaving withdrawn"),
    "left": N_("Left"),
    "ended": N_("Ended"),
}
_WAITED_FOR = frozenset({AccessionState.OPEN, AccessionState.SIGNED, *BINDS})
LEFT = N_("working days left")
LATE = N_("working days late")


def status_of(row: Accession, clock: Progress | None, viewer_id: int | None) -> Status:
    """The sentence for an accession, said to whoever looks."""
    words = ROWS[row.state]
    asked = row.signatory.name if row.signatory else N_("An authorized signatory")
    facts: dict[str, Fact] = {
        "organization": row.organization.name,
        "signatory": asked,
        "due": clock.due if clock else None,
        "signed": row.signed_at,
        "since": row.countersigned_at,
        "ended": row.ended_at,
        "leaves": row.leaves_on,
    }
    is_yours = bool(words.yours) and viewer_id is not None and row.signatory_id in (None, viewer_id)
    late = clock is not None and clock.is_over
    return Status(words.yours if is_yours else words.say, facts, words.sub, words.kind, clock, LATE if late else LEFT)


def way_of(row: Accession) -> list[tuple[str, datetime | None, str]]:
    """The steps from opening to the sealed document: title, moment, and done, now or nothing."""
    moments = (
        (N_("Opened"), row.opened_at),
        (N_("Signature"), row.countersigned_at if row.on_paper else row.signed_at),
        (N_("Countersignature"), row.countersigned_at),
        (
            N_("Sealed document") if not row.on_paper else N_("Scan kept"),
            row.document.stored_at if row.document else None,
        ),
    )
    marks = ["done" if moment else "" for _, moment in moments]
    if "" in marks and row.state in _WAITED_FOR:
        marks[marks.index("")] = "now"
    return [(title, moment, mark) for (title, moment), mark in zip(moments, marks, strict=True)]
