# The targets below are what people and .ci/run use; `make` alone lists them.
# Nothing here needs the network but the first download of the modules and of the linter's source.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS := -s -w -X main.version=$(VERSION)

# The linter is pinned: another version has other findings. Its binary lies in the git-ignored .tools/.
GOLANGCI_VERSION := v2.15.0
TOOLS            := $(CURDIR)/.tools
GOLANGCI         := $(TOOLS)/golangci-lint
GOLANGCI_STAMP   := $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION).installed

FUZZTIME  ?= 1m
BENCHTIME ?= 1s
COUNT     ?= 1
CHAOS_RUNS ?=
CHAOS_SEED ?=
ROUNDS    ?= 5
# How many seconds of the simulated service pass in one second of the demo.
DEMO_TIME_SCALE ?= 30
# How many kills the soak makes at least, and the seed of its instants.
SOAK ?= 3000
SEED ?= 1
# How many cases the sweep has, and its seed; a number repeats one.
SWEEP      ?= 20000
SWEEP_SEED ?= random

.PHONY: help
help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z][a-z-]*:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/provision
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/provision ./cmd/provision

# The account is copied first, so that its state file, the runs and the locks all lie in the git-ignored .demo/.
DEMO_SHEET := samples/onboarding.xlsx
DEMO_HOME  := --runs-dir .demo/runs --state-dir .demo/state
DEMO_SIM   := --server 'sim:.demo/account.json?time-scale=$(DEMO_TIME_SCALE)' $(DEMO_HOME)

.PHONY: demo
demo: build ## plan and apply a sample sheet against a simulated account, then plan it again
	@mkdir -p .demo && cp samples/onboarding.json .demo/account.json
	bin/provision sim reset .demo/account.json --state-dir .demo/state
	bin/provision plan $(DEMO_SHEET) $(DEMO_SIM) </dev/null
	bin/provision run $(DEMO_SHEET) --auto-approve $(DEMO_SIM) </dev/null
	bin/provision report "$$(ls -d .demo/runs/*/ | tail -n 1)" $(DEMO_HOME)
	@echo && echo 'The same sheet again: nothing is left to do (exit code 2 would say that something is).'
	bin/provision plan $(DEMO_SHEET) --detailed-exitcode $(DEMO_SIM) </dev/null

.PHONY: test
test: ## run all tests
	$(GO) test ./...

.PHONY: race
race: ## run all tests under the race detector
	CGO_ENABLED=1 $(GO) test -race ./...

# The totals are the last line but two: runs, processes, kills, and that every change had one effect.
.PHONY: soak
soak: build ## kill the built program SOAK (3000) times, SEED=1; as root also on a full file system
	PROVISION_BINARY=$(CURDIR)/bin/provision PROVISION_TMPFS=1 \
		$(GO) test -run '^TestEndings$$' -count=1 -timeout 10m ./cmd/provision
	PROVISION_BINARY=$(CURDIR)/bin/provision PROVISION_KILLS=$(SOAK) PROVISION_SEED=$(SEED) \
		$(GO) test -run '^TestCrashSweep$$' -count=1 -timeout 24h -v ./cmd/provision | grep -v '^=== '

# Seed and totals are the last line but two. A failure prints plan, faults and deaths, and how to repeat it.
.PHONY: sweep
sweep: ## carry out SWEEP (20000) random plans under faults and deaths, in virtual time (SWEEP_SEED=random)
	PROVISION_SWEEP_SEED=$(SWEEP_SEED) $(GO) test -run '^TestFaultSweep$$' -count=1 -timeout 24h -v ./executor \
		-rapid.checks=$$(( ($(SWEEP) + 29) / 30 )) -rapid.nofailfile | grep -v '^=== \|^    --- PASS\|OK, passed'

# A module of its own, so that the proxy's dependencies are none of the program's. CHAOS_RUNS=n CHAOS_SEED=n try other weather.
.PHONY: chaos
chaos: ## carry plans out through a chaos proxy (2 minutes; not part of test)
	cd cmd/provision/chaos && $(GO) vet ./... && PROVISION_CHAOS_RUNS=$(CHAOS_RUNS) PROVISION_CHAOS_SEED=$(CHAOS_SEED) $(GO) test -count=1 -v ./...

.PHONY: lint
lint: $(GOLANGCI_STAMP) ## run the linter, and the test that every import arrow is guarded
	$(GOLANGCI) run ./...
	GOLANGCI_LINT=$(GOLANGCI) $(GO) test -tags lint -run '^TestLint' -count=1 ./cmd/provision

$(GOLANGCI_STAMP):
	@mkdir -p $(TOOLS)
	@rm -f $(TOOLS)/*.installed
	GOFLAGS= GOBIN=$(TOOLS) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@touch $@

.PHONY: fmt
fmt: $(GOLANGCI_STAMP) ## format the code (gofmt, goimports)
	$(GOLANGCI) fmt ./...

.PHONY: tidy-check
tidy-check: ## fail if go.mod or go.sum is not what `go mod tidy` would write
	$(GO) mod tidy -diff
	$(GO) mod verify

.PHONY: bench
bench: ## measure each figure beside its yardstick, as one table (ROUNDS=5)
	$(GO) run ./cmd/provision/benchtab -go '$(GO)' -rounds $(ROUNDS)

.PHONY: bench-all
bench-all: ## run every benchmark by itself (BENCHTIME=1s COUNT=1)
	$(GO) test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -count $(COUNT) ./...

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (1m)
	@failed=; \
	while IFS=: read -r file decl; do \
		[ -n "$$file" ] || continue; \
		dir=$$(dirname "$$file"); name=$${decl#func }; \
		echo "== $$dir $$name ($(FUZZTIME))"; \
		$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "./$$dir" || failed="$$failed $$name"; \
	done <<< "$$(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' cmd executor plan rcclient templates | sort)"; \
	[ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

.PHONY: cover
cover: ## run all tests with coverage, print the share of statements
	$(GO) test -coverpkg=./... -coverprofile=cover.out ./...
	@$(GO) tool cover -func=cover.out | tail -n 1

.PHONY: golden
golden: ## rewrite the golden files from what the code does now; review the difference
	@dirs=$$(grep -rlE --include='*_test.go' 'flag\.Bool\("update"' . | xargs -r -n1 dirname | sort -u); \
	for dir in $$dirs; do $(GO) test "$$dir" -update; done

.PHONY: samples
samples: ## write the sample sheets and accounts anew
	$(GO) run ./cmd/provision/mksamples

.PHONY: check
check: fmt tidy-check lint race ## what must pass before a commit: fmt, tidy-check, lint, race

.PHONY: clean
clean: ## remove what was built and what the demo left (the linter stays)
	rm -rf bin dist .demo .bench cover.out
