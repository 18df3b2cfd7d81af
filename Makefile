# make run: the app at http://127.0.0.1:8501; make test: the tests; make test-all: the slow ones too.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test test-all test-faults lint bench screenshots pictures clean

run: $(VENV)/.installed
	$(BIN)/tillit build
	$(BIN)/tillit ui

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m "not slow and not browser"

test-all: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

test-faults: $(VENV)/.installed-dev
	TILLIT_KILLS=100 $(BIN)/python -m pytest tests/test_faults.py

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed
	$(BIN)/tillit bench

screenshots: $(VENV)/.installed-dev
	$(BIN)/python -m tests.app.screenshots

pictures: $(VENV)/.installed-dev
	$(BIN)/python -m tests.app.screenshots --readme

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tillit needs Python 3.11 or later; set PYTHON=…")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/pip install --progress-bar off -q -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --progress-bar off -q -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
