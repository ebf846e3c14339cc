# One menu for people and for CI. Every target does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= labelkite-data

PY_SOURCES := $(shell find infra -type f) $(shell find config_compiler web/py lambda labelkite -name '*.py' -o -name '*.json' -o -name '*.xml' -o -name '*.case' -o -name '*.webp' -not -path '*/node_modules/*')
WEB_SOURCES := $(shell find web/static -type f) web/build.mjs web/runtime.mjs

.PHONY: up test check build bench clean help wheel browser screenshot

help:
	@echo "make up       build and start Labelkite with a demo project; prints the owner's and an annotator's link"
	@echo "make test     every test, browser included"
	@echo "make check    ruff, mypy, tsc, import rules, drift guards"
	@echo "make build    .venv with the package in it, and the wheel in dist/"
	@echo "make bench    every benchmark, one after the other (bench/README.md says what they print)"
	@echo "make clean    remove what was built"

up: build
	$(BIN)/labelkite up --data $(DATA)

build: $(VENV)/.installed

# ---- set-up -----------------------------------------------------------------------------------------------------------
$(VENV)/.ready: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 15) else 1)' || \
	  { echo "Labelkite needs Python 3.11 to 3.14; $(PYTHON) is $$($(PYTHON) -V). Run: make PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

web/node_modules/.ready: web/package.json web/package-lock.json
	@command -v npm >/dev/null || { echo "Node 20 with npm is missing; it builds the site."; exit 1; }
	cd web && npm ci --silent --no-fund --no-audit
	@touch $@

.cache/wheels/.ready: web/node_modules/.ready $(VENV)/.ready scripts/sources.py
	$(BIN)/python scripts/sources.py wheels
	@touch $@

build/demo/.ready: $(VENV)/.ready scripts/sources.py
	$(BIN)/python scripts/sources.py demo
	@touch $@

web/dist/index.html: web/node_modules/.ready .cache/wheels/.ready $(WEB_SOURCES) $(PY_SOURCES)
	cd web && node build.mjs
	@touch $@

# Label Studio's own reader of configs, to compare with; in an environment of its own, without what it does not import.
.cache/label-studio-sdk/.ready: requirements/label-studio-sdk.txt $(VENV)/.ready
	rm -rf .cache/label-studio-sdk && $(BIN)/python -m venv .cache/label-studio-sdk
	.cache/label-studio-sdk/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r $<
	@touch $@

# Tries the API by its description; in an environment of its own, for its many dependencies.
.cache/schemathesis/.ready: requirements/schemathesis.txt $(VENV)/.ready
	rm -rf .cache/schemathesis && $(BIN)/python -m venv .cache/schemathesis
	.cache/schemathesis/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r $<
	@touch $@

# Reads exported files back with the tools they are for; in an environment of its own, for their many dependencies.
.cache/export-readers/.ready: requirements/export-readers.txt $(VENV)/.ready
	rm -rf .cache/export-readers && $(BIN)/python -m venv .cache/export-readers
	.cache/export-readers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r $<
	@touch $@

# AWS on this machine, to run the tests of that store against; in an environment of its own, since it pins another botocore.
.cache/ministack/.ready: requirements/ministack.txt $(VENV)/.ready
	rm -rf .cache/ministack && $(BIN)/python -m venv .cache/ministack
	.cache/ministack/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $<
	@touch $@

# Reads the CloudFormation template as AWS would; in an environment of its own, for its many dependencies.
.cache/cfn-lint/.ready: requirements/cfn-lint.txt $(VENV)/.ready
	rm -rf .cache/cfn-lint && $(BIN)/python -m venv .cache/cfn-lint
	.cache/cfn-lint/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r $<
	@touch $@

# What the zip for Lambda carries, for both processors.
.cache/lambda/.ready: labelkite/deploy/requirements.txt $(VENV)/.ready
	rm -rf .cache/lambda && PYTHONPATH=. $(BIN)/python -c 'from pathlib import Path; from labelkite.deploy import package; \
	  [package.download(Path(".cache/lambda", arch), arch) for arch in ("x86_64", "arm64")]'
	@touch $@

wheel: dist/.ready
dist/.ready: web/dist/index.html build/demo/.ready pyproject.toml README.md $(PY_SOURCES)
	rm -rf dist && $(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	@ls -l dist/*.whl | awk '{printf "wheel: %s, %.1f MB\n", $$9, $$5 / 1e6}'
	@touch $@

$(VENV)/.installed: dist/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall dist/*.whl
	@touch $@

browser:
	@sh scripts/browser.sh

# ---- work -------------------------------------------------------------------------------------------------------------
# What does not need one another goes two at a time, and each says what it has to say in one piece, where make can do that.
SIDE_BY_SIDE = +@$(MAKE) --no-print-directory -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

check:
	$(SIDE_BY_SIDE) check-types check-site check-guards check-format

.PHONY: check-types check-site check-guards check-format test-ready test-site
check-types: $(VENV)/.ready
	$(BIN)/mypy

check-site: web/node_modules/.ready
	cd web && npx --no-install tsc -p tsconfig.json

check-guards: $(VENV)/.ready web/node_modules/.ready .cache/cfn-lint/.ready
	$(BIN)/pytest -q tests/guards

check-format: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

test:
	$(SIDE_BY_SIDE) test-ready test-site
	$(BIN)/pytest -n 2 --dist loadgroup --ignore tests/browser
	$(BIN)/python -m scripts.once_more -n 2 --dist loadfile tests/browser

test-ready: build browser .cache/label-studio-sdk/.ready .cache/ministack/.ready .cache/lambda/.ready .cache/schemathesis/.ready .cache/export-readers/.ready

test-site: build
	cd web && node --test ../tests/js/*.test.mjs

bench: build browser .cache/ministack/.ready
	$(BIN)/python -m bench

clean:
	rm -rf web/dist build dist $(VENV)/.installed .mypy_cache .ruff_cache .pytest_cache tests/screenshots
