"""What the mails about duties, deliveries, outputs and incidents say: the act first, the fact, what follows, one button."""

from app.foundation.words import N_
from app.reactions import output_words
from app.reactions.promise_cases import To
from app.reactions.promise_tells import Tell, act, remind, say
from app.rules.events import Event as E

_DUTY = N_("Open the duty")
_ACCESS = N_("See how to get the data")

TELLS: dict[E, tuple[Tell, ...]] = {
    # delivery
    E.DELIVERY_BEGUN: (
        act(
            N_("Provide access by %(day)s: %(title)s (%(number)s)"),
            N_("The grant %(number)s is sealed. %(member)s waits for the data of “%(title)s”."),
            N_("Provide access"),
        ),
    ),
    E.ACCESS_PROVIDED: (
        say(
            To.TEAM,
            N_("Your access is ready: %(title)s (%(number)s)"),
            N_("%(partner)s has provided access under %(number)s. Say by %(day)s whether the data arrived."),
            _ACCESS,
        ),
    ),
    E.DELIVERY_CARRIED_ON: (
        say(
            To.TEAM,
            N_("Your access goes on: %(title)s (%(number)s)"),
            N_("The grant %(number)s follows the one before, and the access that you have goes on under it."),
            _ACCESS,
        ),
    ),
    E.DATA_ARRIVED: (
        say(
            To.PARTNER,
            N_("Arrived: %(title)s (%(number)s)"),
            N_("%(actor)s says that the data arrived. You need not do anything."),
            _ACCESS,
        ),
    ),
    E.DATA_MISSING: (
        act(
            N_("Mend by %(day)s: something is missing, %(title)s (%(number)s)"),
            N_("%(actor)s says that the data did not arrive, or no longer works: %(words)s"),
            N_("See what is missing"),
        ),
    ),
    E.SWITCH_OFF_ASKED: (
        act(
            N_("Switch access off by %(day)s: %(title)s (%(number)s)"),
            N_("The grant gives no right now. Switch off what you opened for %(member)s, and confirm it there."),
            N_("Switch it off and confirm"),
        ),
    ),
    E.ACCESS_SWITCHED_OFF: (
        say(
            To.TEAM,
            N_("Access switched off: %(title)s (%(number)s)"),
            N_("%(actor)s says that access under %(number)s is switched off. You need not do anything for it."),
            _ACCESS,
        ),
    ),
    E.ACCESS_ASKED_AGAIN: (
        act(
            N_("Switch access on again by %(day)s: %(title)s (%(number)s)"),
            N_("The suspension of %(number)s is lifted, and access is switched off. %(member)s waits for the data."),
            N_("Provide access"),
        ),
    ),
    E.ACCESS_KEPT: (
        say(
            To.PARTNER,
            N_("Access goes on: %(title)s (%(number)s)"),
            N_("The suspension was lifted before anybody had confirmed that access is off. It goes on as it was."),
            _ACCESS,
        ),
        say(
            To.TEAM,
            N_("Your access goes on: %(title)s (%(number)s)"),
            N_("The suspension of %(number)s is lifted. Say by %(day)s whether the access still works."),
            _ACCESS,
        ),
    ),
    E.DELIVERY_REMINDED: (
        remind(
            N_("access to the data, %(title)s (%(number)s)"),
            N_("Somebody waits for you: %(thing)s under %(number)s."),
            _ACCESS,
        ),
    ),
    # duty
    E.DUTY_DATED: (
        act(
            N_("Delete and certify by %(day)s: %(title)s (%(number)s)"),
            N_("The grant %(number)s has ended, and with it the right to use the data."),
            _DUTY,
            To.MEMBER,
        ),
    ),
    E.DUTY_DONE: (
        act(
            N_("Read by %(day)s: %(thing)s (%(number)s)"),
            N_("%(actor)s of %(member)s has done this: %(thing)s. Accept it, or send it back with words."),
            _DUTY,
        ),
    ),
    E.EVIDENCE_ADDED: (
        say(
            To.READER,
            N_("Added to what you read: %(thing)s (%(number)s)"),
            N_("%(actor)s of %(member)s has added to what shows this: %(thing)s. You read it by %(day)s."),
            _DUTY,
        ),
    ),
    E.DUTY_ACCEPTED: (
        say(
            To.TEAM,
            N_("Accepted: %(thing)s (%(number)s)"),
            N_("%(partner)s has accepted what you did: %(thing)s. %(words)s"),
            _DUTY,
        ),
    ),
    E.DUTY_RETURNED: (
        act(
            N_("Mend by %(day)s: %(thing)s (%(number)s)"),
            N_("%(partner)s has sent this back: %(thing)s. %(words)s"),
            _DUTY,
        ),
    ),
    E.DUTY_WAIVED: (
        say(
            To.TEAM,
            N_("Waived: %(thing)s (%(number)s)"),
            N_("%(partner)s has waived this: %(thing)s. %(words)s"),
            _DUTY,
        ),
    ),
    E.DUTY_REMINDED: (
        remind(
            N_("%(thing)s (%(number)s)"),
            N_(
                "%(thing)s, for “%(title)s”. An overdue duty keeps a member from sending proposals and from renewing grants."
            ),
            _DUTY,
            N_("%(member)s has done this: %(thing)s. It waits to be read, and accepted or sent back with words."),
        ),
    ),
    **output_words.TELLS,
}
