# Two commands: `make serve` runs the mock server, `make test` checks everything.
# Both set up what they need in .venv first.
.POSIX:
.PHONY: serve test check bench clean

serve: .venv/serve.done
	@exec .venv/bin/mock-server $(ARGS)

test: .venv/test.done
	@scripts/test

check: .venv/test.done
	@scripts/check

bench: .venv/test.done
	@.venv/bin/python -m benchmarks $(ARGS)

clean:
	rm -rf .venv

.venv/serve.done: pyproject.toml scripts/setup
	@scripts/setup serve

.venv/test.done: pyproject.toml scripts/setup tests/linter/package.json \
	tests/sdk/apart/install.py tests/sdk/apart/javascript/package.json \
	tests/independent/install.py tests/independent/aimock/package.json
	@scripts/setup test
