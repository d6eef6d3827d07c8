package operationstask

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	operationsuc "github.com/tertulia-dev/tertulia/usecase/operations"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// sweepInterval is the pause between two sweeps that nobody asked for.
const sweepInterval = 24 * time.Hour

// Register registers the daily sweep.
func Register(r *queue.Registry, uc *operationsuc.UseCases, tx port.Transactor, jobs port.Jobs, clock port.Clock) {
	queue.Handle(r, queue.Kind{Class: queue.Bulk, Timeout: time.Hour},
		func(ctx context.Context, run queue.Run, _ operationsuc.CleanupStorage) error {
			if _, err := uc.Cleanup.Execute(ctx, kernel.System(run.Workspace)); err != nil {
				return err
			}
			return EnsureCleanup(ctx, run.Workspace, tx, jobs, clock)
		})
}

// EnsureCleanup sees to it that a sweep is pending. Workers call it when they start.
func EnsureCleanup(ctx context.Context, ws kernel.WorkspaceID, tx port.Transactor, jobs port.Jobs, clock port.Clock) error {
	return tx.InTx(ctx, ws, func(ctx context.Context) error {
		_, err := jobs.Enqueue(ctx, ws, operationsuc.CleanupStorage{}, port.At(clock.Now().Add(sweepInterval)))
		return err
	})
}
