# `make` alone lists the targets.
PYTHON ?= python3
RUN := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help install install-dev demo test chaos bench lint types contracts migrations requirements

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## Make .venv and install the pinned packages
	@$(PYTHON) -m portal.demo.prepare requirements.txt

install-dev: ## The same, with what tests and checks need
	@$(PYTHON) -m portal.demo.prepare requirements-dev.txt

demo: install ## Start a whole installation with demo systems; Ctrl-C stops all of it
	@$(RUN) -m portal.demo

test: install-dev ## Run the whole test suite on the embedded database
	@$(RUN) -m pytest -rs -m "not chaos_long"

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

migrations: install-dev ## Whether the models and the migrations agree
	@$(RUN) manage.py makemigrations --check --dry-run

COMPILE = .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links

requirements: ## Pin the newest fitting packages of pyproject.toml (UPGRADE=--upgrade)
	@$(COMPILE) $(UPGRADE) --output-file requirements.txt pyproject.toml
	@$(COMPILE) $(UPGRADE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
