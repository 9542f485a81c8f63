# The two commands of the README are `make demo` and `make test`. Both set up what they need in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint bench messages docs soak clean

$(VENV)/.demo: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev,bench]"
	touch $@ $(VENV)/.demo

demo: $(VENV)/.demo
	$(BIN)/efimport demo

test: lint
	$(BIN)/pytest -q -n auto -m "not slow"

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py check

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.mt940_peers

# How many processes the crash tests kill in all.
EFIMPORT_KILLS ?= 2000

soak: $(VENV)/.dev
	EFIMPORT_KILLS=$(EFIMPORT_KILLS) $(BIN)/pytest -q -m slow

messages: $(VENV)/.dev
	$(BIN)/python tools/messages.py update

docs: $(VENV)/.dev
	$(BIN)/python tools/docs.py update

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
