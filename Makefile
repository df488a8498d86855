# `make` alone lists the targets.
PYTHON ?= python3
RUN := .venv/bin/python

# Folders whose texts nobody reads in another language.
UNTRANSLATED := --ignore .venv --ignore tests --ignore benchmarks --ignore sandbox

.DEFAULT_GOAL := help
.PHONY: help python install install-dev demo clean test test-all counterparts counterpart-tests chaos bench lint types contracts messages migrations requirements

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Settings, such as make demo CROSSDOCK_PORT=8100:"
	@echo "  CROSSDOCK_PORT   the port of the sites (8000)"
	@echo "  CROSSDOCK_DATA   the folder for keys, logs and the demo's books (.data)"
	@echo "  CROSSDOCK_COUNTERPARTS  where make counterparts installs"
	@echo "  DATABASE_URL     a PostgreSQL server instead of the embedded one"
	@echo "  PYTHON           the interpreter to make .venv with (python3)"

# Whatever is called python, even one that cannot read our files, has to be told from one that can.
OLDEST = import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, and %s is \
	%d.%d. Install a newer one, or name it: make demo PYTHON=python3.12" % ((sys.executable,) + tuple(sys.version_info[:2])))

python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Install Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) -c '$(OLDEST)'

install: python ## Make .venv and install the pinned packages
	@$(PYTHON) -m portal.demo.prepare requirements.txt

install-dev: python ## The same, with what tests and checks need
	@$(PYTHON) -m portal.demo.prepare requirements-dev.txt

demo: install ## Start a whole installation with demo systems; Ctrl-C stops all of it
	@$(RUN) -m portal.demo

clean: install ## Begin anew: remove this checkout's embedded databases and what the demo remembers
	@$(RUN) -m portal.demo.clean

SIDE_BY_SIDE = -n 2 --dist loadfile --no-loadscope-reorder

test: install-dev ## Run what takes minutes: no browser, no whole installation, no long file
	@$(RUN) -m pytest -rs -m "not (browser or live or chaos or chaos_long or timed or counterpart or long)" $(SIDE_BY_SIDE)

test-all: install-dev ## Run the whole test suite on the embedded database, two files at a time
	@$(RUN) -m pytest -rs -m "not (chaos_long or timed or counterpart)" $(SIDE_BY_SIDE)
	@$(RUN) -m pytest -rs -m timed

counterparts: install-dev ## Install the systems that we did not write (QUICK=--quick, or NAMES=tryton)
	@$(RUN) -m tests.counterparts $(QUICK) $(NAMES)

TABLE ?= docs/counterparts.md

counterpart-tests: install-dev ## Prove our flows against those that are installed; writes docs/counterparts.md
	@$(RUN) -m pytest -rs -m counterpart --counterparts-table $(TABLE) tests/counterparts

chaos: install-dev ## Kill processes at random for many minutes; the tests run a short form
	@$(RUN) -m pytest -rs -m chaos_long

bench: install-dev ## Run every benchmark; prints a table, writes benchmarks/results.json
	@$(RUN) -m benchmarks

lint: install-dev ## Style and formatting
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

types: install-dev ## Static types
	@CROSSDOCK_DATABASE_ROLE=none .venv/bin/mypy portal integrations monitoring billing

contracts: install-dev ## Which floor may import which
	@.venv/bin/lint-imports

messages: install-dev ## Gather marked texts for each language and compile them (needs GNU gettext)
	@$(RUN) manage.py makemessages --all --no-wrap --no-location --no-obsolete $(UNTRANSLATED)
	@sed -i '/^"POT-Creation-Date:/d' locale/*/LC_MESSAGES/django.po
	@$(RUN) manage.py compilemessages --ignore .venv

migrations: install-dev ## Whether the models and the migrations agree
	@$(RUN) manage.py makemigrations --check --dry-run

COMPILE = .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links

requirements: ## Pin the newest fitting packages of pyproject.toml (UPGRADE=--upgrade)
	@$(COMPILE) $(UPGRADE) --output-file requirements.txt pyproject.toml
	@$(COMPILE) $(UPGRADE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
