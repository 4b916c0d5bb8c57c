"""Put the stylesheets into the one file that pages load: app/static/onepact.css.

    python -m tools.build_styles            write it
    python -m tools.build_styles --check    exit 1 when it is not what the sources make

First the vendored components, then our sheets, in the order below: later ones may lean on earlier ones.
"""

import sys
from pathlib import Path

import rcssmin

STATIC = Path(__file__).resolve().parent.parent / "app/static"
TARGET = STATIC / "onepact.css"
COMPONENTS = STATIC / "vendor/govuk-frontend/govuk-frontend.min.css"
SHEETS = (
    "tokens",
    "base",
    "header",
    "buttons",
    "forms",
    "status",
    "lists",
    "catalog",
    "desk",
    "writing",
    "proposal",
    "review",
    "workspace",
    "pipelines",
    "inbox",
    "promises",
    "agreement",
    "figures",
    "home",
    "accounts",
    "mail",
    "print",
)


def built() -> str:
    """The served stylesheet, from its sources."""
    own = "\n".join((STATIC / f"css/{name}.css").read_text() for name in SHEETS)
    return f"{COMPONENTS.read_text().strip()}\n{rcssmin.cssmin(own)}\n"


def main(arguments: list[str]) -> int:
    text = built()
    if "--check" in arguments:
        current = TARGET.exists() and TARGET.read_text() == text
        print("current" if current else f"{TARGET} is old: run python -m tools.build_styles")
        return 0 if current else 1
    TARGET.write_text(text)
    print(f"{TARGET.relative_to(STATIC.parent.parent)}: {len(text)} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
