# `make demo` and `make test` set up what is missing and need nothing else but a Rust toolchain.

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
RELEASE := $(or $(CARGO_TARGET_DIR),target)/release/rond
GUARD := cargo run --release --locked --quiet --bin rond-guard --
OSRM := target/osrm
TEST_POSTGRES := $(if $(filter true,$(CI)),ROND_TEST_POSTGRES=postgres://postgres@127.0.0.1:5433)
DEMO_DAY := data/days/sydost-vecka.json

.PHONY: demo test lint bench bench-guard bench-limits bench-growth linker solver-tools valgrind osrm postgres

# Plans a week of the southeast for ten seconds and shows it.
demo: linker
	cargo build --release --locked
	mkdir -p out
	$(RELEASE) plan $(DEMO_DAY) --seconds 10 --seed 1 \
		--out out/plan.json --csv out/plan.csv --geojson out/plan.geojson --ical out/ical
	@echo
	@echo "The plan is in out/:"
	@echo "  plan.json      what 'rond check' and 'rond explain' read"
	@echo "  plan.csv       one row per stop, for a spreadsheet"
	@echo "  plan.geojson   routes and stops, for any map"
	@echo "  ical/          one calendar per crew"
	@echo "Next: $(RELEASE) check $(DEMO_DAY) out/plan.json"

# Every test: rooms, properties, mutations, the exact referee, the commands, the house rules.
test: linker solver-tools osrm postgres
	$(TEST_POSTGRES) cargo test --locked

lint: linker solver-tools
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings

# Timing of single functions; each bench asserts its answer before it is timed.
bench: linker solver-tools
	cargo bench --locked

# Steps of the search against their limits in benches/limits.json: fails when one has become more than
# half as slow again, counts more than half as many instructions again, or has another answer.
bench-guard: linker valgrind
	$(GUARD)

# Takes what is measured now as the limits. Say in the commit why they moved.
bench-limits: linker valgrind
	$(GUARD) --write

# How time per step grows from 500 to 20 000 visits. Takes minutes and 2 GB of memory.
bench-growth: linker
	$(GUARD) --growth

# Rust needs a linker, and that is all the program needs.
linker:
	@command -v cargo >/dev/null || { echo "Install Rust first: https://rustup.rs"; exit 3; }
	@command -v cc >/dev/null || $(MAKE) --no-print-directory install PACKAGES="gcc libc6-dev"

# The exact referee in the tests is built from C++ (HiGHS).
solver-tools:
	@{ command -v cmake && command -v clang && command -v g++ && command -v make \
		&& ls /usr/lib/llvm-*/lib/libclang*.so*; } >/dev/null 2>&1 \
		|| $(MAKE) --no-print-directory install PACKAGES="cmake clang libclang-dev g++ make"

# A routing server for the tests to start (BSD-2), out of a Python package; without it they say what
# they skip. The binaries run on 64-bit Linux.
osrm:
	@[ -x $(OSRM)/osrm/bin/osrm-routed ] || { mkdir -p $(OSRM) \
		&& python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.12 \
			--implementation cp --abi abi3 --platform manylinux_2_28_x86_64 \
			-d $(OSRM) osrm-bindings==26.10.0 \
		&& python3 -m zipfile -e $(OSRM)/osrm_bindings-*.whl $(OSRM) \
		&& chmod +x $(OSRM)/osrm/bin/* && rm $(OSRM)/osrm_bindings-*.whl; } \
		|| echo "SKIPPED: OSRM could not be fetched; tests that need it will be skipped"

# A PostgreSQL server for the tests. Only CI gets one of its own, on a port of its own; elsewhere the
# tests take the one on port 5432 that asks for no password, or say what they skip.
postgres:
ifeq ($(CI),true)
	@command -v pg_createcluster >/dev/null \
		|| $(MAKE) --no-print-directory install PACKAGES=postgresql
	@pg_lsclusters --no-header | grep -q ' rond ' \
		|| $(SUDO) pg_createcluster $$(ls /usr/lib/postgresql | sort -n | tail -1) rond \
			--port 5433 --encoding UTF8 -- --auth=trust
	@pg_lsclusters --no-header | grep ' rond ' | grep -q online \
		|| $(SUDO) pg_ctlcluster $$(pg_lsclusters --no-header | awk '$$2 == "rond" {print $$1}') \
			rond start
endif

# Counts instructions, which are the same on a busy machine.
valgrind:
	@command -v valgrind >/dev/null || $(MAKE) --no-print-directory install PACKAGES=valgrind

.PHONY: install
install:
	@command -v apt-get >/dev/null || { echo "Please install: $(PACKAGES)"; exit 3; }
	$(SUDO) apt-get update -qq
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		$(PACKAGES)
