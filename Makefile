.PHONY: setup demo test test-all bench check clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	scripts/setup

check: setup
	scripts/check

test: setup
	scripts/test

test-all: setup
	scripts/test -m ""

demo: setup
	scripts/demo

bench: setup
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) demo dist build
