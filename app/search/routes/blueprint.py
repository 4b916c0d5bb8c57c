"""The one blueprint of searching; the modules beside this one add their addresses to it."""

from flask import Blueprint

blueprint = Blueprint("search", __name__)
