"""The shapes that DCAT-AP 3.0.1 publishes, what they forbid in a graph, and real catalogs to hold against them."""

from pathlib import Path

import pyshacl
from rdflib import Graph, Namespace
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries.listings import whole
from app.exchange.commands.importing import allow_import, import_rows
from app.exchange.foreign import Described, described
from app.readers import read_catalog
from app.rules.actors import OPERATOR
from tests.catalog.people import partner
from tests.factories.catalog import LISTED_AT

SH = Namespace("http://www.w3.org/ns/shacl#")
# Structure, classes of what is named, the whole profile, controlled vocabularies. `ranges.ttl` beside them is no SHACL that
# can be run: it describes properties without a path.
SHAPES = ("shacl/shapes.ttl", "shacl/range.ttl", "shacl-full/dcat-ap-SHACL.ttl", "shacl/mdr-vocabularies.shape.ttl")
EVERY = 20  # of a real catalog so many rows apart, and all of it in slow_shapes.py
REAL = ("catalogue-aws/aws-registry.dcat.jsonld.gz", "catalogue-gee/gee-stac-collections.jsonl.gz")


def violations(data: Graph, shapes: Path) -> list[str]:
    """What the shapes forbid, in their words."""
    graph = Graph().parse(shapes, format="turtle")
    _conforms, report, _text = pyshacl.validate(data, shacl_graph=graph, inference="none", allow_warnings=True)
    assert isinstance(report, Graph)
    found = [node for node in report.objects(None, SH.result) if (node, SH.resultSeverity, SH.Violation) in report]
    return [f"{report.value(node, SH.focusNode)}: {report.value(node, SH.resultMessage)}" for node in found]


def assert_valid(turtle: str, shared_data: Path, fewest: int = 100) -> None:
    data = Graph().parse(data=turtle, format="turtle")
    assert len(data) > fewest
    found = {name: violations(data, shared_data / "validation" / "dcat-ap-3.0.1" / name) for name in SHAPES}
    assert found == {name: [] for name in SHAPES}


def brought_in(session: Session, file: Path, every: int = EVERY) -> list[Dataset]:
    """Some rows of a real catalog, imported; without a description none is listed, and none goes out."""
    acme = partner(session, "Acme Maps")
    with file.open("rb") as source:
        found = [
            row for row in described(read_catalog(source).entries) if isinstance(row, Described) and row.description
        ]
    allow_import(session, OPERATOR, acme, LISTED_AT, publish=True)
    import_rows(session, OPERATOR, acme, found[::every], LISTED_AT, publish=True)
    return list(session.scalars(whole().where(Dataset.organization_id == acme.id)))
