# Playhead. `make` alone lists the targets. Needs Python >= 3.11, pip and make.
#
#   PYTHON=python3.12 make run      another interpreter (delete .venv first)
#   ARGS='--port 0' make run        arguments for `playhead serve`
#   ARGS='-k heatmap' make test     arguments for pytest

PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet -c constraints.txt
PYTEST := $(BIN)/python -m pytest -n logical --maxprocesses 8 --dist loadgroup --no-loadscope-reorder

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help run test check bench openapi docs people explore

help: ## list the targets
	@awk -F ': .*## ' '/^[a-z]+: .*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.run ## start the server on 127.0.0.1:8000 with the demo world
	@exec $(BIN)/playhead serve $(ARGS)

test: $(VENV)/.test ## run all tests, print the ten slowest
	$(PYTEST) --durations=10 $(ARGS)

check: $(VENV)/.test ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict app tests bench tools
	$(BIN)/lint-imports

bench: $(VENV)/.test ## measure: one table of figures beside a baseline of the same run
	$(BIN)/python -m bench $(ARGS)

openapi: $(VENV)/.run ## export openapi/*.yaml from the app
	$(BIN)/python -m tools.export_openapi

docs: $(VENV)/.test ## write docs/operations.md and docs/settings.md from the code
	$(BIN)/python -m tools.readme_tables

people: $(VENV)/.run ## let Faker make fixtures/people/*.json again
	$(BIN)/python -m playhead.world.generator.people

explore: $(VENV)/.test ## the laws over many random worlds, for long
	PLAYHEAD_HYPOTHESIS=explore $(PYTEST) -m invariants $(ARGS)

# Two stamps: running needs the runtime only, all else the tools as well.

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Playhead into $(VENV) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Playhead and its tools into $(VENV) ..."
	@$(PIP) -e '.[test]'
	@touch $(VENV)/.run $@

# Some distributions ship venv without ensurepip; then pip comes from the interpreter's own.
$(BIN)/python:
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { $(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip --python $@ install --quiet pip; }
