# Every command lives here once; .ci/run and you use the same.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .peers
SECOND := .second-python
HA_PYTHON ?= $(PYTHON)
SEEDS ?= 10000
SEEDED ?= tests/seeds
RUNS ?= 500
UNCLOCKED_TMP = $(shell free=$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $$4 }'); \
	if [ -w /dev/shm ] && [ "$${free:-0}" -gt 2000000 ]; then echo /dev/shm; else echo "$${TMPDIR:-/tmp}"; fi)

.PHONY: help demo check lint types test seeds bench peers second-python peers-home-assistant schema lock clean

help:
	@echo "make demo    a simulated home under the agent, with a cloud and its page, until Ctrl-C (DEMO_SECONDS=n ends it by itself)"
	@echo "make check   everything CI runs: ruff, mypy, tests, seeded runs, interop"
	@echo "make peers   other people's software for the interop tests (from npm and PyPI, into $(PEERS))"
	@echo "make second-python   another version of Python, on which the same seeds must give the same runs (into $(SECOND))"
	@echo "make peers-home-assistant   Home Assistant, whose automations the bench measures beside the rules (PyPI, Python 3.11)"
	@echo "make seeds   the long seeded runs (SEEDS=n)"
	@echo "make bench   latency, CPU, starts and pairing beside a bare echo, zwave-js, bellows and zigbee2mqtt (RUNS=n)"

$(VENV)/.done: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; try: make PYTHON=python3.12 " )'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing; try: sudo apt-get install python3-venv" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: $(VENV)/.done
	@$(BIN)/hubagent sim up demo --cloud --page auto $(if $(DEMO_SECONDS),--seconds $(DEMO_SECONDS)) --fresh

check: lint types test

lint: $(VENV)/.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.done
	$(BIN)/mypy

# What needs no clock and no ports of the machine shares its cores, and writes to memory where there is enough: tests of
# what is kept would wait for the disk most of their time, and the power cuts in them are simulated. The rest has the
# machine for itself, and waits more than it works: a file at a time, since its tests share what took long to come up.
test: $(VENV)/.done
	TMPDIR=$(UNCLOCKED_TMP) $(BIN)/pytest -q --numprocesses auto --dist worksteal -m "not real_time and not interop"
	$(BIN)/pytest -q --numprocesses 3 --dist loadfile -m "real_time or interop"

seeds: $(VENV)/.done
	HUBAGENT_SEEDS=$(SEEDS) $(BIN)/pytest -q --numprocesses auto --dist worksteal $(SEEDED)

bench: $(VENV)/.done
	$(BIN)/hubagent bench --runs $(RUNS)

peers: $(PEERS)/.done

$(PEERS)/.done: tests/interop/package.json tests/interop/package-lock.json tests/interop/requirements.txt
	@command -v npm >/dev/null || { echo "npm is missing; try: sudo apt-get install nodejs npm (Node.js 20 or newer)" >&2; exit 2; }
	@command -v chromium >/dev/null || echo "chromium is missing, so the tests of the cloud's page will be skipped; try: sudo apt-get install chromium" >&2
	@PATH="$$PATH:/usr/sbin" command -v mosquitto >/dev/null || echo "mosquitto is missing, so the tests with zigbee2mqtt will be skipped; try: sudo apt-get install mosquitto" >&2
	mkdir -p $(PEERS)
	cp tests/interop/package.json tests/interop/package-lock.json $(PEERS)/
	cd $(PEERS) && npm ci --no-audit --no-fund --ignore-scripts
	# In an environment of their own: they are GPL-3.0, and never part of the project's.
	$(PYTHON) -m venv --clear $(PEERS)/venv
	$(PEERS)/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement tests/interop/requirements.txt
	@touch $@

second-python: $(SECOND)/.done

$(SECOND)/.done: pyproject.toml requirements.lock
	python="$${SECOND_PYTHON:-$$(.ci/second-python $(PYTHON))}" && "$$python" -m venv --clear $(SECOND)
	$(SECOND)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(SECOND)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

peers-home-assistant: $(PEERS)/home-assistant/.done

# Not part of `make peers`: only the bench of the rules runs it, and nothing fails without it.
$(PEERS)/home-assistant/.done: tests/interop/requirements-home-assistant.txt
	@$(HA_PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else 1)' 2>/dev/null || { echo "Home Assistant 2024.3 needs Python 3.11; try: make peers-home-assistant HA_PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(HA_PYTHON) -m venv --clear $(PEERS)/home-assistant
	$(PEERS)/home-assistant/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement tests/interop/requirements-home-assistant.txt
	@touch $@

lock: $(VENV)/.done
	$(BIN)/python -m pip install --quiet pip-tools
	( echo "# Exact versions of everything that make demo and make check use. Renew with: make lock"; \
	  $(BIN)/pip-compile --quiet --extra dev --strip-extras --no-header --no-annotate --no-emit-index-url \
	    --no-emit-find-links --no-emit-options --upgrade --output-file - pyproject.toml ) > requirements.lock.new
	mv requirements.lock.new requirements.lock

clean:
	rm -rf $(VENV) $(PEERS) $(SECOND) .mypy_cache .ruff_cache .pytest_cache .hypothesis
