"""What a signatory declares, what a countersignatory has checked, and the words in which both are kept as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.foundation.hashing import content_hash
from app.foundation.words import N_


class Power(StrEnum):
    """Where the power to sign comes from (clause 10.4)."""

    STATUTE = "statute"
    RESOLUTION = "resolution"
    DELEGATION = "delegation"
    TREATY = "treaty"
    LAW = "law"


POWERS: dict[Power, str] = {
    Power.STATUTE: N_("Articles or statutes of the organization"),
    Power.RESOLUTION: N_("Resolution of its board or owners"),
    Power.DELEGATION: N_("Written delegation or power of attorney"),
    Power.TREATY: N_("Treaty or other instrument that established it"),
    Power.LAW: N_("Law or decree"),
}


@dataclass(frozen=True)
class Statement:
    """One sentence that is ticked; `is_required` ones are all needed to sign."""

    code: str
    sentence: str
    is_required: bool = True


# Gaps: organization, title, version. Elements after clause 10.4 and 10.5.
STATEMENTS: tuple[Statement, ...] = (
    Statement("authority", N_("I may bind %(organization)s, as its %(title)s.")),
    Statement("read", N_("I have read version %(version)s of the agreement, whose hash is shown here.")),
    Statement("approvals", N_("No other approval is pending inside %(organization)s.")),
    Statement("facts", N_("What is stated here about %(organization)s is true.")),
    Statement(
        "electronic", N_("%(organization)s agrees to sign electronically, and to the record kept here as evidence.")
    ),
    Statement("loss", N_("The secretariat is told without delay when my power to sign ends.")),
    Statement("for_organization", N_("I sign for %(organization)s, not for myself.")),
    Statement(
        "immunity",
        N_("%(organization)s enjoys immunities: it acts within its constituent instrument and waives none of them."),
        is_required=False,
    ),
)

# What the secretariat makes sure of before it countersigns (clause 10.3).
CHECKS: tuple[Statement, ...] = (
    Statement("exists", N_("%(organization)s exists under this name, shown by a register, law or treaty.")),
    Statement("eligible", N_("It may join in this capacity (10.1).")),
    Statement("sanctions", N_("It is not on a sanctions list that counts (10.3).")),
    Statement("authority", N_("The signatory's power to sign was checked (10.4).")),
    Statement("board", N_("The board was informed, and nobody objected with reasons (10.3).")),
)

REQUIRED_STATEMENTS = frozenset(statement.code for statement in STATEMENTS if statement.is_required)
REQUIRED_CHECKS = frozenset(check.code for check in CHECKS)


def worded(table: Sequence[Statement], codes: Sequence[str], **gaps: str) -> list[str]:
    """The ticked sentences in English, gaps filled, in the order of the table: this is what evidence keeps."""
    return [statement.sentence % gaps for statement in table if statement.code in codes]


def words_hash(sentences: Sequence[str]) -> str:
    """SHA-256 of the ticked sentences."""
    return content_hash(list(sentences))
