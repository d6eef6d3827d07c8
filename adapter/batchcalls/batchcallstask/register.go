// Package batchcallstask runs the jobs of batch calls.
package batchcallstask

import (
	"context"
	"errors"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// How often and how long. An event that comes before the poller knows its call waits for a few polls.
const (
	eventAttempts = 12
	eventPause    = 10 * time.Second
	pollsAtOnce   = 8
	sendTimeout   = 10 * time.Minute
)

// Register registers the handlers of every job of batch calls.
func Register(r *queue.Registry, uc *batchcallsuc.UseCases, inbox *Inbox) {
	queue.Handle(r, queue.Kind{Class: queue.Urgent}, func(ctx context.Context, run queue.Run, job batchcallsuc.WatchCalls) error {
		return uc.Watch.Execute(ctx, run.Workspace, job)
	})
	queue.Handle(r, queue.Kind{Class: queue.Urgent, Timeout: sendTimeout}, func(ctx context.Context, run queue.Run, job batchcallsuc.SendChunks) error {
		return gone(uc.Send.Execute(ctx, batchcallsuc.BatchRef{Workspace: run.Workspace, ID: job.Batch}))
	})
	queue.Handle(r, queue.Kind{Concurrency: pollsAtOnce}, func(ctx context.Context, run queue.Run, job batchcallsuc.PollBatch) error {
		return gone(uc.Poll.Execute(ctx, batchcallsuc.BatchRef{Workspace: run.Workspace, ID: job.Batch}))
	})
	queue.Handle(r, queue.Kind{Concurrency: pollsAtOnce}, func(ctx context.Context, run queue.Run, job batchcallsuc.FindChunk) error {
		return gone(uc.Find.Execute(ctx, batchcallsuc.BatchRef{Workspace: run.Workspace, ID: job.Batch}, job.Ordinal))
	})
	queue.Handle(r, queue.Kind{MaxAttempts: eventAttempts}, func(ctx context.Context, run queue.Run, job batchcallsuc.CallEvent) error {
		news, err := inbox.load(ctx, run.Workspace, job.Event)
		if err != nil {
			return err
		}
		err = uc.Apply.Execute(ctx, run.Workspace, news)
		switch {
		case errors.Is(err, batchcallsuc.ErrUnknownCall) && run.Last():
			return nil // a call of somebody else's on the same account
		case errors.Is(err, batchcallsuc.ErrUnknownCall):
			return queue.RetryAfter(err, eventPause)
		default:
			return gone(err)
		}
	})
}

// gone ends the job of a batch that is not there any more.
func gone(err error) error {
	if fault.CodeOf(err) == batchcalls.BatchNotFound {
		return nil
	}
	return err
}
