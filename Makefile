# The targets below are what people and .ci/run use; `make` alone lists them.
# Nothing here needs the network but the first download of the modules and of the linter's source.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null)
DATE    ?= $(shell git log -1 --format=%cI 2>/dev/null)
LDFLAGS := -s -w -buildid= -X main.version=$(VERSION) -X main.commit=$(COMMIT) -X main.date=$(DATE)

# The linter is pinned: another version has other findings. Its binary lies in the git-ignored .tools/.
GOLANGCI_VERSION := v2.15.0
TOOLS            := $(CURDIR)/.tools
GOLANGCI         := $(TOOLS)/golangci-lint
GOLANGCI_STAMP   := $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION).installed
# What a release is made with, and what is asked about known vulnerabilities and licences.
GORELEASER_VERSION  := v2.15.1
CYCLONEDX_VERSION   := v1.10.0
GOVULNCHECK_VERSION := v1.9.0
# The standard library is a part of the program: a release has the one with the known holes closed, whatever Go is installed.
RELEASE_GO          ?= go1.26.10

# How long each fuzz target runs, how long and how often each benchmark, and how often the table of figures is measured.
FUZZTIME  ?= 1m
BENCHTIME ?= 1s
COUNT     ?= 1
ROUNDS    ?= 5
# Further runs through the chaos proxy, and the seed of their weather; empty: those of the test.
CHAOS_RUNS ?=
CHAOS_SEED ?=
# How many seconds of the simulated service pass in one second of the demo.
DEMO_TIME_SCALE ?= 30
# How many kills the soak makes at least, and the seed of its instants.
SOAK ?= 3000
SEED ?= 1
# How many weeks of nights are played.
WEEKS ?= 20
# How many cases the sweep has, and its seed; a number repeats one.
SWEEP      ?= 20000
SWEEP_SEED ?= random

.PHONY: help
help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z][a-z-]*:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/provision
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/provision ./cmd/provision

# Accounts, runs and locks all lie in the git-ignored .demo/.
.PHONY: demo
demo: build ## plan and apply a sample sheet against a simulated account, then plan it again
	DEMO_TIME_SCALE=$(DEMO_TIME_SCALE) samples/demo.sh bin/provision samples .demo

.PHONY: test
test: ## run all tests
	$(GO) test -timeout 20m ./...

.PHONY: race
race: ## run all tests under the race detector
	CGO_ENABLED=1 $(GO) test -race -timeout 25m ./...

# The totals are the last line but two: runs, processes, kills, and that every change had one effect.
.PHONY: soak
soak: build ## kill the built program SOAK (3000) times, SEED=1; as root also on a full file system
	PROVISION_BINARY=$(CURDIR)/bin/provision PROVISION_TMPFS=1 \
		$(GO) test -run '^TestEndings$$' -count=1 -timeout 10m ./cmd/provision
	PROVISION_BINARY=$(CURDIR)/bin/provision PROVISION_KILLS=$(SOAK) PROVISION_SEED=$(SEED) \
		$(GO) test -run '^TestCrashSweep$$' -count=1 -timeout 24h -v ./cmd/provision | grep -v '^=== '

# A week of eight nights takes half a minute; the seed of a week stands in its name. As root the disk that fills is a real one.
.PHONY: nights
nights: build ## live through WEEKS (20) of unattended nights that go wrong, SEED=1
	PROVISION_BINARY=$(CURDIR)/bin/provision PROVISION_TMPFS=1 PROVISION_WEEKS=$(WEEKS) PROVISION_SEED=$(SEED) \
		$(GO) test -run '^TestNights$$' -count=1 -timeout 24h -parallel 4 -v ./cmd/provision | grep -v '^=== '

# Seed and totals are the last line but two. A failure prints plan, faults and deaths, and how to repeat it.
.PHONY: sweep
sweep: ## carry out SWEEP (20000) random plans under faults and deaths, in virtual time (SWEEP_SEED=random)
	PROVISION_SWEEP_SEED=$(SWEEP_SEED) $(GO) test -run '^TestFaultSweep$$' -count=1 -timeout 24h -v ./executor \
		-rapid.checks=$$(( ($(SWEEP) + 29) / 30 )) -rapid.nofailfile | grep -v '^=== \|^    --- PASS\|OK, passed'

# A module of its own, so that the proxy's dependencies are none of the program's. CHAOS_RUNS=n CHAOS_SEED=n try other weather.
.PHONY: chaos
chaos: ## carry plans out through a chaos proxy (2 minutes; not part of test)
	cd cmd/provision/chaos && $(GO) vet ./... && PROVISION_CHAOS_RUNS=$(CHAOS_RUNS) PROVISION_CHAOS_SEED=$(CHAOS_SEED) $(GO) test -count=1 -v ./...

