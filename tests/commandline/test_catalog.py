"""`flask catalog`: exit codes, JSON and words."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.organizations.models import Organization
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from tests.catalog.people import organization, partner
from tests.factories.catalog import make_dataset

CATALOG = {"dataset": [{"identifier": "a", "title": "Trips", "description": "By hour."}, {"identifier": "b"}]}

pytestmark = pytest.mark.both_databases


@pytest.fixture
def acme(session: Session) -> Organization:
    row = partner(session, "Acme")
    session.commit()
    return row


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(CATALOG), encoding="utf-8")
    return path


def test_the_result_is_json_and_refused_rows_exit_with_1(
    cli: FlaskCliRunner, session: Session, acme: Organization, file: Path
) -> None:
    ran = cli.invoke(args=["catalog", "import", str(file), "--partner", acme.slug, "--publish", "--json"])
    assert ran.exit_code == 1
    result = json.loads(ran.stdout)
    (refused,) = result.pop("refused")
    assert result == {
        "read": 2, "created": 1, "updated": 0, "unchanged": 0, "listed": 1, "placed_by_title": 0, "remarks": [],
        "format": "DCAT, JSON", "columns": {},
    }  # fmt: skip
    assert (refused["row"], refused["field"]) == (2, "title")
    assert set(refused) == {"row", "field", "value", "problem", "remedy"}
    session.expire_all()
    assert session.scalars(select(Dataset.state)).one() is ListingState.LISTED


def test_a_dry_run_writes_nothing(cli: FlaskCliRunner, session: Session, acme: Organization, file: Path) -> None:
    ran = cli.invoke(args=["catalog", "import", str(file), "--partner", acme.slug, "--dry-run"])
    assert "1 would be created" in ran.output
    assert session.scalars(select(Dataset)).all() == []


def test_what_is_to_be_mended_is_told_of_the_catalog_first(cli: FlaskCliRunner, acme: Organization, file: Path) -> None:
    file.write_text(json.dumps({**CATALOG, "title": "All of it", "issued": "2016/04/14"}), encoding="utf-8")
    ran = cli.invoke(args=["catalog", "import", str(file), "--partner", acme.slug, "--dry-run"])
    assert "things to mend; the datasets are taken all the same" in ran.output
    assert "the catalog: issued: this is no date (2016/04/14). Write it as 2015-12-31." in ran.output


def test_a_file_without_any_catalog_exits_with_2_and_a_remedy(
    cli: FlaskCliRunner, acme: Organization, tmp_path: Path
) -> None:
    for content, words in (
        (b"", "empty"),
        (b"%PDF", "PDF"),
        (b"{", "to its end"),
        (b"a,b\n", "title"),
        (b'{"dataset":[]}', "no"),
    ):
        path = tmp_path / "odd"
        path.write_bytes(content)
        ran = cli.invoke(args=["catalog", "import", str(path), "--partner", acme.slug])
        assert ran.exit_code == 2, content
        assert words in ran.stderr
    for missing in (tmp_path / "not there", tmp_path):
        ran = cli.invoke(args=["catalog", "import", str(missing), "--partner", acme.slug])
        assert (ran.exit_code, "Check the path" in ran.stderr) == (2, True)


def test_a_partner_that_is_not_there_or_has_not_acceded_exits_with_2(
    cli: FlaskCliRunner, session: Session, file: Path
) -> None:
    new = organization(session)
    session.commit()
    nobody = cli.invoke(args=["catalog", "import", str(file), "--partner", "nobody"])
    assert (nobody.exit_code, "flask organization add" in nobody.stderr) == (2, True)
    ran = cli.invoke(args=["catalog", "import", str(file), "--partner", new.slug, "--publish"])
    assert (ran.exit_code, "common agreement" in ran.stderr) == (2, True)
    assert session.scalars(select(Dataset)).all() == []
    assert cli.invoke(args=["catalog", "import", str(file), "--partner", new.slug]).exit_code == 1


def test_search_answers_with_what_the_public_sees(cli: FlaskCliRunner, session: Session, acme: Organization) -> None:
    seen = make_dataset(session, acme, title="Trips in Lima", identifier="trips")
    make_dataset(session, acme, title="Trips in a draft", state=ListingState.DRAFT)
    session.commit()
    ran = cli.invoke(args=["catalog", "search", "trips", "--limit", "5", "--json"])
    (found,) = json.loads(ran.stdout)
    assert (found["id"], found["identifier"], found["title"]) == (seen.reference, "trips", "Trips in Lima")
    assert found["score"] > 0
    assert "1 datasets" in cli.invoke(args=["catalog", "search", "trips"]).output


def test_the_catalog_is_written_as_everybody_sees_it(
    cli: FlaskCliRunner, session: Session, acme: Organization, tmp_path: Path
) -> None:
    make_dataset(session, acme, title="Open trips")
    make_dataset(session, acme, title="Hidden trips", visibility=Visibility.MEMBERS)
    make_dataset(session, partner(session, "Other"), title="Other trips")
    session.commit()
    printed = cli.invoke(args=["catalog", "export", "--format", "dcat-turtle"])
    assert printed.exit_code == 0
    assert "Open trips" in printed.stdout
    assert "Other trips" in printed.stdout
    assert "Hidden trips" not in printed.stdout
    out = tmp_path / "catalog.jsonld"
    assert cli.invoke(args=["catalog", "export", "--partner", acme.slug, "--out", str(out)]).exit_code == 0
    titles = [row["dct:title"] for row in json.loads(out.read_text(encoding="utf-8"))["dcat:dataset"]]
    assert titles == ["Open trips"]


def test_an_export_that_cannot_be_written_exits_with_2_and_a_remedy(
    cli: FlaskCliRunner, acme: Organization, tmp_path: Path
) -> None:
    ran = cli.invoke(args=["catalog", "export", "--out", str(tmp_path / "no" / "folder" / "c.ttl")])
    assert (ran.exit_code, "Check the path" in ran.stderr) == (2, True)
    ran = cli.invoke(args=["catalog", "export", "--partner", "nobody"])
    assert (ran.exit_code, "No organization has the slug" in ran.stderr) == (2, True)
    assert acme.slug not in ran.output


def test_columns_are_named_where_the_guess_is_wrong(
    cli: FlaskCliRunner, session: Session, acme: Organization, tmp_path: Path
) -> None:
    table = tmp_path / "list.csv"
    table.write_text("code,thema,was\n1,Trips,By hour.\n", encoding="utf-8")
    asked = ["catalog", "import", str(table), "--partner", acme.slug]
    assert cli.invoke(args=asked).exit_code == 2
    ran = cli.invoke(args=[*asked, "--map", "thema=title", "--map", "was=description", "--map", "code=identifier"])
    assert ran.exit_code == 0
    assert "thema → title" in ran.stdout
    session.expire_all()
    row = session.scalars(select(Dataset)).one()
    assert (row.identifier, row.title, row.description) == ("1", "Trips", "By hour.")


@pytest.mark.parametrize("wrong", ["nowhere=title", "title=nothing-known", "title"])
def test_a_column_or_field_that_is_not_there_is_named(
    cli: FlaskCliRunner, acme: Organization, tmp_path: Path, wrong: str
) -> None:
    table = tmp_path / "list.csv"
    table.write_text("title\nTrips\n", encoding="utf-8")
    ran = cli.invoke(args=["catalog", "import", str(table), "--partner", acme.slug, "--map", wrong])
    assert ran.exit_code == 2
    assert wrong.rsplit("=", maxsplit=1)[-1] in ran.stderr or "nowhere" in ran.stderr or "--map" in ran.stderr


def test_datasets_of_another_data_partner_are_left_out_until_somebody_says_otherwise(
    cli: FlaskCliRunner, session: Session, acme: Organization, tmp_path: Path
) -> None:
    partner(session, "Ookla, Inc.")
    session.commit()
    table = tmp_path / "list.csv"
    table.write_text("title,publisher\nSpeeds,OOkla\nTrips,ACME Ltd\nTaps,Office of Water\n", encoding="utf-8")
    refusals = tmp_path / "refused.csv"
    asked = ["catalog", "import", str(table), "--partner", acme.slug]
    ran = cli.invoke(args=[*asked, "--refused", str(refusals)])
    assert ran.exit_code == 1
    assert "Ookla, Inc. is a data partner of its own" in refusals.read_text(encoding="utf-8")
    assert "3 read: 2 created" in ran.stdout
    assert "1 created, 0 updated, 2 unchanged" in cli.invoke(args=[*asked, "--publisher", "OOkla=take"]).stdout


def test_all_that_is_to_be_mended_is_written_to_a_file(cli: FlaskCliRunner, acme: Organization, tmp_path: Path) -> None:
    table, remarks = tmp_path / "list.csv", tmp_path / "remarks.csv"
    table.write_text("title,frequency\n" + "".join(f"Trips {n},=often\n" for n in range(7)), encoding="utf-8")
    asked = ["catalog", "import", str(table), "--partner", acme.slug, "--remarks"]
    ran = cli.invoke(args=[*asked, str(remarks), "--dry-run"])
    assert "7 things to mend" in ran.stdout
    assert "--remarks writes them to a file." in ran.stdout
    lines = remarks.read_text(encoding="utf-8").splitlines()
    assert (lines[0], len(lines)) == ("row,field,value,problem,remedy", 8)
    assert lines[1].startswith("2,frequency,'=often,")
    nowhere = cli.invoke(args=[*asked, str(tmp_path / "no" / "remarks.csv")])
    assert (nowhere.exit_code, "The import itself is done" in nowhere.stderr) == (2, True)


def test_another_name_of_the_partner_is_remembered(
    cli: FlaskCliRunner, session: Session, acme: Organization, tmp_path: Path
) -> None:
    table = tmp_path / "list.csv"
    table.write_text("title,publisher\nTrips,Apex Mobility\n", encoding="utf-8")
    asked = ["catalog", "import", str(table), "--partner", acme.slug, "--publisher", "Apex Mobility=ours"]
    assert cli.invoke(args=asked).exit_code == 0
    session.expire_all()
    assert session.get_one(Organization, acme.id).aliases == ["Apex Mobility"]


def test_an_import_says_how_many_are_listed_and_why_others_are_not(
    cli: FlaskCliRunner, session: Session, acme: Organization, tmp_path: Path
) -> None:
    session.commit()
    table = tmp_path / "list.csv"
    table.write_text("identifier,title,description\na,Trips,By hour\nb,Taps,\n")
    ran = cli.invoke(args=["catalog", "import", str(table), "--partner", acme.slug, "--publish"])
    assert ran.output.splitlines()[-1] == "1 listed. 1 not listed: a new one without a description stays a draft."


def test_what_is_listed_already_is_not_said_to_stay_a_draft(
    cli: FlaskCliRunner, session: Session, acme: Organization, tmp_path: Path
) -> None:
    session.commit()
    table = tmp_path / "list.csv"
    asked = ["catalog", "import", str(table), "--partner", acme.slug, "--publish"]
    table.write_text("identifier,title,description\na,Trips,By hour\n")
    assert cli.invoke(args=asked).exit_code == 0
    table.write_text("identifier,title,description\na,Trips on foot,By hour\n")
    assert cli.invoke(args=asked).output.splitlines()[-2:] == [
        "1 read: 0 created, 1 updated, 0 unchanged, 0 refused.",
        "0 listed.",
    ]
