"""Every act, gathered from the files beside this one."""

from importlib import import_module
from pathlib import Path

from tests.machine.act import Act

AREAS: dict[str, tuple[Act, ...]] = {
    file.stem: import_module(f"{__name__}.{file.stem}").ACTS for file in sorted(Path(__file__).parent.glob("[a-z]*.py"))
}
ACTS: tuple[Act, ...] = tuple(act for area in AREAS.values() for act in area)
