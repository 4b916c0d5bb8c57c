"""Whole real catalogs against the shapes of DCAT-AP. Run by `make test-slow`: minutes, where the sample takes seconds."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.exchange.exports.documents import catalog_turtle
from tests.exchange.going_out import SITE
from tests.exchange.shapes import REAL, assert_valid, brought_in
from tests.factories.catalog import LISTED_AT

# Of larger ones so many rows apart, or those that can be listed: HDX describes 312 of its 18,401.
LARGER = {"catalogue-hdx/hdx-datasets.csv.gz": 1, "catalogue-eu/eu-datasets.jsonl.gz": 10}


@pytest.mark.parametrize(("file", "every"), [*((file, 1) for file in REAL), *LARGER.items()])
def test_a_whole_real_catalog_or_much_of_it_goes_out_as_valid_dcat_ap(
    session: Session, shared_data: Path, file: str, every: int
) -> None:
    if session.get_bind().dialect.name == "postgresql":  # which ends what waits longer than checking takes
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    rows = brought_in(session, shared_data / file, every=every)
    assert len(rows) > 300
    assert_valid("".join(catalog_turtle(rows, SITE, LISTED_AT)), shared_data)
