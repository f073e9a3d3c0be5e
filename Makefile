# Everything is done by these targets; each installs what it needs into .venv.
# They need Python 3.11 or later, with venv. Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# What is compiled once is kept: tests start many processes.
export PYTHONDONTWRITEBYTECODE :=
PYTEST := POLARS_MAX_THREADS=1 $(BIN)/pytest -n auto --dist worksteal --benchmark-disable

.DEFAULT_GOAL := help
.PHONY: help demo quick test check-all times traced lint format types check-types check-versions tests golden docs wheel sbom bench bench-plans fuzz mutants data example lock clean reference search faults

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## Recommend for the bundled region and say why (LANG=fr_FR or en_GB)
	@$(BIN)/python -m prai_match.demo

quick: $(VENV)/.installed-dev ## Run the tests that take next to nothing: what one runs all day
	$(PYTEST) --tier=quick --hypothesis-profile=quick -q

test: lint types tests ## Run what a change must pass: lint, format, types, tests, examples, coverage

check-all: TIER = all
check-all: LAWS = thorough
check-all: $(VENV)/.installed-all test check-types check-versions ## Run all there is, in JupyterLab, marimo, LibreOffice and khal too

times: $(VENV)/.installed-all ## Record how long each test takes, which decides when it is run
	POLARS_MAX_THREADS=1 $(BIN)/pytest -n 0 --tier=all --record-times --benchmark-disable -q

traced: $(VENV)/.installed-dev ## Choose the tests that coverage is measured of: those that reach all that all reach
	COVERAGE_FILE=.cache/reach $(PYTEST) --tier=test --hypothesis-profile=suite --record-reach --cov --cov-report= --cov-fail-under=0 -q
	$(BIN)/python scripts/choose_traced.py .cache/reach

lint: $(VENV)/.installed-dev ## Check the style, the format, the direction of imports, and that tests assert
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/check_tests.py

format: $(VENV)/.installed-dev ## Put the code in the project's format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(VENV)/.installed-dev ## Check the types
	$(BIN)/mypy

check-types: $(VENV)/.installed-dev ## Check the types of the installed wheel with mypy and pyright (needs npx)
	$(BIN)/python scripts/check_types.py

INTERPRETERS ?=
VERSIONS ?=
check-versions: $(VENV)/bin/python ## Run the tests with the oldest versions and the newest, on each Python here (INTERPRETERS=, VERSIONS=)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt packaging
	$(BIN)/python scripts/check_versions.py $(INTERPRETERS) $(if $(VERSIONS),--versions $(VERSIONS))

LAWS ?= suite
TIER ?= test

tests: $(VENV)/.installed-dev ## Run the tests, the documentation's examples and the coverage bound
	$(PYTEST) --tier=$(TIER) --hypothesis-profile=$(LAWS) --cov --cov-report=term

golden: $(VENV)/.installed-dev ## Write every known text anew (tests/**/golden, pages from the code), and show what changes
	find tests -path '*/golden/*' -type f -delete
	POLARS_MAX_THREADS=1 $(BIN)/pytest tests --golden=write --tier=all -n 0 -q --benchmark-disable
	@git status --short -- '*/golden/*' docs
	@git --no-pager diff --stat -- '*/golden/*' docs
	@git --no-pager diff --word-diff --unified=1 -- '*/golden/*' docs

docs: $(VENV)/.installed-dev ## Build the documentation's site in site/: open site/index.html
	PYTHONPATH=scripts $(BIN)/zensical build --strict --clean

bench: $(VENV)/.installed-dev ## Measure speed, memory and accuracy, each beside its baseline, and write the page of it
	rm -rf build/bench
	$(BIN)/pytest benchmarks --ignore-glob='*/test_plan*' -p no:cacheprovider -q -s
	$(BIN)/python scripts/build_performance.py

bench-plans: $(VENV)/.installed-dev ## Measure how good plans are after some seconds and minutes
	$(BIN)/pytest benchmarks/test_plan.py benchmarks/test_plan_large.py -p no:cacheprovider -q -s

wheel: $(VENV)/bin/python ## Build the wheel and the source distribution into dist/, the same bytes each time
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[release]'
	$(BIN)/python scripts/build_wheel.py

sbom: wheel ## Write dist/sbom.cdx.json, the bill of materials of the wheel with every extra (CycloneDX)
	$(BIN)/python scripts/build_sbom.py

CASES ?= 10000
fuzz: $(VENV)/.installed-dev ## Load broken programmes, CASES of them: no exception escapes, no row is lost
	POLARS_MAX_THREADS=1 $(BIN)/python tests/fuzz.py $(CASES)

PROGRAMMES ?= 1000
reference: $(VENV)/.installed-dev ## Compare answers with the reference: both regions and PROGRAMMES drawn programmes
	POLARS_MAX_THREADS=1 $(BIN)/python scripts/compare_reference.py $(PROGRAMMES) --jobs 2 --accounted
MINUTES ?= 30
search: $(VENV)/.installed-dev ## Search all laws and the lives of programmes with seeds that change, for MINUTES
	POLARS_MAX_THREADS=1 $(BIN)/python scripts/search_laws.py --minutes $(MINUTES)

SAMPLE ?= 100
mutants: $(VENV)/.installed-dev ## Plant faults in eight packages, SAMPLE in each: how many does a test find?
	POLARS_MAX_THREADS=1 $(BIN)/python scripts/mutants.py --sample $(SAMPLE)

faults: $(VENV)/.installed-dev ## Plant leaks from the future and breaches of laws, one by one: does what must find it find it?
	POLARS_MAX_THREADS=1 $(BIN)/python scripts/plant_faults.py

data: $(VENV)/.installed-dev ## Build the register, the French words, the lexicon, its readers and networks and the outlines again from their sources (needs npm and PyTorch)
	$(BIN)/python scripts/build_register.py
	$(BIN)/python scripts/build_words.py
	$(BIN)/python scripts/build_lexicon.py
	$(BIN)/python scripts/build_readers.py
	$(BIN)/python scripts/build_networks.py
	$(BIN)/python scripts/build_outlines.py

example: $(VENV)/.installed-dev ## Make the bundled regions again
	$(BIN)/python scripts/build_example.py
	$(BIN)/python scripts/build_example.py occitanie_2026

lock: ## Write constraints.txt anew: names and versions only
	rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install -q --upgrade pip
	$(VENV)-lock/bin/python -m pip install -q -e '.[dev,heavy,release]'
	$(VENV)-lock/bin/python -m pip freeze --exclude-editable --exclude pip --exclude setuptools > constraints.txt
	rm -rf $(VENV)-lock

clean: ## Remove what the targets made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .coverage .hypothesis .benchmarks .cache build dist site

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@ $(VENV)/.installed

$(VENV)/.installed-all: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,heavy,release]'
	touch $@
