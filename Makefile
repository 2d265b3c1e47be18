# Everything a newcomer needs: Python 3.11 or later, make and git. `make help` lists the targets.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo demo-check demo-month serve test test-spark test-packages test-js conformance-oracle test-browser definitions profiles check bench

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(INSTALLED)  ## a simulated day from clinics, bank and police to the ledger and back
	$(BIN)/gateway demo

demo-check: $(INSTALLED)  ## the same day, every scenario compared with what is expected (var/demo-check.json)
	@mkdir -p var
	$(BIN)/gateway demo --check --json > var/demo-check.json
	@echo "demo-check: every scenario as expected, details in var/demo-check.json"

demo-month: $(INSTALLED)  ## a simulated month to closed books: clearing, payment, statements; every figure checked (var/demo-month.json)
	@mkdir -p var
	$(BIN)/gateway demo --month --check --json > var/demo-month.json
	@echo "demo-month: every scenario as expected and every figure ties; to read it: $(BIN)/gateway demo --month"

serve: $(INSTALLED)  ## serve HTTP and MLLP with the demo's data
	$(BIN)/gateway serve --demo-data

test: check  ## check, then every test
	$(BIN)/pytest

test-spark: $(VENV)/.spark  ## the back-test on a Spark cluster of two workers (Java 17)
	$(BIN)/pytest -m spark tests/unit/datasets

test-packages: $(INSTALLED)  ## profiles and examples of published FHIR packages (FHIR_PACKAGE_DIR)
	$(BIN)/pytest -m packages tests/packages tests/unit/definitions tests/unit/validation/snapshot

test-js: $(INSTALLED)  ## FHIRPath beside fhirpath.js (Node 20)
	cd tests/js/fhirpath && npm ci --ignore-scripts --no-audit --no-fund
	$(BIN)/python -m tests.js.fhirpath

test-browser: $(INSTALLED)  ## the guide and the conformance report in headless Chromium (screenshot in var/conformance)
	$(BIN)/pytest -m browser tests/browser

definitions: $(INSTALLED)  ## make the base tables anew from the R4 core package (FHIR_PACKAGE_DIR)
	$(BIN)/python -m gateway.definitions.build "$(FHIR_PACKAGE_DIR)/hl7.fhir.r4.core#4.0.1.tgz"

profiles: $(INSTALLED) profiles/node/node_modules/.installed  ## compile the guide from FHIR Shorthand (Node 20, FHIR_PACKAGE_DIR)
	$(BIN)/python profiles/compile.py

conformance-oracle: $(VENV)/.oracle var/oracle/jars/.copied  ## HL7's own engine beside ours (Java 17, Maven, FHIR_PACKAGE_DIR)
	$(BIN)/python -m tests.oracle

check: $(INSTALLED)  ## style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED)  ## speed of the core and of each channel on both databases
	$(BIN)/python -m tests.bench

# Redone only when the dependencies change. An existing environment is brought up to date, not thrown away.
$(INSTALLED): pyproject.toml
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

$(VENV)/.spark: $(INSTALLED)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev,spark]'
	@touch $@

profiles/node/node_modules/.installed: profiles/node/package-lock.json
	cd profiles/node && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(VENV)/.oracle: $(INSTALLED)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev,oracle]'
	@touch $@

var/oracle/jars/.copied: tests/oracle/pom.xml
	rm -rf var/oracle/jars
	mvn -q -B -ntp -f tests/oracle/pom.xml dependency:copy-dependencies -DincludeScope=runtime \
	  -DoutputDirectory=$(CURDIR)/var/oracle/jars
	@touch $@
