# Hutong 胡同. `make help` lists what there is.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
# Three test processes: many tests wait for servers and browsers; with four they wait for each other. A file's tests
# stay together. SPREAD= for one.
SPREAD ?= -n 3 --dist loadfile --no-loadscope-reorder
BIN := .venv/bin
# Compiled when first imported: less than a third of what is installed ever is.
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes
export PYTHONPATH := src
export DJANGO_SETTINGS_MODULE := hutong.project.settings
# Where an image forbids it, each of the processes of a start or a test would compile the whole project by itself.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup setup-modules setup-spu setup-dev demo up test check bench format lock clean

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: .venv/run.stamp .venv/modules.stamp node_modules/.stamp .venv/locales.stamp ## Install what it needs to run

setup-modules: .venv/modules.stamp ## … and the libraries of the supermarket's heavier modules (OCR; about 15 s, 300 MB)

setup-spu: ## The engine of joint computation, in a Python of its own (about 1 GB; then set HUTONG_SPU_PYTHON)
	python3.11 -m venv .venv-spu && .venv-spu/bin/pip install -q --require-hashes -r requirements-spu.lock
	@echo "HUTONG_SPU_PYTHON=$(CURDIR)/.venv-spu/bin/python"
setup-dev: setup .venv/dev.stamp ## … and what it needs to be worked on

demo: setup ## Bring up the Dongcheng demo district on http://127.0.0.1:8000 (PORT= to change)
	HUTONG_DEMO=1 $(BIN)/hutong init
	HUTONG_DEMO=1 $(BIN)/hutong demo load
	HUTONG_DEMO=1 exec $(BIN)/hutong up --port $(PORT)

test: setup-dev ## Run the tests
	$(BIN)/python -m pytest -q $(SPREAD)

check: setup-dev ## Everything CI runs
	bash .ci/check

bench: setup-dev .venv-peers/stamp ## Measure speed against peers in the same run (20 min on an idle machine; wrk on the path)
	$(BIN)/python -m bench

format: setup-dev ## Put the code into its form
	$(BIN)/python -m ruff check --fix-only -q src tests bench
	$(BIN)/python -m ruff format -q src tests bench

lock: setup-dev ## Pin what pyproject.toml asks for (needs uv)
	uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements.lock -q
	uv pip compile pyproject.toml --extra modules --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -c requirements.lock -o requirements-modules.lock -q
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -c requirements.lock -o requirements-dev.lock -q
	uv pip compile bench/peers.in --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements-peers.lock -q

clean: ## Remove what make made, save the state in var/
	rm -rf .venv .venv-peers node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) -r requirements.lock
	echo "$(CURDIR)/src" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/hutong.pth"
	printf '#!%s\nfrom hutong.project.cli import main\n\nmain()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/hutong && chmod +x $(BIN)/hutong
	@touch $@

.venv/modules.stamp: requirements-modules.lock .venv/run.stamp
	$(PIP) -r requirements-modules.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp .venv/modules.stamp
	$(PIP) -r requirements-dev.lock
	@touch $@

# Datasette and pymerkle pin other versions than ours.
.venv-peers/stamp: requirements-peers.lock
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-peers.lock
	@touch $@

node_modules/.stamp: package.json package-lock.json | .venv/bin/python
	bash .ci/npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

.venv/locales.stamp: $(wildcard src/hutong/*/locale/*/LC_MESSAGES/django.po) .venv/run.stamp
	$(BIN)/python -m hutong.kernel.locales
	@touch $@
