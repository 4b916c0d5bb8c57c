"""Bring the lists of common words into the tree, by which the search tells a word from a slip.

    python -m tools.word_lists

They are wordfreq's short lists for English, Spanish, Portuguese and French: words that occur at least once in a million,
folded as the search compares words, without their frequencies. A new version is one edited line and one run.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from app.foundation.text import fold

TARGET = Path(__file__).resolve().parent.parent / "app/search/language/word_lists"
LANGUAGES = ("en", "es", "pt", "fr")
VERSION = "3.1.1"
SHA256 = "4b1c6ecffc6198be3396d5cf871c4423ca71c907c231348d352dd54d62b97473"
_LISTED = "import sys, wordfreq; sys.stdout.write('\\n'.join(wordfreq.iter_wordlist(sys.argv[1], 'small')))"
NOTICE = f"""wordfreq {VERSION} (PyPI), its short lists of words; by Robyn Speer and others, https://github.com/rspeer/wordfreq
CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/), which holds for these four files too.
Changed by tools/word_lists.py: folded, in alphabetical order, words of two letters and more alone, no frequencies.

Its sources: Google Books Ngrams (http://books.google.com/ngrams), the Leeds Internet Corpus (University of Leeds), Wikipedia,
ParaCrawl, OPUS OpenSubtitles 2018 (http://www.opensubtitles.org/), and the SUBTLEX lists of Marc Brysbaert and others, which
are freely available data (http://crr.ugent.be/programs-data/subtitle-frequencies).
"""


def main() -> None:
    """Fetch the package, check its hash, and write one file for each language."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        pip = [sys.executable, "-m", "pip", "--quiet"]
        subprocess.run([*pip, "download", "--no-deps", "--dest", temporary, f"wordfreq=={VERSION}"], check=True)
        (wheel,) = folder.glob("wordfreq-*.whl")
        found = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if found != SHA256:
            raise ValueError(f"wordfreq {VERSION} has another hash than noted: {found}")
        subprocess.run([*pip, "install", "--target", str(folder / "lib"), str(wheel)], check=True)
        TARGET.mkdir(parents=True, exist_ok=True)
        for language in LANGUAGES:
            told = subprocess.run(
                [sys.executable, "-c", _LISTED, language],
                env={"PYTHONPATH": str(folder / "lib")}, check=True, capture_output=True, text=True,
            )  # fmt: skip
            words = {fold(word) for word in told.stdout.splitlines()}
            kept = sorted(word for word in words if word.isascii() and word.isalpha() and len(word) > 1)
            (TARGET / f"{language}.txt").write_text("\n".join([*kept, ""]), encoding="ascii")
        with zipfile.ZipFile(wheel) as packed:
            license_name = next(name for name in packed.namelist() if name.endswith("LICENSE.txt"))
            (TARGET / "LICENSE.txt").write_bytes(packed.read(license_name))
    (TARGET / "VERSION").write_text(NOTICE, encoding="utf-8")


if __name__ == "__main__":
    main()
