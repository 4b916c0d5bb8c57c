"""Versions are read whole, verified against LEDGER, and refused with words when anything differs."""

import shutil
import unicodedata
from pathlib import Path

import pytest

from app.agreements.library import (
    FOLDER,
    BrokenAgreement,
    Library,
    current_version,
    signed_files,
    terms_of,
    text_hash,
    version,
    versions,
)
from app.foundation.errors import NotFound
from app.rules.terms import Level, as_json, merge, promises, read_layer

SLUGS = [
    "background",
    "purpose",
    "permitted-uses",
    "prohibited-uses",
    "data-schedule",
    "quality-warranty",
    "updates",
    "derived-ip",
    "attribution",
    "parties-accession",
    "authorized-users",
    "inter-member-sharing",
    "secretariat",
    "security",
    "privacy",
    "incident",
    "publication-review",
    "audit",
    "term",
    "deletion-survival",
    "jurisdiction",
    "amendment",
]
V1 = FOLDER / "common" / "2026-1"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the agreements that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "agreements"))


def test_the_first_version_has_its_22_clauses_in_six_groups() -> None:
    first = version("2026-1")
    assert [clause.slug for clause in first.clauses] == SLUGS
    assert [group.title for group in first.groups] == ["Why", "What", "Who", "How", "When", "Where"]
    assert first.authoritative_language == "en"
    assert first.is_model


def test_every_clause_has_points_with_anchors_and_plain_words() -> None:
    for clause in version("2026-1").clauses:
        assert clause.plain
        assert len(clause.plain.split()) <= 45
        for point in clause.points:
            assert f'<p id="{point.number}">' in point.html
            assert point.title


def test_a_clause_is_found_by_its_slug() -> None:
    assert version("2026-1").clause("term").number == 19
    with pytest.raises(NotFound):
        version("2026-1").clause("fees")


def test_the_newest_version_is_the_one_to_sign() -> None:
    assert current_version() == versions()[0]


def test_a_version_that_was_never_published_is_not_found() -> None:
    with pytest.raises(NotFound):
        version("2019-1")


def test_the_model_text_says_what_it_is() -> None:
    assert "template to be reviewed by counsel" in version("2026-1").note
    assert "template to be reviewed by counsel" in (V1 / "en.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", signed_files("en"))
def test_one_changed_letter_in_a_published_version_is_refused(copy: Path, name: str) -> None:
    path = copy / "common/2026-1" / name
    path.write_text(path.read_text(encoding="utf-8").replace("e", "a", 1), encoding="utf-8")
    with pytest.raises(BrokenAgreement, match=r"not the one that was published|cannot be read"):
        Library(copy).version("2026-1")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda text: text.replace("\n", "\r\n").encode(), "LF"),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "byte-order mark"),
        (lambda text: unicodedata.normalize("NFD", text + "é\n").encode(), "composed"),
        (lambda text: text.encode() + b"\xff", "cannot be read"),
        (lambda text: text.rstrip().encode(), "LF"),
    ],
)
def test_a_text_in_another_form_is_refused(copy: Path, spoil: object, why: str) -> None:
    path = copy / "common/2026-1/en.md"
    assert callable(spoil)
    path.write_bytes(spoil(path.read_text(encoding="utf-8")))
    with pytest.raises(BrokenAgreement, match=why):
        Library(copy).version("2026-1")


def test_a_missing_file_is_refused_with_its_remedy(copy: Path) -> None:
    (copy / "common/2026-1/terms.toml").unlink()
    with pytest.raises(BrokenAgreement, match="Restore"):
        Library(copy).version("2026-1")


def test_a_draft_folder_is_not_served(copy: Path) -> None:
    shutil.copytree(copy / "common/2026-1", copy / "common/2026-2")
    assert [found.id for found in Library(copy).versions()] == ["2026-1"]
    with pytest.raises(NotFound):
        Library(copy).version("2026-2")


def test_a_version_without_its_plain_words_is_refused(copy: Path) -> None:
    folder = copy / "common/2026-1"
    plain = folder / "plain.en.toml"
    plain.write_text("".join(line for line in plain.read_text().splitlines(True) if not line.startswith("term =")))
    _publish_again(copy)
    with pytest.raises(BrokenAgreement, match="plain words"):
        Library(copy).version("2026-1")


def test_a_parameter_that_points_at_no_clause_is_refused(copy: Path) -> None:
    terms = copy / "common/2026-1/terms.toml"
    terms.write_text(
        terms.read_text(encoding="utf-8").replace('point = "20.1"', 'point = "20.99"', 1), encoding="utf-8"
    )
    _publish_again(copy)
    with pytest.raises(BrokenAgreement, match=r"20\.99"):
        Library(copy).version("2026-1")


def _publish_again(copy: Path) -> None:
    folder = copy / "common/2026-1"
    contents = {name: (folder / name).read_bytes() for name in signed_files("en")}
    (copy / "LEDGER").write_text(f"2026-1  2026-01-15  {text_hash(contents)}\n")


def test_nobody_has_agreed_on_anything_before_the_first_version(copy: Path) -> None:
    (copy / "LEDGER").write_text("# nothing yet\n")
    with pytest.raises(NotFound):
        Library(copy).current()


def test_the_terms_of_the_version_merge_with_dataset_conditions() -> None:
    agreement = terms_of(current_version())
    raw = {"sensitivity_class": "3", "access_modes": ["enclave"], "storage_places": ["EU"], "k_min": 20}
    layer, findings = read_layer(agreement, Level.DATASET, "listing:DS-0001@1", raw)
    terms = merge(agreement, (), layer)
    assert (findings, terms.conflicts) == ((), ())
    assert terms.value("incident_notice_hours") == 24
    assert terms.value("security_tier") == "2"
    assert as_json(terms) == as_json(merge(agreement, (), layer))
    sentences = [promise.sentence for promise in promises(agreement.specs, terms)]
    assert "Publish no figure that rests on fewer than 20 people, devices or units." in sentences


def test_the_numbers_in_the_text_are_the_numbers_in_the_schedule() -> None:
    """A clause prevails over the schedule, so that a difference would be a trap."""
    first = version("2026-1")
    text = {point.number: point.text for clause in first.clauses for point in clause.points}
    words = {5: "5", 12: "twelve", 1: "1"}
    checked = 0
    for spec in first.terms.specs.by_name.values():
        rule = first.terms.layer.rules.get(spec.name)
        if rule is None or spec.unit is None or not isinstance(rule.value, int) or rule.value in (0, 2):
            continue
        shown = words.get(rule.value, f"{rule.value:,}")
        assert shown in text[spec.point], f"{spec.name}: {rule.value} is not in {spec.point}"
        checked += 1
    assert checked > 20
