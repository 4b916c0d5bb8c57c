"""The code keeps the shape that docs/contributing.md describes: small files, the same names, rules in one place."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.run import ROOT

APP = ROOT / "app"
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
FILES = sorted(APP.rglob("*.py"))
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base_utils"}
# Where a transaction may end: the answer to a request, the worker's loop, the operator's command line, the demo.
MAY_COMMIT = ("app/web/answers.py", "app/worker", "app/commandline", "app/demo")
# Heavy libraries that load at the first use, behind their one door.
HEAVY = {"weasyprint", "pyhanko", "pyhanko_certvalidator", "rdflib", "qrcode", "app"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.fixture(params=FILES, ids=_name)
def file(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_a_file_is_under_300_lines(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) < LONGEST_FILE


def test_a_function_is_under_40_lines(file: Path) -> None:
    long = {
        function.name: length
        for function in _functions(ast.parse(file.read_text(encoding="utf-8")))
        if (length := (function.end_lineno or 0) - function.lineno + 1) >= LONGEST_FUNCTION
    }
    assert not long


def test_a_file_says_in_its_first_line_what_lives_in_it(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


def test_a_name_says_what_a_file_holds(file: Path) -> None:
    assert not NAMES_THAT_SAY_NOTHING & {*file.relative_to(APP).parts, file.stem}


def test_only_answers_worker_and_command_line_commit(file: Path) -> None:
    if _name(file).startswith(MAY_COMMIT):
        return
    commits = [
        node.lineno
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert not commits, f"commit() in lines {commits}: return to the route, which ends with finish(…)"


def test_an_import_inside_a_function_is_a_heavy_library_behind_its_door(file: Path) -> None:
    for function in _functions(ast.parse(file.read_text(encoding="utf-8"))):
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= HEAVY, f"line {node.lineno}"
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] in HEAVY, f"line {node.lineno}"


def test_roles_and_states_are_compared_in_rules_alone(file: Path) -> None:
    if file.is_relative_to(APP / "rules"):
        return
    text = file.read_text(encoding="utf-8")
    found = re.findall(r"^\s*(?:if|elif|while)\b.*?\b\w*(?:role|state)\s*(?:==|!=)\s*\S+", text, re.MULTILINE)
    assert not found, "a role or state is asked for here; put the question into a table in app/rules"


def test_every_test_folder_mirrors_a_part_of_the_app() -> None:
    own = {"architecture", "factories", "journeys", "migrations", "pages", "support", "vendor", "tools", "security"}
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] not in "._"}
    parts = {path.name for path in APP.iterdir() if path.is_dir()} | {path.stem for path in APP.glob("*.py")}
    assert folders - own <= parts


def test_every_part_of_the_app_has_tests() -> None:
    parts = {path.name for path in APP.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    without = {part for part in parts if not any((ROOT / "tests" / part).glob("test_*.py"))}
    assert not without


def test_every_part_says_what_it_holds_in_the_map_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    parts = {path.name for path in APP.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    missing = {part for part in parts if not re.search(rf"^\s*\|?\s*`?(app/)?{part}/`?\s", readme, re.MULTILINE)}
    assert not missing, "give each of these a line in the README's map"
