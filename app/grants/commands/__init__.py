"""Everything that changes a grant."""

from app.grants.commands.issuing import issue, prepare
from app.grants.commands.leaving import end_with_member, run_on_without_partner
from app.grants.commands.lifecycle import ask_to_close, expire_due, lift_suspension, revoke, suspend
from app.grants.commands.sealing import activate

__all__ = [
    "activate", "ask_to_close", "end_with_member", "expire_due", "issue", "lift_suspension", "prepare", "revoke",
    "run_on_without_partner", "suspend",
]  # fmt: skip
