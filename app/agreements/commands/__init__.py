"""Everything that changes an accession: opened, signed with a one-time code, declined, countersigned, left, ended."""

from app.agreements.commands.codes import CodeAnswer, enter_code, send_code
from app.agreements.commands.countersigning import countersign, end_accession, record_on_paper
from app.agreements.commands.leaving import give_notice, record_notice, withdraw_notice
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
    "give_notice",
    "hand_over",
    "keep_document",
    "open_accession",
    "record_notice",
    "record_on_paper",
    "reopen",
    "send_code",
    "sign",
    "withdraw_notice",
]
