# `make` sets up what it needs and builds everything; `make test` tests it. Both need Python >= 3.11 and, the first time, a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STUDIO_VENV := .venv-studio
PEERS_VENV := .venv-peers
HARNESSES_VENV := .venv-harnesses
PIP := -m pip --disable-pip-version-check

.PHONY: all check agreement gold dataset baseline leaderboard test test-all studio peers harnesses lint clean

all: baseline
	@$(BIN)/variorum summary

# The project itself goes in after the pinned packages: pip takes hashes only with -r, and a folder has none.
$(VENV)/.done: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Variorum needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) install --quiet --require-hashes -r requirements.txt
	$(BIN)/python $(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# The Label Studio server pins its packages hard, so it has an environment of its own.
$(STUDIO_VENV)/.done: requirements-studio.txt
	$(PYTHON) -m venv $(STUDIO_VENV)
	$(STUDIO_VENV)/bin/python $(PIP) install --quiet --require-hashes -r requirements-studio.txt
	@touch $@

# Other people's scorers, for second opinions in tests and benchmarks; some of them pin what we do not want.
$(PEERS_VENV)/.done: requirements-peers.txt
	$(PYTHON) -m venv $(PEERS_VENV)
	$(PEERS_VENV)/bin/python $(PIP) install --quiet --require-hashes -r requirements-peers.txt
	@touch $@

# Evaluation harnesses, for the tests of their tasks; Inspect finds those by the entry point of the project. The list is
# complete: nothing to resolve, which some versions of pip cannot do with hashes where one package is asked for twice.
$(HARNESSES_VENV)/.done: requirements-harnesses.txt pyproject.toml
	$(PYTHON) -m venv $(HARNESSES_VENV)
	$(HARNESSES_VENV)/bin/python $(PIP) install --quiet --no-deps --no-compile --require-hashes -r requirements-harnesses.txt
	$(HARNESSES_VENV)/bin/python $(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

studio: $(VENV)/.done $(STUDIO_VENV)/.done

peers: $(PEERS_VENV)/.done

harnesses: $(HARNESSES_VENV)/.done

check: $(VENV)/.done
	@$(BIN)/variorum check

# Agreement is measured before anything is adjudicated, and does not wait for what is open.
agreement: check
	@$(BIN)/variorum agreement

gold: agreement
	@$(BIN)/variorum adjudicate --quiet
	@$(BIN)/variorum validity
	@$(BIN)/variorum contrast merge

leaderboard: gold
	@$(BIN)/variorum leaderboard

# README and datasheet show figures of all that was made before.
dataset: leaderboard
	@$(BIN)/variorum docs --quiet
	@$(BIN)/variorum build --quiet

baseline: dataset
	@$(BIN)/variorum baseline trivial --quiet
	@$(BIN)/variorum score build/predictions/trivial.json --out build/scores/trivial.json

test: studio
	$(BIN)/python -m pytest -q $(PYTEST)

test-all: studio peers harnesses
	VARIORUM_NO_SKIP=1 $(BIN)/python -m pytest -q --slow $(PYTEST)

lint: $(VENV)/.done
	$(BIN)/ruff check scripts tests benchmarks hatch_build.py
	$(BIN)/mypy

# Pins: the newest versions that go together on every Python we support, with hashes and without download addresses.
.PHONY: pins
PEERS := nervaluate==1.2.1 seqeval==1.2.2 scorch==0.2.0 spacy==3.8.18 krippendorff==0.9.0 rater-agreement==0.1.0 agreement==0.1.2
pins:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra dev pyproject.toml -o requirements.txt
	echo label-studio==1.23.2 | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url - -o requirements-studio.txt
	printf '%s\n' $(PEERS) | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url - -o requirements-peers.txt
	printf '%s\n' editables hatchling | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra inspect --extra lm-eval pyproject.toml - -o requirements-harnesses.txt

clean:
	rm -rf build
