"""Judges what was found in a file against what was issued: a pure function, six checks, one of five verdicts."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.foundation.words import N_
from app.letters.inspect import Findings

# WeasyPrint's revision and the one that the seal appends.
EXPECTED_REVISIONS = 2


class Verdict(enum.StrEnum):
    """What a person may rely on. IN_FORCE is the only one that means: yes."""

    IN_FORCE = "in_force"
    NO_LONGER_IN_FORCE = "no_longer_in_force"
    ALTERED = "altered"
    NOT_ISSUED = "not_issued"
    UNVERIFIABLE = "unverifiable"


class CheckName(enum.StrEnum):
    """The six checks, in the order in which they are shown."""

    FILE = "file"
    SIGNATURE = "signature"
    CERTIFICATE = "certificate"
    COVERAGE = "coverage"
    NUMBER = "number"
    STATUS = "status"


@dataclass(frozen=True)
class Issued:
    """What the register knows of a number. `gives_right` is true while the grant is in force at this moment."""

    number: str
    gives_right: bool
    status: str
    since: datetime | None = None
    reason: str | None = None
    # The number of what took its place.
    successor: str | None = None
    # Its last day now, which may be earlier than the one in the letter.
    ends_on: date | None = None


@dataclass(frozen=True)
class Check:
    """One line of the answer; `passed` is None where it could not be checked."""

    name: CheckName
    passed: bool | None
    words: str


@dataclass(frozen=True)
class Judgment:
    """The answer to one file."""

    verdict: Verdict
    number: str | None
    checks: tuple[Check, ...]
    problem: str | None = None
    issued: Issued | None = None
    bytes_after_seal: int = 0

    @property
    def passed(self) -> int:
        """How many of the six checks hold."""
        return sum(check.passed is True for check in self.checks)


def judge(findings: Findings, by_file: Issued | None, by_number: Issued | None) -> Judgment:
    """The verdict on a file.

    `by_file` is what was issued with exactly these bytes, `by_number` what was issued under the number that the file names.
    """
    issued = by_file or by_number
    number = by_file.number if by_file else (by_number.number if by_number else None)
    return Judgment(
        verdict=_verdict(findings, by_file, by_number),
        number=number,
        checks=_checks(findings, by_file, by_number),
        problem=findings.problem,
        issued=issued,
        bytes_after_seal=findings.bytes_after_seal,
    )


def _verdict(findings: Findings, by_file: Issued | None, by_number: Issued | None) -> Verdict:
    if by_file is not None:
        return Verdict.IN_FORCE if by_file.gives_right else Verdict.NO_LONGER_IN_FORCE
    if by_number is not None or findings.bears_our_certificate:
        return Verdict.ALTERED
    return Verdict.UNVERIFIABLE if findings.problem else Verdict.NOT_ISSUED


def _checks(findings: Findings, by_file: Issued | None, by_number: Issued | None) -> tuple[Check, ...]:
    known = findings.problem is None
    issued = by_file or by_number
    return (
        _check(CheckName.FILE, by_file is not None),
        _check(CheckName.SIGNATURE, findings.is_intact if known else None),
        _check(CheckName.CERTIFICATE, findings.is_ours if known else None),
        _check(
            CheckName.COVERAGE,
            findings.covers_whole_file and findings.is_certified and findings.revisions == EXPECTED_REVISIONS
            if known
            else None,
        ),
        _check(CheckName.NUMBER, issued is not None if known or issued else None),
        _check(CheckName.STATUS, issued.gives_right if issued else None),
    )


def _check(name: CheckName, passed: bool | None) -> Check:
    return Check(name, passed, _WORDS[name][_OUTCOMES.index(passed)])


_OUTCOMES: Sequence[bool | None] = (True, False, None)
_WORDS = {
    CheckName.FILE: (
        N_("Every byte equals the letter we issued."),
        N_("The file differs from every letter we issued."),
        N_("The file was not compared."),
    ),
    CheckName.SIGNATURE: (
        N_("The seal is intact."),
        N_("There is no intact seal on the content."),
        N_("The seal could not be read."),
    ),
    CheckName.CERTIFICATE: (
        N_("The seal was set with a key of the consortium, valid at that time."),
        N_("The seal was not set with a key of the consortium."),
        N_("The certificate could not be read."),
    ),
    CheckName.COVERAGE: (
        N_("The seal covers the whole file, and nothing was added after it."),
        N_("The seal does not cover the whole file."),
        N_("What the seal covers could not be read."),
    ),
    CheckName.NUMBER: (
        N_("The number is in the register of grants."),
        N_("The file names no number from the register of grants."),
        N_("The number could not be read."),
    ),
    CheckName.STATUS: (
        N_("The grant is in force today."),
        N_("The grant is not in force today."),
        N_("There is no grant whose status could be looked up."),
    ),
}