# Pages are checked for accessibility by axe-core (MPL-2.0), which is used and not shipped. A module of its own, as that of
# chaos. Screenshots, and a plan on paper, are left in cmd/provision/browser/.shots to be looked at.
AXE_VERSION := 4.14.1
AXE         := $(TOOLS)/axe-core-$(AXE_VERSION).js

.PHONY: browser
browser: $(AXE) ## open the pages that the program writes in Chromium (not part of test)
	cd cmd/provision/browser && $(GO) vet ./... && AXE=$(AXE) $(GO) test -count=1 -timeout 20m -v ./...

$(AXE):
	@mkdir -p $(TOOLS)
	cd $(TOOLS) && npm pack --silent axe-core@$(AXE_VERSION) >/dev/null && tar -xzf axe-core-$(AXE_VERSION).tgz package/axe.min.js
	@mv $(TOOLS)/package/axe.min.js $@ && rm -rf $(TOOLS)/package $(TOOLS)/axe-core-$(AXE_VERSION).tgz

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

# promtool comes with Prometheus; PROMTOOL=… names another one than that of the path.
.PHONY: monitoring
monitoring: ## check the sample alert rules, the dashboard and the metrics with promtool
	$(GO) test -tags promtool -run '^TestPromtool' -count=1 ./cmd/provision/telemetry

# Approvals are signed as ssh-keygen -Y signs; it comes with OpenSSH.
.PHONY: signatures
signatures: ## let ssh-keygen judge our signatures, and judge its own
	$(GO) test -tags sshkeygen -run '^TestWithSSHKeygen$$' -count=1 ./executor/approval

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

# Manual and completions, made by the program itself; times are the commit's, so that packages can be built twice alike.
.PHONY: package-files
package-files: ## write the manual and the completions that packages contain, into .package/
	@rm -rf .package && mkdir -p .package/completions .package/man-gz
	$(GO) build -o .package/provision ./cmd/provision
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) .package/provision man .package/man
	.package/provision completion bash > .package/completions/provision.bash
	.package/provision completion zsh > .package/completions/_provision
	.package/provision completion fish > .package/completions/provision.fish
	.package/provision completion powershell > .package/completions/provision.ps1
	@for page in .package/man/*.1; do gzip -9n < "$$page" > ".package/man-gz/$$(basename "$$page").gz"; done
	@rm .package/provision

.PHONY: dist
dist: $(TOOLS)/goreleaser $(TOOLS)/cyclonedx-gomod ## build archives, packages, SBOMs and checksums of all platforms into dist/
	GOTOOLCHAIN=$(RELEASE_GO) PATH="$(TOOLS):$$PATH" $(TOOLS)/goreleaser release --snapshot --clean --skip=publish,announce

# Two builds in two folders with two caches must be the same file, byte by byte.
.PHONY: reproducible
reproducible: ## build twice, from two folders without a cache, and compare
	@rm -rf .repro && mkdir -p .repro && trap 'chmod -R u+w .repro; rm -rf .repro' EXIT; \
	for side in a b; do \
		git clone -q . ".repro/$$side/provision-$$side"; \
		$(MAKE) -s -C ".repro/$$side/provision-$$side" build VERSION=$(VERSION) GOCACHE="$(CURDIR)/.repro/cache-$$side"; \
	done; \
	sha256sum .repro/*/*/bin/provision; cmp .repro/a/provision-a/bin/provision .repro/b/provision-b/bin/provision && echo 'the same'

.PHONY: licenses
licenses: ## list the licences of all that the program is built of; fail on one that is not allowed
	$(GO) run ./cmd/provision/licenses > docs/licenses.md.new && mv docs/licenses.md.new docs/licenses.md

# VULNDB=file:///… asks a copy of the database instead of the one on the network.
.PHONY: vuln
vuln: $(TOOLS)/govulncheck ## look for known vulnerabilities in what a release calls
	GOTOOLCHAIN=$(RELEASE_GO) $(TOOLS)/govulncheck $(if $(VULNDB),-db $(VULNDB)) ./...

$(TOOLS)/govulncheck:
	GOFLAGS= GOBIN=$(TOOLS) $(GO) install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)

$(TOOLS)/goreleaser:
	GOFLAGS= GOBIN=$(TOOLS) $(GO) install github.com/goreleaser/goreleaser/v2@$(GORELEASER_VERSION)

$(TOOLS)/cyclonedx-gomod:
	GOFLAGS= GOBIN=$(TOOLS) $(GO) install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@$(CYCLONEDX_VERSION)

.PHONY: clean
clean: ## remove what was built and what the demo left (the linter stays)
	rm -rf bin dist .demo .bench .package cover.out
