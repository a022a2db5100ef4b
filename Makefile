SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DJANGO := DJANGO_SETTINGS_MODULE=anze.config.settings PYTHONWARNINGS=ignore::RuntimeWarning $(BIN)/python -m django

.DEFAULT_GOAL := help
.PHONY: help run init test bench lint types contracts migrations catalogue units format backup upgrade clean lock

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run ## install, start the database, fill the demonstration once, serve
	@exec $(BIN)/anze run

init: $(VENV)/run ## an empty installation with one administrator
	@exec $(BIN)/anze init

test: $(VENV)/test ## everything that must hold before a change is merged
	@$(BIN)/python .ci/stages.py lint types contracts migrations catalogue units

bench: $(VENV)/run ## measure speed and memory, print and store the table
	@$(BIN)/anze bench

lint: $(VENV)/test ## style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .

types: $(VENV)/test ## static types
	@$(BIN)/mypy

contracts: $(VENV)/test ## what may import what
	@$(BIN)/lint-imports

migrations: $(VENV)/test ## models and migrations agree
	@$(DJANGO) makemigrations --check --dry-run --skip-checks

catalogue: $(VENV)/test ## law and duties are well-formed
	@$(BIN)/anze catalogue check

units: $(VENV)/test ## all tests, with branch coverage; each process has a database of its own
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder --cov --cov-report=
	@$(BIN)/coverage report --include='anze/rules/*,anze/wire/*' --fail-under=100 --show-missing --skip-covered
	@$(BIN)/coverage report --omit='anze/rules/*,anze/wire/*,*/migrations/*' --fail-under=90 --show-missing --skip-covered

format: $(VENV)/test ## rewrite the code in the one style
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

backup: $(VENV)/run ## a backup in this directory, also while running
	@$(BIN)/anze backup .

upgrade: $(VENV)/run ## after an update of the program: back up, migrate, verify
	@$(BIN)/anze upgrade

clean: ## forget the virtual environment and caches; data stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage *.egg-info

lock: ## compile requirements/*.txt again (needs uv)
	@for set in run test; do \
	  uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	    --python-version 3.11 --universal requirements/$$set.in -o requirements/$$set.txt; done

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo '需要 Python 3.11 或更新的版本 / Python 3.11 or newer is required'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo '缺少 venv，请安装：apt-get install python3-venv / install python3-venv first'; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run: requirements/run.txt pyproject.toml | $(VENV)/made
	@echo '安装依赖 / installing requirements ...'
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test: requirements/test.txt $(VENV)/run
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/test.txt
	@touch $@
