"""The policy attached to a letter, read back by an RDF library."""

import json
from datetime import UTC, date, datetime

from app.foundation.hashing import canonical_json
from app.letters.odrl import DatedDuty, Party, Policy, Rule, Source, Target, agreement

POLICY = Policy(
    uri="https://data.meridian.example/register/GR-2026-0031",
    number="GR-2026-0031",
    title="Card payments and storm recovery",
    issued_at=datetime(2026, 10, 1, 8, 40, tzinfo=UTC),
    starts_on=date(2026, 10, 1),
    ends_on=date(2027, 9, 30),
    agreement="2026-1",
    agreement_uri="https://data.meridian.example/agreement/2026-1",
    agreement_sha256="ab" * 32,
    record_sha256="cd" * 32,
    assigner=Party("https://data.meridian.example/organizations/paloma-pay", "Paloma Pay"),
    assignee=Party("https://data.meridian.example/organizations/coastal", "Institute for Coastal Cities"),
    purposes=("dev.disaster.storm",),
    purpose_words="To decide where storm aid opens first",
    targets=(
        Target("https://data.meridian.example/datasets/DS-0038", "DS-0038", "Card payments", "2026-09"),
        Target("https://data.meridian.example/datasets/DS-0039", "DS-0039", "Shop openings", "2026-09"),
    ),
    rules=(
        Rule("permission", "use", "isAnyOf", ["analyze", "read"], "permitted-uses"),
        Rule(
            "duty", "x:statAggregate", "gteq", 25, "derived-ip", "unit_count",
            "https://data.meridian.example/datasets/DS-0038", (Source("L3", "listing:DS-0038@2"),),
        ),
        Rule("prohibition", "x:use", "isAnyOf", ["reidentify", "resale"], "prohibited-uses"),
        Rule("constraint", "x:storagePlace", "isAnyOf", ["NL"], "security"),
    ),
    duties=(DatedDuty("delete", "Delete the data", "deletion-survival", date(2027, 10, 14)),),
)  # fmt: skip


def test_the_policy_names_number_parties_targets_and_end() -> None:
    document = json.loads(canonical_json(agreement(POLICY)))
    assert document["@type"] == "Agreement"
    assert document["number"] == "GR-2026-0031"
    assert document["assigner"]["uid"].endswith("/paloma-pay")
    assert document["assignee"]["uid"].endswith("/coastal")
    assert [p["target"]["dct:identifier"] for p in document["permission"]] == ["DS-0038", "DS-0039"]
    ends = {c["leftOperand"]: c["rightOperand"] for c in document["permission"][0]["constraint"]}
    assert ends["cx-policy:DataUsageEndDate"]["@value"] == "2027-09-30T23:59:59Z"
    assert ends["cx-policy:FrameworkAgreement"] == "2026-1"


def test_a_rule_for_one_dataset_does_not_reach_the_other() -> None:
    document = json.loads(canonical_json(agreement(POLICY)))
    duties = [[duty["action"] for duty in permission["duty"]] for permission in document["permission"]]
    assert duties == [["x:statAggregate"], []]


def test_each_rule_names_its_clause_and_the_layers_that_reached_it() -> None:
    document = json.loads(canonical_json(agreement(POLICY)))
    constraint = document["permission"][0]["duty"][0]["constraint"][0]
    assert constraint["dct:source"] == "derived-ip"
    assert constraint["x:reachedBy"] == [{"x:layer": "L3", "x:document": "listing:DS-0038@2"}]


def test_prohibitions_and_dated_duties_are_there() -> None:
    document = json.loads(canonical_json(agreement(POLICY)))
    assert document["prohibition"][0]["action"] == ["x:reidentify", "x:resale"]
    assert document["obligation"][0]["constraint"][0]["rightOperand"]["@value"] == "2027-10-14"


def test_an_rdf_library_reads_it_without_asking_anyone() -> None:
    import rdflib

    document = json.loads(canonical_json(agreement(POLICY)))
    # The public ODRL context is replaced by the vocabulary it stands for, because nothing is fetched here.
    document["@context"] = [{"@vocab": "http://www.w3.org/ns/odrl/2/", "uid": "@id"}, *document["@context"][1:]]
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    odrl = rdflib.Namespace("http://www.w3.org/ns/odrl/2/")
    subject = rdflib.URIRef(POLICY.uri)
    assert (subject, rdflib.RDF.type, odrl.Agreement) in graph
    assert len(list(graph.objects(subject, odrl.permission))) == 2
    assert (subject, rdflib.DCTERMS.identifier, rdflib.Literal("GR-2026-0031")) in graph
