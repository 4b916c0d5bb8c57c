"""What the mails about outputs and incidents say: the act first, the fact, what follows, one button."""

from app.foundation.words import N_
from app.reactions.promise_cases import To
from app.reactions.promise_tells import INCIDENT, SAID, Tell, act, remind, say
from app.rules.events import Event as E
from app.rules.undoing import READ_AGAIN

_OUTPUT = N_("Read the output")
_ANSWER = N_("See what is asked for")
_INCIDENT = N_("Open the incident")

TELLS: dict[E, tuple[Tell, ...]] = {
    # output
    E.OUTPUT_SUBMITTED: (
        act(
            N_("Read by %(day)s: an output before publication (%(reference)s)"),
            N_("%(member)s wants to publish something made from your data, under %(number)s."),
            _OUTPUT,
            otherwise=N_("If you do not answer by then, the terms say what happens; mostly the secretariat tests it."),
        ),
    ),
    E.OUTPUT_RESUBMITTED: (
        act(
            N_("Read by %(day)s: the new version of an output (%(reference)s)"),
            N_("%(member)s has answered the changes that you asked for, under %(number)s."),
            _OUTPUT,
            quotes=True,
        ),
    ),
    E.OUTPUT_RETURNED: (
        act(
            N_("Change by %(day)s: an output of %(title)s (%(reference)s)"),
            N_(
                "%(actor)s asks for this before it is published. Change it, or answer at its place why not, by %(day)s."
            ),
            _ANSWER,
            quotes=True,
        ),
        say(
            To.REST_OF_TEAM,
            N_("Changes needed by %(day)s: an output of %(title)s (%(reference)s)"),
            N_("%(actor)s asks for this before it is published. %(awaited)s is to submit it again by %(day)s."),
            _ANSWER,
            quotes=True,
        ),
    ),
    E.OUTPUT_COMMENTED: (
        Tell(
            SAID,
            To.CONCERNED,
            N_("Said of an output of %(title)s (%(reference)s)"),
            N_("%(actor)s writes about an output under %(number)s:"),
            "",
            _OUTPUT,
            quotes=True,
        ),
    ),
    E.OUTPUT_WITHDRAWN: (
        say(
            To.CONCERNED,
            N_("Withdrawn: an output of %(title)s (%(reference)s)"),
            N_("%(actor)s of %(member)s has withdrawn it. Nobody has to read it any more. %(words)s"),
            _OUTPUT,
        ),
    ),
    E.OUTPUT_ANSWER_UNDONE: (
        say(To.CONCERNED, N_("Taken back: an output of %(title)s (%(reference)s)"), READ_AGAIN, _OUTPUT),
    ),
    E.OUTPUT_ESCALATED: (
        act(
            N_("Test by %(day)s: an output that nobody answered (%(reference)s)"),
            N_(
                "%(partner)s did not answer in time. Test the output for the three grounds, and clear it if none is there."
            ),
            _OUTPUT,
        ),
        say(
            To.MEMBER,
            N_("With the secretariat now: an output of %(title)s (%(reference)s)"),
            N_("%(partner)s did not answer in time. The secretariat tests it by %(day)s."),
            _OUTPUT,
        ),
    ),
    **dict.fromkeys(
        (E.OUTPUT_CLEARED, E.OUTPUT_CLEARED_BY_SILENCE, E.OUTPUT_CLEARED_AFTER_TEST),
        (
            say(
                To.MEMBER,
                N_("Cleared: an output of %(title)s (%(reference)s)"),
                N_("You may publish exactly the copy that was cleared. Record then where it is published."),
                _OUTPUT,
            ),
        ),
    ),
    E.OUTPUT_DELAYED: (
        say(
            To.MEMBER,
            N_("Publish it on %(day)s or later: an output of %(title)s (%(reference)s)"),
            N_("%(partner)s asks to wait with publication until %(day)s (clause 17.6). The page says why."),
            _OUTPUT,
        ),
    ),
    E.OUTPUT_PUBLISHED: (
        say(
            To.PARTNER,
            N_("Published: an output of %(title)s (%(reference)s)"),
            N_("%(member)s has published something made from your data. It stands in the public register."),
            _OUTPUT,
        ),
    ),
    E.OUTPUT_REMINDED: (
        remind(
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
    E.INCIDENT_ADDED_TO: (
        Tell(
            INCIDENT,
            To.CONCERNED,
            N_("More is known: incident %(reference)s"),
            N_("%(actor)s has added to what is known of the incident on %(number)s. The page says what."),
            "",
            _INCIDENT,
        ),
    ),
    E.INCIDENT_TOUCHES_PERSONAL_DATA: (
        Tell(
            INCIDENT,
            To.CONCERNED,
            N_("Personal data is touched: incident %(reference)s, take note anew"),
            N_(
                "%(actor)s says that the incident on %(number)s touches personal data after all. The page says what is known."
            ),
            N_("The agreement gives until %(noted_by)s to tell everyone who must know. Take note on the page."),
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
        remind(
            N_("the next step of incident %(reference)s"),
            N_("An incident on %(number)s waits for you. The page says what comes next."),
            _INCIDENT,
        ),
    ),
}
