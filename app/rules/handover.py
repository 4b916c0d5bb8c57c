"""To whom a member may hand data over: categories of clause 11.2, as far as the terms of each dataset name them."""

from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_


class RecipientKind(StrEnum):
    """Codes of the agreement's vocabulary of persons."""

    CONSULTANT = "consultant"
    CLIENT_GOVERNMENT = "client_gov"


@dataclass(frozen=True)
class Recipient:
    """What a kind of recipient is called, and the clause that admits it."""

    name: str
    clause: str


RECIPIENTS: dict[RecipientKind, Recipient] = {
    RecipientKind.CONSULTANT: Recipient(N_("A consultant who works under your direction"), "11.2"),
    RecipientKind.CLIENT_GOVERNMENT: Recipient(N_("A client government that you work for"), "11.4"),
}

STATEMENTS: tuple[str, ...] = (
    N_("I may bind the organization that is named above."),
    N_("We keep to the grant's terms, delete the data when it ends, and say so in writing."),
)
# Of a code by mail: minutes it holds, tries, and codes within an hour.
CODE_MINUTES, CODE_TRIES, CODES_PER_HOUR = 10, 5, 6
