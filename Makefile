# Perron. `make help` explains every target. Two commands matter: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?=
PORT ?= 8000
# What `make run` keeps: database, lake, secret key. Remove the folder to start afresh.
export PERRON_HOME ?= $(CURDIR)/var
VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
# Node comes with the locked packages, so that the bundle is the same on every machine.
export PATH := $(BIN):$(PATH)

PACKAGED := $(VENV)/.packages
NODE_PACKAGES := node_modules/.packages
BUNDLE := src/perron/site/static/dist/manifest.json
FRONT := $(shell find src/perron/site/static/perron -type f 2>/dev/null)
CATALOGUES := $(shell find src/perron/locale -name '*.po' 2>/dev/null)

.PHONY: help run setup bundle test test-all lint format wheel bench messages lock demo-data browser clean

help: ## this list
	@echo "Perron: make TARGET"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup bundle ## set everything up and serve the shipped territory at http://127.0.0.1:8000 (PORT=… to change)
	@perron demo --port $(PORT)

setup: $(PACKAGED) ## the virtual environment, from the hash-pinned lock file

$(PACKAGED): requirements/dev.txt pyproject.toml hatch_build.py $(CATALOGUES)
	@tools/venv.sh "$(VENV)" "$(PYTHON)"
	@touch $@

bundle: $(BUNDLE) ## the front-end bundle, by esbuild (built, never committed)

$(NODE_PACKAGES): package.json package-lock.json | $(PACKAGED)
	@echo "Installing the front-end tools…"
	@npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@touch $@

$(BUNDLE): tools/bundle.mjs $(FRONT) $(NODE_PACKAGES)
	@node tools/bundle.mjs

browser: $(NODE_PACKAGES) ## find a Chromium for the browser tests, or install one
	@tools/browser.sh

test: setup bundle browser ## every check and test but the slow ones, on SQLite and PostgreSQL, pages in a real browser (< 10 min)
	@python tools/test.py quick

test-all: setup bundle browser ## the slow part: kill and fuzz tests, load, the wheel on each Python present
	@python tools/test.py slow

lint: setup ## formatting, lint, types, architecture
	@python tools/test.py lint

format: setup ## rewrite the code in the project's format
	@ruff check --fix --quiet . ; ruff format .

wheel: setup bundle ## build/wheel/perron-*.whl, with the bundle inside
	@rm -rf build/wheel && hatchling build -t wheel -d build/wheel

bench: setup bundle ## methods beside the published packages, null models, page times, a large directory; writes docs/performance.md
	@python bench/economy.py
	@python bench/null_models.py
	@python bench/pages.py
	@python bench/directory.py

messages: setup ## bring locale/*.po up to date with the sentences in the code
	@python tools/messages.py

lock: setup ## pin again what pyproject.toml asks for (UPGRADE=1 takes newer versions)
	@tools/lock.sh $(if $(UPGRADE),--upgrade)

SHARED ?= ../shared
demo-data: setup ## make the shipped tables again from the original files (SHARED=folder)
	@python -m perron.demo.build $(SHARED)/data

clean: ## remove what was built; PERRON_HOME is kept
	@rm -rf .venv node_modules build dist src/perron/site/static/dist .cache screenshots
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
