"""Templates are compiled once for an installation and not at each start, as Python does with its modules.

What is compiled lies in a folder of ONEPACT_HOME that its owner alone can read. It may be deleted at any time; a template
that has changed is compiled anew.
"""

from contextlib import suppress
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class Compiled(FileSystemBytecodeCache):
    """The library's folder of compiled templates; where nothing can be read or written, each process compiles for itself."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled, if it is there."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, if the home is there and takes it."""
        with suppress(OSError):
            Path(self.directory).mkdir(mode=0o700, exist_ok=True)
            super().dump_bytecode(bucket)


def init_compiled(app: Flask) -> None:
    """Keep the compiled templates of this installation."""
    app.jinja_env.bytecode_cache = Compiled(str(Path(str(app.config["ONEPACT_HOME"])) / "templates"))
