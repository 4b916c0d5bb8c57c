"""What each kind of duty asks for, who answers, and when somebody is reminded."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.foundation.words import N_
from app.rules.calendar import DEPUTY_JOINS_AT, SECRETARIAT_JOINS_AT
from app.rules.workflow.states import GrantState

# Grants whose duties bind: every one that was ever in force.
BINDING = frozenset(GrantState) - {GrantState.AWAITING_SIGNATURE, GrantState.REPLACED}
# Grants that have ended, so that the data goes; and those that another one carries on.
ENDED = frozenset({GrantState.EXPIRED, GrantState.REVOKED, GrantState.CLOSING, GrantState.CLOSED})
CARRIED_ON = frozenset({GrantState.REPLACED})
# The first deletion of a grant is that of all its data, after its end; later ones are of datasets that it left out on its way.
DELETED_AT_THE_END = 1


class DutyKind(StrEnum):
    """The kinds of duty that a grant carries; a consortium's own ones are done like a statement."""

    REPORT = "report"
    STATEMENT = "statement"
    CLEAR_OUTPUT = "clear_output"
    ATTRIBUTE = "attribute"
    DELETE = "delete"


@dataclass(frozen=True)
class HowDone:
    """How a kind of duty is done: the words of its button and hint, and whether its own form or plain evidence does it."""

    button: str
    hint: str
    comes_again: bool = False
    has_own_form: bool = False
    # Holds at every output: it has no day of its own while the grant runs, and is settled when the grant has ended.
    is_standing: bool = False


HOW_DONE: dict[DutyKind, HowDone] = {
    DutyKind.REPORT: HowDone(
        N_("Write the report"), N_("Five minutes, mostly filled in."), comes_again=True, has_own_form=True
    ),
    DutyKind.STATEMENT: HowDone(
        N_("Give the statement"),
        N_("State that the terms are kept, and say where records can be seen."),
        comes_again=True,
    ),
    DutyKind.CLEAR_OUTPUT: HowDone(
        N_("Submit an output"),
        N_("Each output is submitted before it is published; what was cleared is listed with the grant."),
        is_standing=True,
    ),
    DutyKind.ATTRIBUTE: HowDone(
        N_("Show the credit"), N_("Say where the data partner is named as the source."), is_standing=True
    ),
    DutyKind.DELETE: HowDone(
        N_("Certify the deletion"),
        N_("Who deleted what, how, where and when, signed with your name."),
        has_own_form=True,
    ),
}
_OTHER = HowDone(N_("Say that it is done"), N_("Say what was done, and where it can be seen."))


def how_done(kind: str) -> HowDone:
    """How a kind of duty is done."""
    return HOW_DONE[DutyKind(kind)] if kind in set(DutyKind) else _OTHER


# What stands with a duty that nobody owes any more, as the use ended before its day; a waiver has the data partner's own words.
FELL_AWAY = N_("The use ended before its day, so it is not owed any more.")
# Days before the day on which a duty is due (after it: negative) on which the lead is reminded.
REMIND_DAYS_BEFORE = (14, 7, 1, -1, -10)
# Whom a reminder asks besides, as the share of a wait does that has so far to go: the focal point joins on the day after, the
# secretariat ten days after.
SHARE_OF_REMINDER = {-1: DEPUTY_JOINS_AT, -10: SECRETARIAT_JOINS_AT}


def share_used(left: int) -> int:
    """How far a duty has come, with so many days left until its day (after it: negative), as the share of a wait does."""
    return max((share for days, share in SHARE_OF_REMINDER.items() if left <= days), default=0)


# A member may not begin new things from this many days after a duty's day.
RESTRICTED_AFTER_DAYS = 1


def reminder_due(due_on: date, today: date, last: int | None) -> int | None:
    """The reminder that should go out today: the latest step whose day has come and that did not go out yet."""
    left = (due_on - today).days
    reached = [step for step in REMIND_DAYS_BEFORE if left <= step]
    if not reached:
        return None
    step = min(reached)
    return step if last is None or step < last else None


class DeletionMethod(StrEnum):
    """How data was deleted: NIST SP 800-88 Rev. 1 speaks of clear, purge and destroy, and of erasing keys."""

    OVERWRITTEN = "overwritten"
    PURGED = "purged"
    KEYS_ERASED = "keys_erased"
    DESTROYED = "destroyed"
    ACCESS_ENDED = "access_ended"


DELETION_METHODS: dict[DeletionMethod, str] = {
    DeletionMethod.OVERWRITTEN: N_("Files and tables deleted and overwritten"),
    DeletionMethod.PURGED: N_("Storage purged by the device's or provider's own command"),
    DeletionMethod.KEYS_ERASED: N_("Encrypted, and every key erased"),
    DeletionMethod.DESTROYED: N_("Storage medium destroyed"),
    DeletionMethod.ACCESS_ENDED: N_("No copy was ever held: access, accounts and saved results were removed"),
}

# What a certificate of deletion says of copies that are kept, by the agreement's levels (clause 20.3); part of what is signed.
KEPT_WORDS = {
    "none": "Nothing is kept.",
    "legal": "One sealed copy is kept because the law or the rules on archives require it (clause 20.3):",
    "integrity": "One sealed copy is kept to defend the integrity of a published result (clause 20.3):",
}
# What the table of files calls the sealed document of a certificate.
CERTIFICATE_FILE = "deletion"
