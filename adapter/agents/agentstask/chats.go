// Package agentstask runs the jobs of agents.
package agentstask

import (
	"context"

	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

// forgetAttempts outlast a provider's outage of some days: what somebody deleted is to be gone there too.
const forgetAttempts = 300

// RegisterChats registers the handlers of the jobs of chats.
func RegisterChats(r *queue.Registry, uc *agentsuc.ChatUseCases) {
	queue.Handle(r, queue.Kind{Class: queue.Urgent}, func(ctx context.Context, run queue.Run, job agentsuc.EndInterruptedRun) error {
		return uc.EndInterrupted.Execute(ctx, run.Workspace, job)
	})
	queue.Handle(r, queue.Kind{Class: queue.Bulk, MaxAttempts: forgetAttempts}, func(ctx context.Context, run queue.Run, job agentsuc.ForgetConversation) error {
		return uc.Forget.Execute(ctx, run.Workspace, job.Conversation)
	})
}
