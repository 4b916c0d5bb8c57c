"""The code keeps the shape that docs/contributing.md describes: small files, the same names, rules in one place."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.support.run import ROOT

APP = ROOT / "app"
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
FILES = sorted(APP.rglob("*.py"))
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base_utils"}
# Where a transaction may end: the answer to a request, the worker's loop, the operator's command line, the demo.
# The search index has commits of its own, which are none of the database.
MAY_COMMIT = (
    "app/web/answers.py", "app/web/refusals.py", "app/worker", "app/commandline", "app/demo", "app/search/engine/shelf.py"
)  # fmt: skip
# Heavy libraries that load at the first use, behind their one door.
HEAVY = {
    "asn1crypto", "cryptography", "openpyxl", "pyhanko", "pyhanko_certvalidator", "qrcode", "rdflib", "weasyprint", "zxcvbn",
}  # fmt: skip
# What is in the code for what looks at it: whether a route counts as one that may be taken once.
ASKED_BY_TESTS = {"is_once"}
TREES = {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions() -> Iterator[tuple[str, Function]]:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{name}:{node.lineno} {node.name}", node


def test_a_file_is_under_300_lines() -> None:
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert not {name: length for name, length in lengths.items() if length >= LONGEST_FILE}


def test_a_function_is_under_40_lines() -> None:
    lengths = {name: (function.end_lineno or 0) - function.lineno + 1 for name, function in _functions()}
    assert not {name: length for name, length in lengths.items() if length >= LONGEST_FUNCTION}


def test_a_file_says_in_its_first_line_what_lives_in_it() -> None:
    assert not [name for name, tree in TREES.items() if not ast.get_docstring(tree)]


def test_a_name_says_what_a_file_holds() -> None:
    assert not [name for name in TREES if NAMES_THAT_SAY_NOTHING & {*Path(name).parts, Path(name).stem}]


def _names(node: ast.stmt) -> list[str]:
    """What a statement at the top of a file gives a name to; what is decorated is handed to somebody by that."""
    match node:
        case ast.FunctionDef() | ast.ClassDef() if not node.decorator_list:
            return [node.name]
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def test_what_is_there_is_used() -> None:
    """By the product: what tests alone ask for promises something that nobody gets."""
    sources = [*FILES, *ROOT.glob("*.py"), *(ROOT / "migrations").rglob("*.py"), *(ROOT / "templates").rglob("*.*")]
    said = Counter(word for path in sources for word in re.findall(r"\w+", path.read_text(encoding="utf-8")))
    once = [
        (file, name) for file, tree in TREES.items() for node in tree.body for name in _names(node) if said[name] < 2
    ]
    assert not [f"{file} {name}" for file, name in once if name not in ASKED_BY_TESTS]


def test_only_answers_worker_and_command_line_commit() -> None:
    commits = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    elsewhere = [place for place in commits if not place.startswith(MAY_COMMIT)]
    assert not elsewhere, "return to the route, which ends with finish(…)"
    assert commits


def test_an_import_inside_a_function_is_a_heavy_library_behind_its_door() -> None:
    light = []
    for place, function in _functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            else:
                continue
            light += [f"{place} imports {module}" for module in modules if not _is_heavy(module, place)]
    assert not light


def _is_heavy(module: str, place: str) -> bool:
    """A heavy library, or inside the door a module of its own that stands on one."""
    return module.split(".", maxsplit=1)[0] in HEAVY or (
        place.startswith("app/letters/") and module.startswith("app.letters.")
    )


def test_roles_and_states_are_compared_in_rules_alone() -> None:
    question = re.compile(r"^\s*(?:if|elif|while)\b.*?\b\w*(?:role|state)\s*(?:==|!=)\s*\S+", re.MULTILINE)
    found = {
        str(path.relative_to(ROOT)): questions
        for path in FILES
        if not path.is_relative_to(APP / "rules") and (questions := question.findall(path.read_text(encoding="utf-8")))
    }
    assert not found, "put the question into a table in app/rules"


def test_every_test_folder_mirrors_a_part_of_the_app() -> None:
    own = {"architecture", "factories", "journeys", "machine", "migrations", "pages", "support", "vendor", "tools"}
    own |= {"security"}
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


def test_each_decision_has_a_number_of_its_own_and_says_it() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [file.name.partition("-")[0] for file in files]
    assert len(numbers) == len(set(numbers))
    assert [file.read_text().partition(" ·")[0] for file in files] == [f"# {number}" for number in numbers]
