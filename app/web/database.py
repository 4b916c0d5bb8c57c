"""The session of a request. flask-sqlalchemy-lite opens it, and closes it when the request ends."""

from inspect import iscoroutinefunction

from flask import Flask, request
from flask_sqlalchemy_lite import SQLAlchemy

from app.foundation.database import begin_writing, engine_options, prepare_engine

db = SQLAlchemy(session_options={"expire_on_commit": False})

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_database(app: Flask, url: str) -> None:
    """Bind the engine of `url` to the app, and begin each unsafe request as a writing transaction."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": url, **engine_options(url)}}
    db.init_app(app)
    # What would close asynchronous sessions, of which there are none, costs a thread at the end of each request.
    kept = [function for function in app.teardown_appcontext_funcs if not iscoroutinefunction(function)]
    app.teardown_appcontext_funcs[:] = kept
    with app.app_context():
        prepare_engine(db.engine)

    @app.before_request
    def begin() -> None:
        if request.method not in SAFE_METHODS:
            begin_writing(db.session)
