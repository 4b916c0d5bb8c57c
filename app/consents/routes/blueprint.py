"""The blueprint that the pages of standing consents register on."""

from flask import Blueprint

blueprint = Blueprint("consents", __name__, url_prefix="/desk/consents")
