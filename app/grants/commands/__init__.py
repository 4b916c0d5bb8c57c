"""Everything that changes a grant."""

from app.grants.commands.issuing import issue, prepare
from app.grants.commands.lifecycle import close, expire_due, lift_suspension, revoke, suspend
from app.grants.commands.sealing import activate

__all__ = ["activate", "close", "expire_due", "issue", "lift_suspension", "prepare", "revoke", "suspend"]
