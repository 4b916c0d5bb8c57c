"""The one blueprint of organizations, on which each file of this folder puts its addresses."""

from flask import Blueprint

blueprint = Blueprint("organizations", __name__)
