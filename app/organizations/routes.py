"""Addresses of organizations and their people."""

from flask import Blueprint

blueprint = Blueprint("organizations", __name__)
