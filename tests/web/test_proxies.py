"""Who asks, behind a web server of ours: its word is taken only where the operator says that it stands there."""

from pathlib import Path

import pytest
from flask import Flask, request

import config
from app.web.requests import init_requests


def _seen(tmp_path: Path, proxies: str) -> str:
    app = Flask(__name__)
    app.config.from_mapping(config.read({"ONEPACT_HOME": str(tmp_path), "TRUSTED_PROXIES": proxies}))
    init_requests(app)
    app.add_url_rule("/who", view_func=lambda: str(request.remote_addr))
    headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    return app.test_client().get("/who", headers=headers).get_data(as_text=True)


@pytest.mark.parametrize(("proxies", "seen"), [("0", "127.0.0.1"), ("1", "198.51.100.7"), ("2", "203.0.113.9")])
def test_only_trusted_proxies_say_who_asks(tmp_path: Path, proxies: str, seen: str) -> None:
    assert _seen(tmp_path, proxies) == seen
