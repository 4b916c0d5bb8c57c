"""One folder per test run that all its workers share, what a missing tool means, and Hypothesis' profile."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture.providers import HypothesisProvider

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "tests" / ".artifacts"
SHARED_DATA = ROOT.parent / "shared" / "data"
FOLDER = "ONEPACT_TEST_RUN"
CONTROLLER = "ONEPACT_TEST_CONTROLLER"  # the process whose end is the end of the run
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

settings.register_profile(
    "quick",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("deep", settings.get_profile("quick"), derandomize=False, max_examples=2000)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
settings.load_profile(PROFILE)


def pytest_configure(config: pytest.Config) -> None:
    if PROFILE == "quick":
        _draw_alike()
    if not is_worker(config):
        folder = tempfile.mkdtemp(prefix="onepact-tests-")
        Path(folder).chmod(0o711)  # the database server runs as somebody else and must find its own folder in here
        os.environ[FOLDER] = folder
        os.environ[CONTROLLER] = str(os.getpid())


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if not is_worker(config) and (name := os.environ.pop(FOLDER, None)):
        shutil.rmtree(name, ignore_errors=True)


def _draw_alike() -> None:
    """What Hypothesis draws is the same in every run and on every machine, as `derandomize` means it to be.

    Of twenty values it takes one from the constants in the source of whatever modules of ours are loaded by then, and that
    depends on which tests ran before in the same process.
    """
    assert callable(HypothesisProvider._maybe_draw_constant)  # there is no setting for it
    HypothesisProvider._maybe_draw_constant = lambda *_, **__: None  # type: ignore[method-assign]


def folder() -> Path:
    """The folder of this test run, the same in all its workers."""
    return Path(os.environ[FOLDER])


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Only one worker at a time is in here."""
    with (folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lacking(what: str) -> NoReturn:
    """Skip the test on a machine without `what`; fail where all checks must run (CI=true)."""
    sentence = f"{what} is missing. `make test` installs it."
    if IN_CI:
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real catalogs and hostile files that stand beside the project on some machines."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not on this machine")
    return SHARED_DATA


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is one of several that run the tests."""
    return hasattr(config, "workerinput")
