package embed

import (
	"github.com/google/wire"

	"github.com/tertulia-dev/tertulia/adapter/operations/operationspg"
	"github.com/tertulia-dev/tertulia/adapter/operations/operationstask"
	"github.com/tertulia-dev/tertulia/infrastructure/idempotency"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	operationsuc "github.com/tertulia-dev/tertulia/usecase/operations"
)

var operationsSet = wire.NewSet(newOperations)

func newOperations(ledger *queue.Ledger, db *postgres.DB, keys idempotency.Keys, uc *meetingsuc.UseCases, calls *batchcallsuc.UseCases, c clock, cfg Config) *operationsuc.UseCases {
	return operationsuc.New(
		operationstask.Ledger{Ledger: ledger}, operationstask.Purger{Ledger: ledger, Keys: keys, Tx: db},
		operationsuc.Sweepers{Meter: uc.MeterStorage, Media: uc.SweepMedia, Calls: calls.Sweep}, operationspg.NewWorkspaces(db), c, cfg.Retention.JobDays,
	)
}
