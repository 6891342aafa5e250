# Everything that is done here by hand. `make` alone lists it.
#
# .venv is made from requirements.lock and nothing else, and fundledger is installed into it from this tree.
# Both are done again when what they were made from has changed: .venv/lock.stamp and .venv/source.stamp hold
# checksums of it. Another Python: make test PYTHON=python3.13
# .venv-spark is made from requirements-spark.lock in the same way, for `make spark` alone.

SHELL = /bin/sh
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
LOCK = requirements.lock
INSTALL = $(PIP) install --require-hashes --only-binary :all:
FILL = $(INSTALL) -r $(LOCK)
# PySpark comes as source alone: it is built by the setuptools of the lock, which is there before.
ifeq ($(LOCK),requirements-spark.lock)
FILL = sed -n '/^setuptools==/,/ via/p' $(LOCK) > $(VENV)/builder.lock && $(INSTALL) -r $(VENV)/builder.lock \
    && $(INSTALL) --no-binary pyspark --no-build-isolation -r $(LOCK)
endif
# Prints the interpreter behind a candidate, so that .venv can be made anew from inside itself.
export SUITABLE = import ensurepip, sys, venv; \
    (3, 11) <= sys.version_info[:2] <= (3, 13) or sys.exit(1); \
    print(getattr(sys, "_base_executable", sys.executable))
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras \
    --exclude-newer '7 days' $(UPGRADE) pyproject.toml
SOURCES = fundledger rules pyproject.toml LICENSE README.md

help: ## List the targets
	@sed -n 's/^\([a-z]*\):[^#]*## /\1	/p' Makefile | expand -t 8

run: install ## Run the main job on the example office
	@$(BIN)/python -m fundledger.example run

example: install ## Write the example office's ledgers/ and rules/needs/ again
	@rm -rf ledgers rules/needs && $(BIN)/python -m fundledger.example build .

test: lint ## Check everything: style, types, layers, then the tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

coverage: install ## Run the tests and measure which branches they go through: takes twice as long
	@$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term-missing:skip-covered

lint: install ## Check style, types and layers only
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m ruff format --check
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports
	@tracked=$$(git ls-files --cached --ignored --exclude-standard 2>/dev/null); \
	[ -z "$$tracked" ] || { echo "tracked although .gitignore leaves it out: $$tracked" >&2; exit 1; }

soak: install ## Run the long tests, with fresh random examples
	@HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -m 'soak and not spark'

spark: ## Match on a cluster of three processes, as DuckDB does: needs Java 17 (SOAK=1: each case alone too)
	@command -v "$${JAVA_HOME:+$$JAVA_HOME/bin/}java" >/dev/null \
	    || { echo 'make spark needs Java 17 or later, on PATH or in JAVA_HOME.' >&2; exit 1; }
	@$(MAKE) --no-print-directory environment VENV=.venv-spark LOCK=requirements-spark.lock
	@.venv-spark/bin/python -m pytest -m 'spark$(if $(SOAK),, and not soak)' tests/spark

bench: install ## Measure
	@$(BIN)/python benchmarks/run.py

docs: install ## Write docs/checks.md again from the catalogue of checks
	@$(BIN)/python -m fundledger.checks.page

lock: ## Write both locks again from pyproject.toml (needs uv; UPGRADE=--upgrade takes newer releases)
	@command -v uv >/dev/null || { echo 'make lock needs uv on PATH.' >&2; exit 1; }
	@$(COMPILE) --group dev --extra people --extra match --output-file requirements.lock >/dev/null
	@$(COMPILE) --group cluster --extra match --extra spark --constraints requirements.lock \
	    --output-file requirements-spark.lock >/dev/null

clean: ## Remove the environment, the caches and out/
	@rm -rf $(VENV) .venv-spark out build dist .coverage .coverage.* .hypothesis .pytest_cache .mypy_cache .ruff_cache \
	    .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@made_from=$$({ pwd; echo '$(PYTHON)'; cat $(LOCK); } | cksum); \
	if [ -x $(BIN)/python ] && [ "$$made_from" = "$$(cat $(VENV)/lock.stamp 2>/dev/null)" ]; then exit 0; fi; \
	python=; \
	for candidate in $(if $(PYTHON),$(PYTHON),python3 python3.13 python3.12 python3.11); do \
	    python=$$("$$candidate" -c "$$SUITABLE" 2>/dev/null) && break; \
	    python=; \
	done; \
	if [ -z "$$python" ]; then \
	    echo 'fundledger needs Python 3.11, 3.12 or 3.13 with its venv module, and found none; install one, or name one: make PYTHON=/path/to/python3.12' >&2; \
	    exit 1; \
	fi; \
	rm -rf $(VENV) && "$$python" -m venv $(VENV) \
	    && $(FILL) \
	    && echo "$$made_from" > $(VENV)/lock.stamp

install: environment
	@made_from=$$(find $(SOURCES) -type f ! -name '*.pyc' -exec cksum {} + 2>/dev/null | LC_ALL=C sort | cksum); \
	if [ "$$made_from" = "$$(cat $(VENV)/source.stamp 2>/dev/null)" ]; then exit 0; fi; \
	$(PIP) install --force-reinstall --no-build-isolation --no-deps --no-index . \
	    && echo "$$made_from" > $(VENV)/source.stamp

.PHONY: help run example test coverage lint soak spark bench docs lock clean environment install
