"""The one blueprint of proposals; the modules beside this one add their addresses to it."""

from flask import Blueprint

blueprint = Blueprint("proposals", __name__, url_prefix="/proposals")
