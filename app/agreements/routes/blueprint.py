"""The one blueprint of this part."""

from flask import Blueprint, request
from flask.blueprints import BlueprintSetupState

from app.agreements import library
from app.agreements.evidence import Trace

blueprint = Blueprint("agreements", __name__)
_LONGEST_AGENT = 300


@blueprint.record_once
def verify(_state: BlueprintSetupState) -> None:
    """Read and verify every published version when the program starts, so that none can fail later."""
    library.versions()


def trace() -> Trace:
    """From where this request comes, for the evidence of signing."""
    return Trace(request.remote_addr or "", request.user_agent.string[:_LONGEST_AGENT])
