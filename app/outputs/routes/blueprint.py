"""The blueprint of outputs."""

from flask import Blueprint

blueprint = Blueprint("outputs", __name__)
