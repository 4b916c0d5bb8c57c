"""The one blueprint of exchange; the modules beside this one add their addresses to it."""

from flask import Blueprint

blueprint = Blueprint("exchange", __name__)
