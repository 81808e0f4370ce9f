# Two commands for a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
PORT ?= 8000
V := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1

.PHONY: help demo demo-reset install install-dev test test-deps check format dev bench vendor translations lock docs-pictures clean

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.venv/.base: requirements/build.txt requirements/base.txt pyproject.toml
	@echo "installing Nayu into .venv …"
	@test -x $(V)/python || $(PYTHON) -m venv .venv
	@$(V)/python -m pip install --quiet --require-hashes -r requirements/build.txt
	@$(V)/python -m pip install --quiet --require-hashes -r requirements/base.txt
	@$(V)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.base requirements/dev.txt
	@echo "installing the tools for tests …"
	@$(V)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

install: .venv/.base ## install only
install-dev: .venv/.dev ## install what tests and checks need besides

demo: .venv/.base ## build the sample city once and serve it (PORT=8000)
	@$(V)/nayu demo --port $(PORT)

demo-reset: .venv/.base ## throw the sample city away, build it afresh, serve it
	@$(V)/nayu demo --reset --port $(PORT)

dev: .venv/.dev ## serve with reloading, for developers
	@NAYU_DEBUG=1 NAYU_SAMPLE_CITY=1 NAYU_TODAY=2025-07-15 $(V)/python manage.py runserver $(PORT)

test: .venv/.dev ## all tests: SQLite, PostgreSQL, browser
	@tools/test-deps
	@tools/test

test-deps: ## install PostgreSQL, Chromium and poppler (needs rights)
	@tools/test-deps --install

check: .venv/.dev ## style, types, architecture, migrations, translations, templates
	@tools/check

format: .venv/.dev ## format code and templates
	@$(V)/ruff check --fix --quiet . ; $(V)/ruff format --quiet .
	@$(V)/djlint --reformat --quiet src || true

translations: .venv/.dev ## find new messages, compile catalogues
	@$(V)/python -m tools.translations update

bench: .venv/.dev ## measure, as ratios, into bench/results
	@$(V)/python -m bench.run
	@$(V)/python -m bench.allocation

vendor: .venv/.base ## rebuild the vendored front-end files from npm
	@$(V)/python tools/vendor.py

lock: .venv/.dev ## lock the dependencies again
	@tools/lock

docs-pictures: .venv/.dev ## take the pictures of the README afresh
	@$(V)/python -m tools.pictures

clean: ## remove what was built (keeps var/)
	@rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache
