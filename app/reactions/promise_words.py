"""What the mails about duties, deliveries, outputs and incidents say: the act first, the fact, what follows, one button."""

from dataclasses import dataclass

from app.foundation.words import N_
from app.reactions.promise_cases import To
from app.rules.events import Event as E


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


TO_ACT, REMINDER, TOLD = "promise_to_act", "promise_reminder", "promise_told"
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
_DUTY = N_("Open the duty")
_ACCESS = N_("See how to get the data")
_OUTPUT = N_("Read the output")
_INCIDENT = N_("Open the incident")


def _act(subject: str, fact: str, button: str, to: To = To.NEXT, otherwise: str = JOINS) -> Tell:
    return Tell(TO_ACT, to, subject, fact, otherwise, button)


def _remind(subject: str, fact: str, button: str, to_read: str = "") -> Tell:
    return Tell(REMINDER, To.NEXT, subject, fact, JOINS, button, to_read)


def _say(to: To, subject: str, fact: str, button: str, otherwise: str = "") -> Tell:
    return Tell(TOLD, to, subject, fact, otherwise, button)


TELLS: dict[E, tuple[Tell, ...]] = {
    # delivery
    E.DELIVERY_BEGUN: (
        _act(
            N_("Provide access by %(day)s: %(title)s (%(number)s)"),
            N_("The grant %(number)s is sealed. %(member)s waits for the data of “%(title)s”."),
            N_("Provide access"),
        ),
    ),
    E.ACCESS_PROVIDED: (
        _say(
            To.TEAM,
            N_("Your access is ready: %(title)s (%(number)s)"),
            N_("%(partner)s has provided access under %(number)s. Say by %(day)s whether the data arrived."),
            _ACCESS,
        ),
    ),
    E.DATA_ARRIVED: (
        _say(
            To.PARTNER,
            N_("Arrived: %(title)s (%(number)s)"),
            N_("%(actor)s says that the data arrived. You need not do anything."),
            _ACCESS,
        ),
    ),
    E.DATA_MISSING: (
        _act(
            N_("Mend by %(day)s: something is missing, %(title)s (%(number)s)"),
            N_("%(actor)s says that the data did not arrive, or no longer works. The page says what is missing."),
            N_("See what is missing"),
        ),
    ),
    E.DELIVERY_REMINDED: (
        _remind(
            N_("access to the data, %(title)s (%(number)s)"),
            N_("Somebody waits for you: %(thing)s under %(number)s."),
            _ACCESS,
        ),
    ),
    # duty
    E.DUTY_DATED: (
        _act(
            N_("Delete and certify by %(day)s: %(title)s (%(number)s)"),
            N_("The grant %(number)s has ended, and with it the right to use the data."),
            _DUTY,
            To.MEMBER,
        ),
    ),
    E.DUTY_DONE: (
        _act(
            N_("Read by %(day)s: %(thing)s (%(number)s)"),
            N_("%(actor)s of %(member)s has done this: %(thing)s. Accept it, or send it back with words."),
            _DUTY,
        ),
    ),
    E.DUTY_ACCEPTED: (
        _say(
            To.TEAM,
            N_("Accepted: %(thing)s (%(number)s)"),
            N_("%(partner)s has accepted what you did: %(thing)s. %(words)s"),
            _DUTY,
        ),
    ),
    E.DUTY_RETURNED: (
        _act(
            N_("Mend by %(day)s: %(thing)s (%(number)s)"),
            N_("%(partner)s has sent this back: %(thing)s. %(words)s"),
            _DUTY,
        ),
    ),
    E.DUTY_WAIVED: (
        _say(
            To.TEAM,
            N_("Waived: %(thing)s (%(number)s)"),
            N_("%(partner)s has waived this: %(thing)s. %(words)s"),
            _DUTY,
        ),
    ),
    E.DUTY_REMINDED: (
        _remind(
            N_("%(thing)s (%(number)s)"),
            N_(
                "%(thing)s, for “%(title)s”. An overdue duty keeps a member from sending proposals and from renewing grants."
            ),
            _DUTY,
            N_("%(member)s has done this: %(thing)s. It waits to be read, and accepted or sent back with words."),
        ),
    ),
    # output
    E.OUTPUT_SUBMITTED: (
        _act(
            N_("Read by %(day)s: an output before publication (%(reference)s)"),
            N_("%(member)s wants to publish something made from your data, under %(number)s."),
            _OUTPUT,
            otherwise=N_("If you do not answer by then, the terms say what happens; mostly the secretariat tests it."),
        ),
    ),
    E.OUTPUT_RESUBMITTED: (
        _act(
            N_("Read by %(day)s: the new version of an output (%(reference)s)"),
            N_("%(member)s has answered the changes that you asked for, under %(number)s."),
            _OUTPUT,
        ),
    ),
    E.OUTPUT_RETURNED: (
        _act(
            N_("Changes needed: an output of %(title)s (%(reference)s)"),
            N_(
                "%(actor)s asks for a change before it is published. The page names the passage and what would mend it."
            ),
            _OUTPUT,
        ),
    ),
    E.OUTPUT_ESCALATED: (
        _act(
            N_("Test by %(day)s: an output that nobody answered (%(reference)s)"),
            N_(
                "%(partner)s did not answer in time. Test the output for the three grounds, and clear it if none is there."
            ),
            _OUTPUT,
        ),
        _say(
            To.MEMBER,
            N_("With the secretariat now: an output of %(title)s (%(reference)s)"),
            N_("%(partner)s did not answer in time. The secretariat tests it by %(day)s."),
            _OUTPUT,
        ),
    ),
    **dict.fromkeys(
        (E.OUTPUT_CLEARED, E.OUTPUT_CLEARED_BY_SILENCE, E.OUTPUT_CLEARED_AFTER_TEST),
        (
            _say(
                To.MEMBER,
                N_("Cleared: an output of %(title)s (%(reference)s)"),
                N_("You may publish exactly the copy that was cleared. Record then where it is published."),
                _OUTPUT,
            ),
        ),
    ),
    E.OUTPUT_DELAYED: (
        _say(
            To.MEMBER,
            N_("Publish it on %(day)s or later: an output of %(title)s (%(reference)s)"),
            N_("%(partner)s asks to wait with publication until %(day)s (clause 17.6). The page says why."),
            _OUTPUT,
        ),
    ),
    E.OUTPUT_PUBLISHED: (
        _say(
            To.PARTNER,
            N_("Published: an output of %(title)s (%(reference)s)"),
            N_("%(member)s has published something made from your data. It stands in the public register."),
            _OUTPUT,
        ),
    ),
    E.OUTPUT_REMINDED: (
        _remind(
            N_("an output of %(title)s (%(reference)s)"),
            N_("An output waits for you: it is to be answered by %(day)s."),
            _OUTPUT,
        ),
    ),
    # incident
    E.INCIDENT_OPENED: (
        Tell(
            INCIDENT,
            To.CONCERNED,
            N_("Incident reported on %(number)s (%(reference)s): take note now"),
            N_("%(actor)s has reported an incident with data of %(number)s. The page says what is known."),
            N_("The full report is due by %(day)s. Suspending the grant is one step there."),
            _INCIDENT,
        ),
    ),
    E.INCIDENT_REPORTED_IN_FULL: (
        Tell(
            INCIDENT,
            To.CONCERNED,
            N_("Full report given: incident %(reference)s"),
            N_("%(actor)s has given the full report. The data partner or the secretariat closes it by %(day)s."),
            "",
            _INCIDENT,
        ),
    ),
    E.INCIDENT_CLOSED: (
        Tell(
            INCIDENT,
            To.CONCERNED,
            N_("Closed: incident %(reference)s"),
            N_("%(actor)s has closed the incident. The page says what was done."),
            "",
            _INCIDENT,
        ),
    ),
    E.INCIDENT_REMINDED: (
        _remind(
            N_("the next step of incident %(reference)s"),
            N_("An incident on %(number)s waits for you. The page says what comes next."),
            _INCIDENT,
        ),
    ),
}
