.PHONY: setup demo test test-all bench bench-bound bench-demand check clean

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

bench-bound: setup
	$(BIN)/python benchmarks/release_bound.py

bench-demand: setup
	$(BIN)/python benchmarks/bench_demand.py

clean:
	rm -rf $(VENV) demo dist build
