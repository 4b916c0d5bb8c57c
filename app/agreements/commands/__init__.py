"""Everything that changes an accession: opened, signed with a one-time code, handed over, declined, countersigned, ended."""

from app.agreements.commands.codes import CodeAnswer, enter_code, send_code
from app.agreements.commands.countersigning import countersign, end_accession, record_on_paper
from app.agreements.commands.opening import decline, hand_over, open_accession, reopen
from app.agreements.commands.sealing import keep_document
from app.agreements.commands.signing import confirm_authority, finish_later, sign

__all__ = [
    "CodeAnswer",
    "confirm_authority",
    "countersign",
    "decline",
    "end_accession",
    "enter_code",
    "finish_later",
    "hand_over",
    "keep_document",
    "open_accession",
    "record_on_paper",
    "reopen",
    "send_code",
    "sign",
]
