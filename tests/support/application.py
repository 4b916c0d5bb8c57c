"""`app`, `client`, `cli`: the real application on the transaction of `session`, so that both see the same rows.

End what the test wrote with `session.commit()` before a request (it closes a savepoint), and read afresh after it
with `session.expire_all()`. Nothing is switched off for tests: the client sends the CSRF token like a browser.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path
from time import time
from unittest import mock

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection, Engine
from werkzeug.test import TestResponse

import config
from app.organizations.models import Person
from app.web.caching import KEPT
from app.web.database import db
from tests.support import run
from tests.support.databases import worker_name

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Client(FlaskClient):
    """A browser without JavaScript: keeps cookies, and sends the tokens that each form carries with what it posts.

    It reads each answer to its end, also one that is written while it is sent; `buffered=False` leaves that to the test.
    """

    sends_token = True

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        method = str(kwargs.get("method", "GET"))
        if self.sends_token and method in UNSAFE and isinstance(kwargs.get("data", {}), dict) and "json" not in kwargs:
            data = kwargs.get("data") or {}
            assert isinstance(data, dict)
            tokens = {"csrf_token": self.csrf_token(), "idempotency_key": secrets.token_urlsafe(24)}
            kwargs["data"] = {**tokens, **data}
        kwargs.setdefault("buffered", True)
        return super().open(*args, **kwargs)  # type: ignore[arg-type]

    def sign_in_as(self, person: Person, authentication: str = "password+totp") -> None:
        """Continue as this person, as if just signed in; tests of signing in itself go through its pages."""
        with self.session_transaction() as cookie:
            cookie.update(_user_id=person.fs_uniquifier, _fresh=True, fs_paa=time(), authentication=authentication)

    def csrf_token(self) -> str:
        """The token that a form of this session would carry."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
        return str(URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token").dumps(raw))


@pytest.fixture(scope="session")
def settings(engine: Engine, request: pytest.FixtureRequest) -> config.Settings:
    """The settings of the application under test: a home of its own, secrets of its own, no mail server."""
    home = run.folder() / f"home-{worker_name(request.config)}-{engine.dialect.name}"  # `app` puts another in its place
    return config.read(
        {
            "ONEPACT_HOME": str(home),
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "SECRET_KEY": secrets.token_hex(32),
            "SEAL_PASSPHRASE": secrets.token_hex(32),
        }
    )


@pytest.fixture(scope="session")
def built_app(settings: config.Settings) -> Flask:
    """The application, built once per worker. Tests ask for `app`."""
    from app.factory import create_app  # here, so that a part that does not load leaves the others' tests running

    app = create_app(settings)
    app.testing = True
    app.test_client_class = Client
    return app


@pytest.fixture
def app(built_app: Flask, connection: Connection, tmp_path: Path) -> Iterator[Flask]:
    """The application, reading and writing in the transaction of this test, with a home of this test alone.

    Its sessions are bound to the test's connection instead of the engine, so that their commits end savepoints.
    """
    with built_app.app_context():
        engines, options = db.engines, db.sessionmaker.kw
    joined = {"bind": connection, "join_transaction_mode": "create_savepoint"}
    built_app.extensions["onepact_limiter"].reset()
    built_app.extensions[KEPT].clear()  # of another test, whose rows were rolled back
    with (
        mock.patch.dict(engines, {"default": connection}),
        mock.patch.dict(options, joined),
        mock.patch.dict(built_app.config, {"ONEPACT_HOME": tmp_path / "home"}),
    ):
        yield built_app


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor who is not signed in."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture
def cli(app: Flask) -> FlaskCliRunner:
    """Runs `flask …` commands on the data of this test: `cli.invoke(args=["doctor"])`."""
    return app.test_cli_runner()
