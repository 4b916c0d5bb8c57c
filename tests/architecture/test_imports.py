"""The import contracts of imports.ini hold, and nobody has written an exception into them."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.run import ROOT

CONTRACTS = Path(__file__).parent / "imports.ini"


def test_the_import_contracts_hold() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout[done.stdout.find("Contracts:") :] + done.stderr


def test_a_contract_that_is_broken_on_purpose_is_reported(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("static", "__pycache__", "fonts"))
    planted = {
        "app/foundation/clock.py": "import app.outbox.models",
        "app/outbox/models.py": "def f() -> None:\n    import werkzeug",
        "app/grants/models.py": "import app.grants.commands\nimport obstore",
        "app/rules/roles.py": "import flask",
        "app/organizations/forms/__init__.py": "import sqlalchemy",
        "app/front/__init__.py": "import weasyprint\nimport requests\nimport tantivy",
    }
    for path, line in planted.items():
        with (tmp_path / path).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    done = _lint(tmp_path)
    verdicts = dict(re.findall(r"^(\w.*) (KEPT|BROKEN)$", done.stdout, re.MULTILINE))
    assert verdicts
    assert {name for name, verdict in verdicts.items() if verdict == "KEPT"} == set(), done.stdout


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


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the `app` in a folder against the contracts."""
    linter = Path(sys.executable).parent / "lint-imports"
    command: list[str | Path] = [linter, "--config", CONTRACTS, "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, text=True)


def _is_part(path: Path) -> bool:
    if path.is_dir():
        return any(path.glob("*.py"))
    return path.suffix == ".py" and path.stem != "__init__"
