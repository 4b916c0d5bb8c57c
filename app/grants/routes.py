"""Addresses of grants."""

from flask import Blueprint

blueprint = Blueprint("grants", __name__)
