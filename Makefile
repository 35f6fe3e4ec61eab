# Everything works on a machine with Python 3.11 and make; what else is needed is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

export PYTHONTZPATH :=
export PORT ?= 8000
export DATA_DIR ?= var
export DEMO ?= 1

.PHONY: help run test check bench chaos soak fuzz lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

$(READY): requirements/dev.txt dev/make_venv.py
	@$(PYTHON) dev/make_venv.py

run: $(READY) ## start everything on this machine: PORT, DATA_DIR, DEMO=0 for no demo
	@$(BIN)/python -m dev.run

test: $(READY) ## every test, the browser's included
	@$(BIN)/python -m dev.browser
	@$(BIN)/python -m dev.programs
	@$(BIN)/python -m pytest -n $${TEST_PROCESSES:-2} --dist worksteal

check: $(READY) ## format, lint, dangers, types, layers, templates, lock
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/bandit -q -r groupsite -ll -c pyproject.toml
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint --lint --quiet templates
	@$(BIN)/deptry .
	@$(BIN)/python -m dev.lock --check
	@$(BIN)/python -m dev.helplines

bench: $(READY) ## the speed table, as ratios within one run
	@$(BIN)/python -m bench

chaos: $(READY) ## every fault against real workers, a row for each: FULL=1 for 100,000 reminders, SEED=n for the same choices
	@$(BIN)/python -m tests.chaos $(if $(FULL),--full) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY))

soak: $(READY) ## mail under load for MINUTES=15: memory, files, connections and backlog stay flat
	@$(BIN)/python -m tests.chaos.soak --minutes $${MINUTES:-15}

fuzz: $(READY) ## anything into every form and address, EXAMPLES=2000 for each kind of person; words into the browser
	@$(BIN)/python -m dev.browser
	@FUZZ_EXAMPLES=$${EXAMPLES:-2000} $(BIN)/python -m pytest -n $${TEST_PROCESSES:-2} tests/fuzz tests/e2e/test_hostile_words.py

lock: $(READY) ## write requirements/ anew from pyproject.toml and package.json
	@$(BIN)/python -m dev.lock

clean: ## remove what make has made, but not your data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
