"""How what a grant gives reaches the member: one path for each access mode, in steps that say who acts.

The modes and their six types: the collaborative types of GovLab's canvas; where no data moves, the result itself is delivered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_
from app.rules.vocabulary import AccessMode as M
from app.rules.workflow.states import GrantState

# Access is prepared and opened while the grant is in this state; its days are asked besides, at each request.
MAY_PROVIDE = frozenset({GrantState.ACTIVE})
# In these nothing may stay open: for a while, or for good. A grant that was replaced hands its access on.
SWITCHES_OFF = frozenset({GrantState.SUSPENDED, GrantState.EXPIRED, GrantState.REVOKED, GrantState.CLOSING})
# From these no right comes back: a secret that nobody saw is erased.
OVER = frozenset(GrantState) - {GrantState.AWAITING_SIGNATURE, GrantState.ACTIVE, GrantState.SUSPENDED}


class Side(StrEnum):
    """Who acts in a step."""

    PARTNER = "partner"
    MEMBER = "member"


class Until(StrEnum):
    """What has happened once a step is done."""

    PROVIDED = "provided"
    SEEN = "seen"
    ARRIVED = "arrived"
    # What is open on the data partner's side is switched off, once the grant gives no right any more.
    OFF = "off"


@dataclass(frozen=True)
class Step:
    """One step of a path: who does what, and what shows that it is done."""

    by: Side
    words: str
    until: Until


@dataclass(frozen=True)
class Path:
    """How one access mode is delivered.

    `may_hold_secret`: a key or password goes to one named person. `delivers_result`: a file or address of a result, not data.
    """

    question: str
    instructions: str
    steps: tuple[Step, ...]
    may_hold_secret: bool = True
    delivers_result: bool = False


_ARRIVED = N_("Did the data arrive?")
_WORKS = N_("Does the access work?")
_TAKEN_DOWN = N_(
    "A file that is kept here is shown to nobody any more; what has an address, the data partner takes down."
)


def _partner(words: str) -> Step:
    return Step(Side.PARTNER, words, Until.PROVIDED)


def _key(words: str) -> Step:
    return Step(Side.MEMBER, words, Until.SEEN)


def _arrives(words: str) -> Step:
    return Step(Side.MEMBER, words, Until.ARRIVED)


def _off(words: str) -> Step:
    return Step(Side.PARTNER, words, Until.OFF)


PATHS: dict[M, Path] = {
    M.OPEN_API: Path(
        _WORKS,
        N_("The address of the interface, its documentation, and its limits."),
        (
            _partner(N_("The data partner opens the interface for the member and makes a key.")),
            _key(N_("The named person takes the key, which is shown once.")),
            _arrives(N_("The team makes a first request and says that it works.")),
            _off(N_("The data partner closes the interface for the member and revokes the key.")),
        ),
    ),
    M.DASHBOARD: Path(
        _WORKS,
        N_("The address of the dashboard, and how to sign in."),
        (
            _partner(N_("The data partner makes an account on the dashboard.")),
            _key(N_("The named person takes the first password, which is shown once.")),
            _arrives(N_("The team opens the dashboard and says that it works.")),
            _off(N_("The data partner closes the account on the dashboard.")),
        ),
    ),
    M.BROKERED_COPY: Path(
        _ARRIVED,
        N_("Where the broker hands out the copy, and how its files are called."),
        (
            _partner(N_("The data partner hands the copy to the broker, who makes it ready for the member.")),
            _key(N_("The named person takes the key to the copy, which is shown once.")),
            _arrives(N_("The team fetches the copy, compares it with its list of files, and says that it arrived.")),
            _off(N_("The data partner has the broker take the copy down, and its key is revoked.")),
        ),
    ),
    M.QUERY_SERVICE: Path(
        _WORKS,
        N_("The address of the service, what may be asked, and how answers are checked."),
        (
            _partner(N_("The data partner opens the query service for the team.")),
            _key(N_("The named person takes the key, which is shown once.")),
            _arrives(N_("The team sends a first query and says that an answer came.")),
            _off(N_("The data partner closes the query service for the team and revokes the key.")),
        ),
    ),
    M.POOLED_STORE: Path(
        _WORKS,
        N_("Where the pooled store is, which part of it may be read, and by which account."),
        (
            _partner(N_("The data partner gives the team the right to read its part of the pool.")),
            _key(N_("The named person takes the key, which is shown once.")),
            _arrives(N_("The team reads the store and says that it works.")),
            _off(N_("The data partner takes back the right to read its part of the pool.")),
        ),
    ),
    M.SECURE_TRANSFER: Path(
        _ARRIVED,
        N_("The address of the transfer, the list of files, and their checksums."),
        (
            _partner(N_("The data partner encrypts the files and puts them up for transfer.")),
            _key(N_("The named person takes the password to the files, which is shown once.")),
            _arrives(N_("The team fetches the files, compares the checksums, and says that they arrived.")),
            _off(N_("The data partner takes the files down from the transfer, and the account for it.")),
        ),
    ),
    M.ENCLAVE: Path(
        _WORKS,
        N_("How to reach the enclave, which tools are there, and how results are exported."),
        (
            _partner(N_("The data partner opens a workspace in the enclave; the data stays inside.")),
            _key(N_("The named person takes the first password, which is shown once.")),
            _arrives(N_("The team enters the workspace and says that it works.")),
            _off(N_("The data partner closes the workspace in the enclave.")),
        ),
    ),
    M.FELLOWSHIP: Path(
        N_("Has the fellowship begun?"),
        N_("Where and when the fellow begins, who receives them, and what they may use."),
        (
            _partner(N_("The data partner names the host, the place and the first day.")),
            _arrives(N_("The fellow begins, and the team says so.")),
            _off(N_("The data partner ends the fellow's access to its systems.")),
        ),
        may_hold_secret=False,
    ),
    M.CHALLENGE_EXTRACT: Path(
        _ARRIVED,
        N_("Where the extract is, the rules of the challenge, and its last day."),
        (
            _partner(N_("The data partner cuts the extract and puts it up for those who take part.")),
            _key(N_("The named person takes the password to the extract, which is shown once.")),
            _arrives(N_("The team fetches the extract and says that it arrived.")),
            _off(N_("The data partner takes the extract down.")),
        ),
    ),
    M.REPORT: Path(
        N_("Did the report arrive?"),
        N_("What the report answers, and how it was made."),
        (
            _partner(N_("The data partner works out the report on its own side; no data moves.")),
            _arrives(N_("The team reads the report and says that it arrived.")),
            _off(_TAKEN_DOWN),
        ),
        may_hold_secret=False,
        delivers_result=True,
    ),
    M.INDICATOR_OR_MODEL: Path(
        N_("Did the indicator or model arrive?"),
        N_("What it measures or predicts, how it was made, and how good it is."),
        (
            _partner(N_("The data partner makes the indicator or model on its own side; no data moves.")),
            _arrives(N_("The team opens it and says that it arrived.")),
            _off(_TAKEN_DOWN),
        ),
        may_hold_secret=False,
        delivers_result=True,
    ),
    M.SYNTHETIC_DATA: Path(
        N_("Did the synthetic data arrive?"),
        N_("How the synthetic data was made, and which properties it keeps."),
        (
            _partner(N_("The data partner makes synthetic data; no data of persons moves.")),
            _arrives(N_("The team fetches it, compares the totals, and says that it arrived.")),
            _off(_TAKEN_DOWN),
        ),
        may_hold_secret=False,
        delivers_result=True,
    ),
}


def path_of(mode: str) -> Path:
    """The path of an access mode; of a mode that no table knows, the one of a secure transfer."""
    return PATHS.get(M(mode), PATHS[M.SECURE_TRANSFER]) if mode in set(M) else PATHS[M.SECURE_TRANSFER]


def stays_open(path: Path, *, has_address: bool) -> bool:
    """Whether something stays open on the data partner's side, once it was provided, until the data partner switches it off.

    A result that is kept here as a file ends by itself: it is shown to nobody who has no right.
    """
    return has_address or not path.delivers_result


def joined(paths: Sequence[Path]) -> Path:
    """One path for a grant whose datasets come in several ways: what any of them needs, and one question for all of it."""
    if len(paths) == 1:
        return paths[0]
    return Path(
        N_("Did all of it arrive, and does it work?"),
        N_("How the team gets at each dataset, one after the other."),
        tuple(step for path in paths for step in path.steps),
        may_hold_secret=any(path.may_hold_secret for path in paths),
        delivers_result=any(path.delivers_result for path in paths),
    )
