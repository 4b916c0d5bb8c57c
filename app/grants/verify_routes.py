"""Addresses of verify."""

from flask import Blueprint

blueprint = Blueprint("verify", __name__)
