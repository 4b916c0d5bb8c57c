"""The one blueprint of the catalog; the modules beside this one add their addresses to it."""

from flask import Blueprint

blueprint = Blueprint("catalog", __name__)
