"""Addresses of agreements."""

from flask import Blueprint

blueprint = Blueprint("agreements", __name__)
