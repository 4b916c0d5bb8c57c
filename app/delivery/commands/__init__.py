"""Everything that changes a delivery."""

from app.delivery.commands.providing import (
    Provided,
    begin,
    confirm,
    forget_secrets,
    provide,
    report_missing,
    see_secret,
)
from app.delivery.commands.reminding import remind_due
from app.delivery.commands.switching import follow_grant, follow_grants, switch_off

__all__ = [
    "Provided", "begin", "confirm", "follow_grant", "follow_grants", "forget_secrets", "provide", "remind_due",
    "report_missing", "see_secret", "switch_off",
]  # fmt: skip
