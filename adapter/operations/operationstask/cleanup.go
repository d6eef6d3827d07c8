package operationstask

import (
	"context"
	"errors"
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
			_, err := uc.Cleanup.Execute(queue.Unfenced(ctx), kernel.System(run.Workspace))
			if err != nil && !run.Last() {
				return err
			}
			return errors.Join(err, EnsureCleanup(ctx, run.Workspace, tx, jobs, clock)) // tomorrow's is not lost with today's
		})
}

// EnsureCleanup sees to it that a sweep is pending. Workers call it when they start.
func EnsureCleanup(ctx context.Context, ws kernel.WorkspaceID, tx port.Transactor, jobs port.Jobs, clock port.Clock) error {
	return tx.InTx(ctx, ws, func(ctx context.Context) error {
		_, err := jobs.Enqueue(ctx, ws, operationsuc.CleanupStorage{}, port.At(clock.Now().Add(sweepInterval)))
		return err
	})
}
