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

// New builds the use cases. Finished jobs are kept for jobDays days.
func New(ledger Ledger, purger Purger, meter StorageMeter, media MediaSweeper, all Workspaces, clock port.Clock, jobDays int) *UseCases {
	return &UseCases{
		ProcessQueue: &ProcessQueue{runner: ledger},
		Cleanup:      &Cleanup{workspaces: all, meter: meter, media: media, purger: purger, clock: clock, jobDays: jobDays},
		DecideJob:    &DecideJob{jobs: ledger},
		Queries:      &Queries{jobs: ledger},
	}
}
