# Kush Films on one machine. Needs only Python 3.11+ and the package registries.
#
#   make run        start the site on http://127.0.0.1:8000 (PORT=... and HOST=... change it)
#   make test       run every check that a change must pass
#   make lint       run the static checks     make format   apply automatic fixes
#   make soak       run the long tests        make reset    delete all local data
#   make shell      open a Django shell       make manage ARGS="..."
#   make schema     write docs/openapi.yaml from the code
#   make messages   update locale/*/django.po from the code, with new texts to translate
#   make drawing    write docs/images/architecture.svg from the import contracts
#   make lock       compile requirements/*.in with hashes (UPGRADE=1: newest versions)

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV_PYTHON := .venv/bin/python
EMBEDDED := $(VENV_PYTHON) -m dev.stack
export PORT HOST

.PHONY: drawing messages run test lint format soak reset shell manage schema build lock install

# The tether stops the launcher, and with it the site, when make itself is killed.
run: install
	@exec $(VENV_PYTHON) -I -S streaming/encoding/tether.py SIGTERM $(EMBEDDED) run

test lint schema soak build messages: install
	@exec $(EMBEDDED) $@

reset: install
	@exec $(EMBEDDED) reset

shell: install
	@exec $(EMBEDDED) manage shell

manage: install
	@exec $(EMBEDDED) manage $(ARGS)

format: install
	@$(VENV_PYTHON) -m ruff check --fix-only --quiet .
	@$(VENV_PYTHON) -m ruff format .
	@if [ -d templates ]; then $(VENV_PYTHON) -m djlint --quiet --reformat templates; fi

install:
	@$(if $(PYTHON),,$(error Kush Films needs Python 3.11 or newer; name one with PYTHON=...))
	@$(PYTHON) dev/stack/install.py

drawing: install
	@$(VENV_PYTHON) -m dev.drawing

# dev is compiled before bootstrap, which takes its version of uv from it.
lock: install
	@for name in base dev bootstrap bench; do \
		.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links --python-version 3.11 $(if $(UPGRADE),--upgrade) \
			requirements/$$name.in -o requirements/$$name.txt || exit 1; done
