// Package agentstask runs the jobs of agents.
package agentstask

import (
	"context"
	"errors"

	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

// Register registers the handlers of the registry's jobs.
func Register(r *queue.Registry, uc *agentsuc.UseCases) {
	queue.Handle(r, queue.Kind{Class: queue.Bulk}, func(ctx context.Context, run queue.Run, _ agentsuc.WatchModels) error {
		err := uc.CompareModels.Execute(ctx, run.Workspace)
		if err != nil && run.Last() {
			return errors.Join(err, uc.CompareModels.Watch(ctx, run.Workspace)) // tomorrow's is not lost with today's
		}
		return err
	})
}
