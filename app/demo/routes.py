"""The demo's own addresses: one sign-in link per role, and the mailbox. They answer on loopback only."""

from flask import Blueprint, Flask

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


def init_demo(app: Flask) -> None:
    """Tell the app whether this installation holds the demo consortium."""
    app.config["IS_DEMO"] = False
