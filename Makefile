# A new user needs two of these: `make demo` and `make test`. Both set up by themselves what is missing.
MAKEFLAGS += --no-print-directory
# Tests bring their own screens: a developer's desktop is left alone.
HEADLESS := env -u DISPLAY -u WAYLAND_DISPLAY

.PHONY: demo test test-long bench lock

demo: ## the demo content full-screen until Esc, or two minutes on a virtual screen into demo-out/
	@deploy/demo

test: ## all checks; pytest's summary is the last line
	@deploy/setup test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(HEADLESS) .venv/bin/python -m pytest -m "not long and not realtime" -n 2 --cov --cov-report=
	$(HEADLESS) .venv/bin/python -m pytest -m "not long and realtime" --cov --cov-append --cov-fail-under=100

test-long: ## the tests that take minutes
	@deploy/setup long
	$(HEADLESS) .venv/bin/python -m pytest -m long

bench: ## our player, mpv and cvlc before a camera, 40 minutes at most; see tests/bench/RESULTS.md
	@deploy/setup bench
	$(HEADLESS) .venv/bin/python -m tests.bench

lock: ## the versions in deploy/locks anew from pyproject.toml
	@deploy/lock
