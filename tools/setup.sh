#!/usr/bin/env bash
# Makes this folder ready to run or to test: Debian packages, a virtual environment, hash-locked requirements.
#   tools/setup.sh run|test
# Quick when nothing is missing. Where it may not install Debian packages it prints the line to run and stops.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:?"say for what: run or test"}
case $purpose in run | test) ;; *) echo "tools/setup.sh: $purpose is neither run nor test." >&2; exit 2 ;; esac

# What letters are drawn with; and for tests a database, a browser and the tools that judge a PDF from outside.
packages=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1)
if [ "$purpose" = test ]; then
    packages+=(postgresql qpdf poppler-utils libnss3-tools zbar-tools)
fi

say() { printf '%s\n' "$*" >&2; }

has_package() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

has_browser() {
    local name
    for name in chromium google-chrome chromium-browser; do
        # On Ubuntu chromium-browser may be a stand-in that asks for a snap; only a browser that answers counts.
        if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then return 0; fi
    done
    compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-${HOME:-/root}/.cache/ms-playwright}/chromium*" >/dev/null
}

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

missing=()
python=$(find_python || true)
if [ -z "$python" ]; then
    missing+=(python3 python3-venv)
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    missing+=("$(basename "$python")-venv")
fi

if command -v dpkg-query >/dev/null; then
    for package in "${packages[@]}"; do
        has_package "$package" || missing+=("$package")
    done
    if [ "$purpose" = test ] && ! has_browser; then missing+=(chromium); fi
else
    say "This is no Debian or Ubuntu: install the counterparts of ${packages[*]} yourself."
fi

if [ ${#missing[@]} -gt 0 ]; then
    root=()
    if [ "$(id -u)" -ne 0 ]; then root=(sudo); fi
    if ! command -v apt-get >/dev/null || { [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; }; then
        say "Missing: ${missing[*]}. Run this, then try again:"
        say "  sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${missing[*]}"
        exit 1
    fi
    say "Installing ${missing[*]} …"
    log=$(mktemp)
    "${root[@]}" apt-get update >"$log" 2>&1 || say "apt-get update had trouble; going on with the lists at hand."
    wanted=()
    for package in "${missing[@]}"; do
        # Ubuntu has no chromium package (its browser comes with the test requirements below); old releases lack
        # libharfbuzz-subset0, without which letters are only slower.
        if apt-cache show "$package" >/dev/null 2>&1; then wanted+=("$package"); else say "No package $package here."; fi
    done
    if [ ${#wanted[@]} -gt 0 ] && ! "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends "${wanted[@]}" >>"$log" 2>&1; then
        tail -20 "$log" >&2
        say "apt-get could not install ${wanted[*]}: its last words stand above."
        exit 1
    fi
    rm -f "$log"
    python=$(find_python || true)
fi
if [ -z "$python" ] || ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    say "Python 3.11 or newer with its venv module is needed, and this machine's packages do not have it."
    exit 1
fi

exec 9<tools/setup.sh # two commands at once make one environment, one after the other
flock 9
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    say "Making .venv with $("$python" --version) …"
    "$python" -m venv --clear .venv
fi

file=requirements.txt
if [ "$purpose" = test ]; then file=requirements-dev.txt; fi
fingerprint=$(.venv/bin/python --version; sha256sum <"$file")
if [ "$(cat ".venv/.ready-$purpose" 2>/dev/null)" != "$fingerprint" ]; then
    say "Installing what $file names (its hashes are checked) …"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$file"
    printf '%s\n' "$fingerprint" >".venv/.ready-$purpose"
fi

if [ "$purpose" = test ] && ! has_browser; then
    say "Fetching a browser for the tests …"
    .venv/bin/playwright install --with-deps chromium >&2
fi
