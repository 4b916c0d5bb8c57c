"""Where an accession stands, as one sentence: who must act, by when, and what happens next. One row per state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.agreements.models import Accession
from app.foundation.words import N_
from app.rules.calendar import Progress
from app.rules.workflow import AccessionState

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
    AccessionState.DECLINED: Row(
        N_("<b>%(signatory)s</b> has declined to sign for %(organization)s."),
        N_("Nobody has to act. A signatory or the secretariat can take it up again."),
        "quiet",
    ),
    AccessionState.ENDED: Row(
        N_("Ended on <b>%(ended)s</b>."),
        N_("Grants issued under it run on as clause 19 says."),
        "quiet",
    ),
}
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
    }
    is_yours = bool(words.yours) and viewer_id is not None and row.signatory_id in (None, viewer_id)
    late = clock is not None and clock.is_over
    return Status(words.yours if is_yours else words.say, facts, words.sub, words.kind, clock, LATE if late else LEFT)
