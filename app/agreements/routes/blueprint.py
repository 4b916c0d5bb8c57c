"""The one blueprint of this part."""

from flask import Blueprint, request

from app.agreements.evidence import Trace

blueprint = Blueprint("agreements", __name__)
_LONGEST_AGENT = 300


def trace() -> Trace:
    """From where this request comes, for the evidence of signing."""
    return Trace(request.remote_addr or "", request.user_agent.string[:_LONGEST_AGENT])
