"""One mail of an event about what a grant owes or gives: who gets it, and the sentences that all of them share."""

from dataclasses import dataclass

from app.foundation.words import N_
from app.reactions.promise_cases import To


@dataclass(frozen=True)
class Tell:
    """One mail of an event: its template, who gets it, and its sentences with gaps for the facts of the case.

    The subject of a reminder is what it reminds of: by when, or since when it is overdue, stands before it.
    """

    template: str
    to: To
    subject: str
    fact: str
    otherwise: str
    button: str
    # The fact where the data partner reads what was done, if that is another.
    to_read: str = ""
    # Whether the words that belong to it stand in the mail.
    quotes: bool = False


TO_ACT, REMINDER, TOLD, SAID = "promise_to_act", "promise_reminder", "promise_told", "promise_said"
INCIDENT = "incident_reported"
JOINS = N_("If nothing happens by then, %(next)s is asked too.")
HAS_JOINED = N_("%(joined)s is asked too.")
OVERDUE = N_("It has been overdue since %(day)s.")
OVERDUE_JOINED = N_("It has been overdue since %(day)s. %(joined)s is asked too.")
# To those who cannot do it, and see to it that somebody does: what it is, who is waited for, and the button.
FOLLOW_WHAT = N_("%(thing)s (%(reference)s)")
FOLLOW = N_("%(awaited)s of %(organization)s is to act by %(day)s, under “%(title)s”. Ask them what it takes.")
FOLLOW_OVERDUE = N_("%(awaited)s of %(organization)s was to act by %(day)s, under “%(title)s”. Ask them what it takes.")
FOLLOW_NOBODY = N_(
    "Nobody of %(organization)s can act on it now, under “%(title)s”: see that somebody is given the role."
)
FOLLOWED = N_("Everyone concerned sees that you follow it up.")
FOLLOW_BUTTON = N_("See how it stands")


def act(
    subject: str, fact: str, button: str, to: To = To.NEXT, otherwise: str = JOINS, *, quotes: bool = False
) -> Tell:
    return Tell(TO_ACT, to, subject, fact, otherwise, button, quotes=quotes)


def remind(subject: str, fact: str, button: str, to_read: str = "") -> Tell:
    return Tell(REMINDER, To.NEXT, subject, fact, JOINS, button, to_read)


def say(to: To, subject: str, fact: str, button: str, otherwise: str = "", *, quotes: bool = False) -> Tell:
    return Tell(TOLD, to, subject, fact, otherwise, button, quotes=quotes)
