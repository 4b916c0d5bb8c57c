#!/usr/bin/env bash
# Every check, the tests last: their last line counts them. With --static: everything but the tests.
# A check that fails does not stop the others; the exit code says whether all held.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        printf '%-12s ok\n' "$name"
    else
        printf '%-12s FAILED: %s\n%s\n' "$name" "$*" "$output"
        failed+=("$name")
    fi
}

check format "$bin/ruff" format --check .
check lint "$bin/ruff" check .
check types "$bin/mypy"
check templates "$bin/djlint" --quiet --lint templates
check imports "$bin/lint-imports" --config tests/architecture/imports.ini
check packages "$bin/deptry" .

if [ "${1:-}" != --static ]; then
    if [ ${#failed[@]} -gt 0 ]; then echo "Before the tests, these failed: ${failed[*]}."; fi
    "$bin/python" -m pytest -n "${TEST_WORKERS:-2}" --dist loadgroup -q || failed+=(tests)
fi
[ ${#failed[@]} -eq 0 ]
