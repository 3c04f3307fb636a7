# One command does each thing, and CI runs the same ones.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: run chat test bench train check check-delivery lock help

help:            ## this list
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: $(VENV)/.run          ## everything set up, then the server on http://127.0.0.1:8080
	$(BIN)/motcua serve

chat: $(VENV)/.run         ## the same conversation in the terminal
	@$(BIN)/motcua chat

test: $(VENV)/.dev         ## all tests that need no browser and no PostgreSQL
	$(BIN)/pytest -n 2 -m "not browser and not postgres"

bench: $(VENV)/.dev        ## accuracy and speed figures
	$(BIN)/python -m tests.benchmark

train: $(VENV)/.run        ## fit the matcher anew over the catalogue in the database
	$(BIN)/python -m bot.commands.train

check: $(VENV)/.dev        ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check-delivery: $(VENV)/.dev  ## kill test: 10,000 messages on SQLite and PostgreSQL; sent, answered, duplicates, lost
	$(BIN)/python -m tests.delivery.check

lock:                      ## write the lock files anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --extra build --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --extra build -c requirements-dev.lock pyproject.toml -o requirements.lock

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
