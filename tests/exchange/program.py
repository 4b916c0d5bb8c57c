"""A program that imports catalogs with a steward's token."""

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.foundation import clock
from app.organizations.commands.tokens import make_token
from app.organizations.models import Person
from app.rules.tokens import Scope
from tests.factories.organizations import acting
from tests.support.application import Client

PATH = "/api/v1/catalog/imports"


class Program:
    """A program that holds a token of a steward and keeps no cookies."""

    def __init__(self, app: Flask, session: Session, owner: Person, scope: Scope = Scope.CATALOG_IMPORT) -> None:
        self.app, self.session, self.owner = app, session, owner
        client = app.test_client(use_cookies=False)
        assert isinstance(client, Client)
        client.sends_token = False
        self.client = client
        self.token, self.secret = make_token(session, acting(session, owner), "Test", {scope}, 30, clock.now())
        session.commit()

    def sends(self, data: bytes, query: str = "", **headers: str) -> TestResponse:
        return self.client.post(PATH + query, data=data, headers=self._headers(headers))

    def reads(self, path: str) -> TestResponse:
        return self.client.get(path, headers=self._headers({}))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.secret}", **named}
