"""Addresses of catalog."""

from flask import Blueprint

blueprint = Blueprint("catalog", __name__)
