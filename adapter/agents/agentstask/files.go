// Package agentstask runs the jobs of agents.
package agentstask

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

const (
	fileAttempts  = 40 // outlasts a provider's outage of a day
	lessonTimeout = 5 * time.Minute
)

// RegisterKnowledge registers the handlers of the jobs of agents' files.
func RegisterKnowledge(r *queue.Registry, uc *agentsuc.Knowledge) {
	queue.Handle(r, queue.Kind{MaxAttempts: fileAttempts}, func(ctx context.Context, run queue.Run, job agentsuc.SettleFile) error {
		return uc.Settle.Execute(ctx, run.Workspace, job)
	})
	queue.Handle(r, queue.Kind{MaxAttempts: fileAttempts}, func(ctx context.Context, run queue.Run, job agentsuc.TidyStores) error {
		return gone(uc.Tidy.Execute(ctx, run.Workspace, job.Agent))
	})
	queue.Handle(r, queue.Kind{MaxAttempts: fileAttempts}, func(ctx context.Context, run queue.Run, job agentsuc.RestoreStore) error {
		return gone(uc.Restore.Execute(ctx, run.Workspace, job.Store))
	})
}

// RegisterLearning registers the handlers of the jobs of lessons.
func RegisterLearning(r *queue.Registry, uc *agentsuc.Learning) {
	queue.Handle(r, queue.Kind{MaxAttempts: fileAttempts, Timeout: lessonTimeout}, func(ctx context.Context, run queue.Run, job agentsuc.WriteLessons) error {
		return gone(uc.Write.Execute(ctx, run.Workspace, job.Agent))
	})
}

// gone ends the job of an agent that is not there any more.
func gone(err error) error {
	if fault.CodeOf(err) == agents.AgentNotFound {
		return nil
	}
	return err
}
