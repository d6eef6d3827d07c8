# Targets explain themselves: `make` lists them.
.DEFAULT_GOAL := help
LINT := $(CURDIR)/bin/golangci-lint

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z/-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

.PHONY: dev
dev: ## run the whole system with the demonstration
	go run ./cmd/tertulia dev

.PHONY: test
test: ## run all tests on a private Postgres
	go test ./...

.PHONY: test/race
test/race: ## run the tests of concurrent packages under the race detector
	go test -race ./infrastructure/queue/... ./infrastructure/postgres/... ./infrastructure/httpserver/... ./usecase/...

$(LINT): tools/go.mod
	cd tools && go build -o $(LINT) github.com/golangci/golangci-lint/v2/cmd/golangci-lint

.PHONY: lint
lint: $(LINT) ## run the linter
	$(LINT) run ./...

.PHONY: generate
generate: ## regenerate the wiring and .env.example
	go tool wire gen ./pkg/embed/...
	go test ./infrastructure/config -run TestEnvExample -update

.PHONY: postman
postman: ## run the Postman collection against a running dev (needs npx)
	./tools/postman.sh

.PHONY: bench
bench: ## run the benchmarks (they need a redis-server)
	cd bench && go run ./ledger && go run ./system && go run ./calls && go run ./performance

.PHONY: verify
verify: ## run what CI runs
	./.ci/run
