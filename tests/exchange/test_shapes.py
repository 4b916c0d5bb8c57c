"""What goes out is valid by the shapes that DCAT-AP 3.0.1 itself publishes: no violation, in the demo and in real catalogs."""

from pathlib import Path

import pytest
from flask import Flask
from rdflib import Graph
from sqlalchemy.orm import Session

from app.exchange.exports.documents import catalog_turtle
from tests.exchange.going_out import SITE
from tests.exchange.shapes import REAL, SHAPES, assert_valid, brought_in, violations
from tests.factories.catalog import LISTED_AT
from tests.support.application import Client


def test_the_demo_catalog_is_valid_dcat_ap(demo_app: Flask, shared_data: Path) -> None:
    client = demo_app.test_client()
    assert isinstance(client, Client)
    assert_valid(client.get("/datasets.ttl").text, shared_data)


def test_one_dataset_of_the_demo_is_valid_dcat_ap(demo_app: Flask, shared_data: Path) -> None:
    client = demo_app.test_client()
    assert_valid(client.get("/datasets/DS-0001.ttl").text, shared_data)


@pytest.mark.parametrize("file", REAL)
def test_real_catalogs_go_out_as_valid_dcat_ap(session: Session, shared_data: Path, file: str) -> None:
    rows = brought_in(session, shared_data / file)
    assert len(rows) > 30
    assert_valid("".join(catalog_turtle(rows, SITE, LISTED_AT)), shared_data)


def test_the_shapes_find_what_is_not_valid(shared_data: Path) -> None:
    broken = Graph().parse(data="<https://a.example/1> a <http://www.w3.org/ns/dcat#Dataset> .", format="turtle")
    assert violations(broken, shared_data / "validation" / "dcat-ap-3.0.1" / SHAPES[0])
