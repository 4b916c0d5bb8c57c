"""Bring third-party fonts, styles and map outlines into the tree, from npm, at fixed versions.

    python -m tools.vendor_assets            everything
    python -m tools.vendor_assets fonts      one part: fonts, govuk, map, axe

Each package is checked against the hash noted here before a byte of it is kept. What is changed is changed by this
program alone, so a new version is one edited line and one run. Each folder carries its license and a VERSION file.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools import world_outlines

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "app/static/vendor"
FONTS = ROOT / "app/letters/fonts"
AXE_FOLDER = ROOT / "tests/vendor/axe-core"


@dataclass(frozen=True)
class Package:
    """One npm package at one version, with the SHA-512 that the registry publishes for it."""

    name: str
    version: str
    sha512: str

    @property
    def title(self) -> str:
        return f"{self.name} {self.version} (npm)"


GOVUK = Package(
    "govuk-frontend",
    "6.3.0",
    "cXIQxm5PHCsbic47GXZrVBZhAeeshTLRL6ZBKilLsR6rMCjJuWb7Fruq0VUNMBJFlJk/srsRj/q8d5bM9cgKoA==",
)
INTER = Package(
    "@expo-google-fonts/inter",
    "0.4.2",
    "syfiImMaDmq7cFi0of+waE2M4uSCyd16zgyWxdPOY7fN2VBmSLKEzkfbZgeOjJq61kSqPBNNtXjggiQiSD6gMQ==",
)
SOURCE_SERIF = Package(
    "@expo-google-fonts/source-serif-4",
    "0.4.1",
    "Ej4UXDjW1kwYPHG8YLq6fK1bqnJGb3K35J3S5atSL0ScKFAFLKvndxoTWeCls7mybtlS9x99hzwDeXCBkiI3rA==",
)
WORLD = Package(
    "world-atlas",
    "2.0.2",
    "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
)
AXE = Package(
    "axe-core",
    "4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)

FONT_FILES = {
    INTER: {
        "400Regular/Inter_400Regular.ttf": "Inter-Regular.ttf",
        "500Medium/Inter_500Medium.ttf": "Inter-Medium.ttf",
        "600SemiBold/Inter_600SemiBold.ttf": "Inter-SemiBold.ttf",
        "LICENSE_FONT": "Inter-LICENSE.txt",
    },
    SOURCE_SERIF: {
        "400Regular/SourceSerif4_400Regular.ttf": "SourceSerif4-Regular.ttf",
        "400Regular_Italic/SourceSerif4_400Regular_Italic.ttf": "SourceSerif4-Italic.ttf",
        "600SemiBold/SourceSerif4_600SemiBold.ttf": "SourceSerif4-SemiBold.ttf",
        "LICENSE_FONT": "SourceSerif4-LICENSE.txt",
    },
}

# The typeface, the crown and the crest belong to GOV.UK alone; nothing of ours may show them.
FORBIDDEN = ("GDS", "crown", "crest", "url(")


# govuk-frontend's package names its license (MIT) without the text; this is the text of its repository.
MIT = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def vendor_fonts(unpack: Callable[[Package], Path]) -> None:
    """The typefaces of letters and agreements (PDF). Pages use the reader's own fonts and load none."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for package, files in FONT_FILES.items():
        folder = unpack(package)
        for source, target in files.items():
            shutil.copyfile(folder / source, FONTS / target)
    titles = "\n".join(package.title for package in FONT_FILES)
    (FONTS / "VERSION").write_text(f"{titles}\nSIL Open Font License 1.1, unmodified.\n")


def vendor_govuk(unpack: Callable[[Package], Path]) -> None:
    """The form components, without the typeface and marks that only GOV.UK may use."""
    folder, target = unpack(GOVUK), VENDOR / "govuk-frontend"
    target.mkdir(parents=True, exist_ok=True)
    style = dress((folder / "dist/govuk/govuk-frontend.min.css").read_text())
    script = (folder / "dist/govuk/govuk-frontend.min.js").read_text()
    (target / "govuk-frontend.min.css").write_text(style)
    (target / "govuk-frontend.min.js").write_text(without_source_map(script))
    (target / "LICENSE.txt").write_text(MIT)
    (target / "VERSION").write_text(
        f"{GOVUK.title}\nMIT. Changed by tools/vendor_assets.py: no web font, no crown, no crest, no source maps.\n"
    )


def dress(style: str) -> str:
    """Take out what is GOV.UK's own; raises ValueError when a new version hides it somewhere else."""
    style = re.sub(r"@font-face\{[^}]*\}", "", style)
    style = style.replace("GDS Transport,arial,sans-serif", "var(--op-sans)")
    style = re.sub(r"(?<=[{}])[^{}]*\{[^{}]*(?:crest|crown)[^{}]*\}", "", style)
    style = re.sub(r"(?<=[{}])[^{}@]*(?:crest|crown)[^{}@]*\{[^{}]*\}", "", style)
    style = without_source_map(style)
    left = [word for word in FORBIDDEN if word in style]
    if left:
        raise ValueError(f"govuk-frontend still holds {left}: extend dress() in tools/vendor_assets.py.")
    return style


def without_source_map(text: str) -> str:
    return re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/)?", "", text)


def vendor_map(unpack: Callable[[Package], Path]) -> None:
    """Country outlines (Natural Earth, 1:110 million) as one small SVG path each."""
    folder, target = unpack(WORLD), VENDOR / "world-atlas"
    target.mkdir(parents=True, exist_ok=True)
    outlines = world_outlines.read(
        folder / "countries-110m.json", folder / "countries-50m.json", folder / "land-110m.json"
    )
    (target / "outlines.json").write_text(outlines)
    shutil.copyfile(folder / "LICENSE", target / "LICENSE.txt")
    (target / "VERSION").write_text(
        f"{WORLD.title}\nISC; the outlines are Natural Earth's, in the public domain.\n"
        "Changed by tools/world_outlines.py: projected, and written as SVG paths by country code.\n"
    )


def vendor_axe(unpack: Callable[[Package], Path]) -> None:
    """The accessibility checker that the browser tests put into pages; the product itself never loads it."""
    folder = unpack(AXE)
    AXE_FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("axe.min.js", "LICENSE"):
        shutil.copyfile(folder / name, AXE_FOLDER / name)
    (AXE_FOLDER / "VERSION").write_text(f"{AXE.title}\nMozilla Public License 2.0, unmodified.\n")


PARTS = {"fonts": vendor_fonts, "govuk": vendor_govuk, "map": vendor_map, "axe": vendor_axe}


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as temporary:

        def unpack(package: Package) -> Path:
            return fetch(package, Path(temporary))

        for name in names or PARTS:
            PARTS[name](unpack)
            print(f"{name}: done")


def fetch(package: Package, folder: Path) -> Path:
    """Download and unpack one package; raises ValueError when its hash is not the one noted here."""
    target = folder / package.name.replace("/", "-")
    if not target.exists():
        answer = subprocess.run(
            ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        archive = folder / answer.stdout.split()[-1]
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != package.sha512:
            raise ValueError(f"{package.title} has another hash than noted: {found}")
        with tarfile.open(archive) as packed:
            packed.extractall(target, filter="data")
    return target / "package"


if __name__ == "__main__":
    main(sys.argv[1:])
