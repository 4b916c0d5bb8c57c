"""Whole real catalogs against the shapes of DCAT-AP. Run by `make test-slow`: minutes, where the sample takes seconds."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.exchange.exports.documents import catalog_turtle
from tests.exchange.test_exports import SITE
from tests.exchange.test_shapes import REAL, assert_valid, brought_in
from tests.factories.catalog import LISTED_AT


@pytest.mark.parametrize("file", REAL)
def test_a_whole_real_catalog_goes_out_as_valid_dcat_ap(session: Session, shared_data: Path, file: str) -> None:
    if session.get_bind().dialect.name == "postgresql":  # which ends what waits longer than checking takes
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    rows = brought_in(session, shared_data / file, every=1)
    assert len(rows) > 700
    assert_valid("".join(catalog_turtle(rows, SITE, LISTED_AT)), shared_data)
