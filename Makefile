# make run: the app.  make test: the checks of the code.  make test-slow: those in a browser, and other long ones.
# make docs: the documentation as one site.  make release: wheel and sdist, tried.  make bundles: the browser's code, after a
# change of its modules; make kernels before it, after a change of kernels.c.  make fonts: those parts of the fonts that the app shows,
# after another icon or another Streamlit.  Each sets up .venv by itself.
HOST ?= 127.0.0.1
PORT ?= 8501
# Optional parts to install too, with commas between, as in EXTRAS=molecules or EXTRAS=molecules,umap.
EXTRAS ?=
# Other names of this server, with commas between, as behind a proxy.
HOSTS ?=
# The Ray cluster on whose nodes runs train, as in CLUSTER=192.168.1.10:6379; none: this computer.
CLUSTER ?=
comma = ,
WANTED = $(EXTRAS)$(if $(CLUSTER),$(if $(EXTRAS),$(comma))cluster)
VENV ?= .venv
PY = $(VENV)/bin/python
# Node comes with the tests' packages; nothing else needs one.
NPM = PATH="$(abspath $(VENV))/bin:$$PATH" npm --silent
# The first Python here that is new enough; PYTHON=... chooses another.
CANDIDATES = python3 python3.14 python3.13 python3.12 python3.11
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(foreach p,$(CANDIDATES),$(shell $(p) -c '$(NEW_ENOUGH)' 2>/dev/null && echo $(p))) python3)

.PHONY: run test test-slow extras kernels fonts bundles docs release checkpoints figures format messages lock clean
.DEFAULT_GOAL := run

run: $(VENV)/.installed $(if $(WANTED),extras)
	@$(PY) -m vae_core serve --host $(HOST) --port $(PORT) --hosts "$(HOSTS)" --cluster "$(CLUSTER)"

# Both together are every check. A file's tests share a worker, and files keep their order.
test test-slow: export OMP_NUM_THREADS = 1
PYTEST = $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m

test: $(VENV)/.installed-tests node_modules/.installed
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(NPM) run lint
	$(NPM) run types
	$(PYTEST) "not browser and not slow"

test-slow: $(VENV)/.installed-tests node_modules/.installed
	@$(PY) tools/browser.py
	$(PYTEST) "browser or slow"

# Where everything is there already, pip only looks.
extras: $(VENV)/.installed
	@$(PY) tools/extras.py "$(WANTED)"

# Needs clang and lld, as no other target does.
kernels: $(VENV)/.installed
	@$(PY) tools/kernels.py

fonts: $(VENV)/.installed
	@$(PY) -m tools.fonts

bundles: node_modules/.installed
	@$(NPM) run bundle

format: $(VENV)/.installed-tests
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# The theme prints an advertisement for its successor unless it is told not to.
docs: export NO_MKDOCS_2_WARNING = 1
docs: $(VENV)/.installed-docs
	@$(PY) -m tools.docs
	@$(PY) -m mkdocs --quiet build --strict
	@echo "The site is in build/site: open build/site/index.html."

release: $(VENV)/.installed-tests
	@$(PY) tools/browser.py
	@$(PY) -m tools.release

figures: $(VENV)/.installed
	@$(PY) -m benchmarks.figures

checkpoints: $(VENV)/.installed
	@$(PY) -m tools.bundled_models

messages: $(VENV)/.installed-tests
	@$(PY) -m tools.messages

lock: $(VENV)/.installed-tests
	@$(PY) tools/lock.py

$(VENV)/.installed: requirements.lock tools/venv.py
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: install it, or name it as in PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) tools/venv.py $(VENV)
	@echo "Installing what the app needs into $(VENV): once, and it can take some minutes."
	@$(PY) -m pip install --disable-pip-version-check -r requirements.lock
	@touch $@

$(VENV)/.installed-docs: $(VENV)/.installed requirements-docs.lock
	@$(PY) -m pip install --disable-pip-version-check -r requirements.lock -r requirements-docs.lock
	@touch $@

$(VENV)/.installed-tests: $(VENV)/.installed-docs requirements-test.lock
	@$(PY) -m pip install --disable-pip-version-check -r requirements.lock -r requirements-test.lock
	@touch $@

node_modules/.installed: package-lock.json $(VENV)/.installed-tests
	@$(NPM) ci
	@touch $@

clean:
	rm -rf $(VENV) node_modules build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
