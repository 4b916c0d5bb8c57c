"""The import contracts of imports.ini hold, and nobody has written an exception into them."""

import configparser
import subprocess
import sys
from pathlib import Path

from tests.support.run import ROOT

CONTRACTS = Path(__file__).parent / "imports.ini"


def test_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [linter, "--config", CONTRACTS, "--no-cache"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stdout[done.stdout.find("Contracts:") :] + done.stderr


def test_no_contract_has_an_exception() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(CONTRACTS, encoding="utf-8")
    sections = [section for section in contracts.sections() if section.startswith("importlinter:contract:")]
    assert len(sections) >= 8
    for section in sections:
        assert "ignore_imports" not in contracts[section], section
        assert "skip_descendants" not in contracts[section], section


def test_every_folder_of_the_app_has_its_place_in_the_order() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(CONTRACTS, encoding="utf-8")
    layers = contracts["importlinter:contract:parts"]["layers"].split()
    parts = {path.stem for path in (ROOT / "app").iterdir() if _is_part(path)}
    assert set(layers) == parts


def _is_part(path: Path) -> bool:
    if path.is_dir():
        return any(path.glob("*.py"))
    return path.suffix == ".py" and path.stem != "__init__"
