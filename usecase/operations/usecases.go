package operationsuc

import "github.com/tertulia-dev/tertulia/usecase/port"

// UseCases are the operations as the adapters see them.
type UseCases struct {
	ProcessQueue *ProcessQueue
	Cleanup      *Cleanup
	DecideJob    *DecideJob
	Queries      *Queries
}

// Ledger is all that the use cases need of the ledger.
type Ledger interface {
	Jobs
	Runner
}

// Sweepers are what the daily sweep does in each workspace, in this order.
type Sweepers struct {
	Meter StorageMeter
	Media MediaSweeper
	Calls CallSweeper
}

// New builds the use cases. Finished jobs are kept for jobDays days.
func New(ledger Ledger, purger Purger, sweepers Sweepers, all Workspaces, clock port.Clock, jobDays int) *UseCases {
	return &UseCases{
		ProcessQueue: &ProcessQueue{runner: ledger},
		Cleanup:      &Cleanup{workspaces: all, sweepers: sweepers, purger: purger, clock: clock, jobDays: jobDays},
		DecideJob:    &DecideJob{jobs: ledger},
		Queries:      &Queries{jobs: ledger},
	}
}
