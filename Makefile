# make demo   sets up a virtual environment, renders the built-in scenario, says where the picture is
# make test   sets up what the tests need and runs them
# make help   lists the rest

VENV   ?= .venv
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3.14 python3,\
            $(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(p))))
BIN    := $(VENV)/bin
CORE   := pyproject.toml CMakeLists.txt $(shell find skyforge/render skyforge/codec -name '*.h' -o -name '*.cpp' -o -name 'CMakeLists.txt')

.PHONY: help demo test test-slow test-gpu lint types contracts notebooks bench check clean

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "skyforge needs Python 3.11 or newer; set PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# One stamp for each set of dependencies; the extension is built again when its sources change.
$(VENV)/.installed: $(BIN)/python $(CORE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test]"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

demo: $(VENV)/.installed  ## render the built-in scenario into runs/demo
	$(BIN)/skyforge render --out runs/demo --overwrite

test: $(VENV)/.installed-test  ## run the tests (the slow ones excepted)
	$(BIN)/python -m pytest -m "not slow"

test-slow: $(VENV)/.installed-test  ## run the slow tests
	$(BIN)/python -m pytest -m slow

# On a host with an NVIDIA GPU; compute-sanitizer comes with the CUDA toolkit.
$(VENV)/.installed-gpu: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[gpu]"
	@touch $@

test-gpu: $(VENV)/.installed-gpu  ## on a GPU: the CPU's bytes, then compute-sanitizer
	$(BIN)/skyforge doctor
	$(BIN)/python -m pytest -m gpu
	PYTHON=$(BIN)/python SANITIZER_MISSING=0 tests/render/gpu/sanitize.sh

lint: $(VENV)/.installed-dev  ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev  ## mypy --strict
	$(BIN)/mypy --strict skyforge

contracts: $(VENV)/.installed-dev  ## who may import whom
	$(BIN)/lint-imports

notebooks: $(VENV)/.installed-dev  ## execute every notebook
	$(BIN)/python notebooks/execute.py

check: test lint types contracts notebooks test-slow  ## all that CI runs

bench: $(VENV)/.installed-test  ## measure speed and memory, as ratios in one process
	$(BIN)/python -m benchmarks

clean:  ## remove what make made
	rm -rf $(VENV) build runs .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
