# make chat    install, index the sample articles the first time, serve the chat
# make test    install what the tests need, run them
# make index PATHS="folder file.jsonl"    add articles to the index
# make eval    run the bundled question set
# make lint    ruff, mypy --strict

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE ?= $(or $(SILANG_STORE),.silang)
PATHS ?= eval/sets/sample.jsonl
PORT ?= 7860

.PHONY: install index chat eval test lint browser screenshots clean

install: $(VENV)/.installed

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' \
		|| { echo "Silang needs Python 3.11 or 3.12; name it: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(BIN)/pip install --disable-pip-version-check --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-tests: $(VENV)/.installed
	$(BIN)/pip install --disable-pip-version-check --quiet --constraint constraints.txt --editable '.[test,lint]'
	@touch $@

index: install
	$(BIN)/silang index $(PATHS) --store $(STORE)

$(STORE)/CURRENT: | install
	$(BIN)/silang index $(PATHS) --store $(STORE)

chat: install $(STORE)/CURRENT
	$(BIN)/silang chat --store $(STORE) --port $(PORT)

eval: install
	$(BIN)/silang eval

# The page is tested in Debian's Chromium.
browser:
	@command -v chromium >/dev/null || { \
		echo "installing chromium for the browser tests"; \
		root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$root apt-get update -qq && $$root apt-get install -y -qq --no-install-recommends chromium >/dev/null; }

test: $(VENV)/.installed-tests browser
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The pictures of the README, of the page as it is.
screenshots: $(VENV)/.installed-tests browser
	$(BIN)/python tests/screenshots.py

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
