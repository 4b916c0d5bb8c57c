# Two commands matter: `make run` and `make test`. The others are for people who change the code.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test test-slow check format lock migration bench bench-relevance
COMPILE := .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--python-version 3.11 --custom-compile-command "make lock"

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run:  ## install what is missing and serve the demo (PORT=8000, DATABASE_URL=postgresql+psycopg://…)
	@tools/setup.sh run
	@exec .venv/bin/python -m tools.serve

test:  ## install what is missing and run every check
	@tools/setup.sh test
	@tools/check.sh

test-slow:  ## people act at random on both databases, nothing that must never happen may happen; whole real catalogs are valid; the demo is whole on any day and after the first start, and each of its pages legible on a telephone and accessible by day and by night (MACHINE_EXAMPLES=300; MACHINE_PART=1 a fixed part)
	@tools/setup.sh test
	@.venv/bin/python -m pytest -n "$${TEST_WORKERS:-2}" --dist worksteal -q -o python_files='slow_*.py' tests/machine tests/exchange tests/demo tests/web

check:  ## format, lint, types, templates and dependencies, without the tests
	@tools/setup.sh test
	@tools/check.sh --static

format:  ## fold and sort the code
	@tools/setup.sh test
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format .

lock:  ## compile requirements*.in into requirements*.txt with hashes (UPGRADE=1 takes newer versions)
	@tools/setup.sh test
	$(COMPILE) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) -c requirements.txt requirements-dev.in -o requirements-dev.txt

migration:  ## draft the next migration from the models (NAME="add a column")
	@tools/setup.sh test
	@folder=$$(mktemp -d); export ONEPACT_HOME=$$folder; trap 'rm -rf "$$folder"' EXIT; \
	.venv/bin/alembic upgrade head && .venv/bin/alembic revision --autogenerate -m "$(NAME)"

bench:  ## measure what people wait for, beside others who do the same; prints ratios
	@tools/setup.sh test
	@[ -x .venv-bench/bin/pip ] || python3 -m venv .venv-bench
	@.venv-bench/bin/pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@command -v wrk >/dev/null || { echo "Missing: wrk. Run this, then try again: apt-get install wrk" >&2; exit 1; }
	@for name in letters queue imports search catalog growth; do .venv/bin/python -m bench.$$name; done

bench-relevance:  ## how well the search finds, on judged collections that others made (DATA=folder)
	@tools/setup.sh run
	@[ -x .venv-bench/bin/pip ] || python3 -m venv .venv-bench
	@.venv-bench/bin/pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@.venv-bench/bin/python -m bench.relevance "$${DATA:-../shared/data/search-relevance}"
