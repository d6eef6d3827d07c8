package batchcallstask

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// A campaign's turn is never given up: without one, it stands still for good.
const (
	turnAttempts = 10_000
	longestPause = time.Minute
)

// RegisterCampaigns registers the handlers of the jobs of campaigns.
func RegisterCampaigns(r *queue.Registry, uc *batchcallsuc.CampaignUseCases) {
	turn := queue.Kind{Class: queue.Urgent, MaxAttempts: turnAttempts, Backoff: queue.Exponential(time.Second, longestPause)}
	queue.Handle(r, turn, func(ctx context.Context, run queue.Run, job batchcallsuc.DispatchCampaign) error {
		return gone(uc.Turn.Execute(ctx, batchcallsuc.BatchRef{Workspace: run.Workspace, ID: job.Batch}))
	})
	queue.Handle(r, queue.Kind{Class: queue.Bulk}, func(ctx context.Context, run queue.Run, job batchcallsuc.PurgeCampaign) error {
		return gone(uc.Purge.Execute(ctx, batchcallsuc.BatchRef{Workspace: run.Workspace, ID: job.Batch}))
	})
}
