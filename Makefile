# make install | run | test | check | bench; the others are for those who change texts and pictures.

.DEFAULT_GOAL := help
.PHONY: help install run test test-long check bench messages screenshots clean
SHELL := /bin/bash

VENV := .venv
BIN := $(VENV)/bin
# The first interpreter that is new enough; `make PYTHON=… install` chooses another.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)

# What a stamp depends on is what an installation is made of: without a change, make does nothing.
RUNTIME := $(VENV)/.installed
DEV := $(VENV)/.installed-dev

help:
	@echo 'make run        the bot; without BOT_TOKEN a demo with a Telegram of its own'
	@echo 'make install    everything for running and changing it, into .venv/'
	@echo 'make test       make check, then the tests with their coverage'
	@echo 'make test-long  the tests that take minutes'
	@echo 'make check      layout, types, imports, texts'
	@echo 'make bench      the figures of the README'
	@echo 'make messages   bring the catalogues in locales/ up to the code'
	@echo 'make screenshots  the pictures in docs/'
	@echo 'make clean      remove what was made, except .venv/ and var/'

$(RUNTIME): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or later is missing (Debian: apt-get install python3 python3-venv).'; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# Older versions of pip know no dependency groups.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(DEV): $(RUNTIME)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@

install: $(DEV)

run: $(RUNTIME)
	@exec $(BIN)/rakor run

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m bot.catalogues check

# The tests of the chat page and the whole-journey tests drive Debian's Chromium.
test: check
	@command -v chromium >/dev/null || { echo 'chromium is missing (Debian: apt-get install chromium).'; exit 1; }
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 3 --dist worksteal $(PYTEST)
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-long: $(DEV)
	$(BIN)/pytest -m long $(PYTEST)

bench: $(DEV)
	$(BIN)/python -m benchmarks.transport
	$(BIN)/python -m benchmarks.updates
	$(BIN)/python -m benchmarks.start
	$(BIN)/python -m benchmarks.search benchmarks/data/questions.yaml
	$(BIN)/python -m benchmarks.schedules
	$(BIN)/python -m benchmarks.consensus
	$(BIN)/python -m benchmarks.registration
	$(BIN)/python -m benchmarks.participants
	$(BIN)/python -m benchmarks.checkins
	$(BIN)/python -m benchmarks.dialogue
	$(BIN)/python -m benchmarks.simulator
	$(BIN)/python -m benchmarks.deliveries_table
	$(BIN)/python -m benchmarks.delivery

messages: $(DEV)
	$(BIN)/python -m bot.catalogues update

screenshots: $(DEV)
	$(BIN)/python -m docs.screenshots

clean:
	rm -rf dist build htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
