"""A letter, sealed once per worker with keys of its own, and the programs that outsiders check it with."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.letters import inspect
from app.letters.keys import Known, ensure_keys, known_certificates, load_seal
from app.letters.render import Rendered, render
from app.letters.seal import Sealed, Sealer
from app.letters.verdict import Issued, Judgment, judge
from tests.letters import samples
from tests.support import run

PASSPHRASE = "a passphrase for tests only"
CONSORTIUM = "Meridian Data Consortium"
Tool = Callable[..., str]


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    ensure_keys(folder, PASSPHRASE, CONSORTIUM, datetime.now(UTC))
    return folder


@pytest.fixture(scope="session")
def known(keys_folder: Path) -> Known:
    return known_certificates(keys_folder)


@pytest.fixture(scope="session")
def sealer(keys_folder: Path) -> Sealer:
    return Sealer(load_seal(keys_folder, PASSPHRASE))


@pytest.fixture(scope="session")
def rendered() -> Rendered:
    return render(samples.manuscript())


@pytest.fixture(scope="session")
def sealed(rendered: Rendered, sealer: Sealer) -> Sealed:
    return sealer.seal(rendered.pdf, datetime.now(UTC), "Issue of the grant")


@pytest.fixture
def letter_file(sealed: Sealed, tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(sealed.pdf)
    return path


@dataclass(frozen=True)
class Desk:
    """A verify desk that has issued one letter."""

    known: Known
    issued: Issued
    sha256: str

    def judge(self, data: bytes) -> Judgment:
        findings = inspect.inspect(data, self.known)
        by_file = self.issued if findings.sha256 == self.sha256 else None
        by_number = self.issued if findings.number == self.issued.number else None
        return judge(findings, by_file, by_number)


@pytest.fixture(scope="session")
def desk(known: Known, sealed: Sealed) -> Desk:
    return Desk(known, Issued(samples.NUMBER, gives_right=True, status="active"), sealed.sha256)


@pytest.fixture(scope="session")
def tool() -> Tool:
    """Runs a program and returns what it printed; a missing one is a failure where all checks must run."""

    def call(program: str, *arguments: str | Path, ok: tuple[int, ...] = (0,)) -> str:
        if shutil.which(program) is None:
            run.lacking(program)
        done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode in ok, f"{program}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    return call


@pytest.fixture(scope="session")
def nss(tool: Tool, keys_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate database, as an outsider would make it, that trusts our root and nothing else."""
    folder = tmp_path_factory.mktemp("nss")
    tool("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    tool("certutil", "-A", "-d", f"sql:{folder}", "-n", "root", "-t", "CT,C,C", "-i", keys_folder / "root.crt")
    return folder
