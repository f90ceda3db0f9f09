PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check format types serve fake-registry clean help

help:
	@echo "make demo    set up, index the bundled sample, list the trials related to NCT07057778"
	@echo "make serve   set up and serve the sample on http://127.0.0.1:8000"
	@echo "make fake-registry  serve the sample as the live registry would, on http://127.0.0.1:8010, to try trialkin fetch"
	@echo "make test    set up and run the tests"
	@echo "make check   lint, formatting and types"
	@echo "make format  format the code"
	@echo "make clean   remove the environment and the demo's index"

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "trialkin needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(READY)

demo: $(READY)
	TRIALKIN_HOME=$(CURDIR)/.demo $(BIN)/trialkin demo

serve: demo
	TRIALKIN_HOME=$(CURDIR)/.demo/demo $(BIN)/trialkin serve

fake-registry: $(READY)
	$(BIN)/python tests/support/fake_registry.py

test: $(READY)
	$(BIN)/python -m pytest

types: $(READY)
	$(BIN)/basedpyright

check: types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .demo build dist *.egg-info
