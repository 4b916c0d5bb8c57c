"""The one blueprint that the files beside it add their views to."""

from flask import Blueprint

blueprint = Blueprint("changes", __name__)
