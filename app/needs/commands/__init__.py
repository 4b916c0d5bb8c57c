"""Posting, answering and ending data needs; needing the same, and pledging to one."""

from app.needs.commands.acting import acts_on
from app.needs.commands.leaving import end_needs_of, take_back_pledges_of
from app.needs.commands.pledging import Pledged, leave, pledge, support, take_back
from app.needs.commands.posting import Asked, answer, end, post

__all__ = [
    "Asked", "Pledged", "acts_on", "answer", "end", "end_needs_of", "leave", "pledge", "post", "support", "take_back",
    "take_back_pledges_of",
]  # fmt: skip
